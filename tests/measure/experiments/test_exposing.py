"""The log of a lot knows who of both arms was first reached when, and says where arms differ."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.test import Client
from typer.testing import CliRunner

from joren.act.campaigns import selectors as campaigns
from joren.act.campaigns import services as sending
from joren.act.messages import models as ledger
from joren.act.messages import selectors as reading
from joren.act.messages import services as messages
from joren.core import clock
from joren.decide.holdouts import selectors as holdouts
from joren.decide.holdouts import services as lots
from joren.decide.holdouts.commands import holdouts_app
from joren.decide.holdouts.contracts import Holdout
from joren.measure.experiments import selectors, services
from joren.measure.experiments.commands import effects_app
from joren.measure.experiments.contracts.exposure import NOT_LOGGED, NOT_SENT_HERE
from joren.measure.experiments.rules import exposing
from joren.measure.experiments.rules.exposing import NEVER, Reached
from joren.warehouse import Warehouse
from tests.act.campaigns.conftest import everybody
from tests.act.campaigns.test_campaigns import NOON, WILLING, a_plan, launch
from tests.act.messages.cast import a_template, people
from tests.refreshed_homes import CUSTOMERS

__all__ = ["everybody"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def lot(everybody: int) -> Holdout:
    """A campaign that went through the gate at noon; nothing of it has left yet."""
    one = sending.plan(a_plan(everybody), by="alice")
    sending.schedule(one.id, by="alice")
    launch()
    return holdouts.holdout(campaigns.campaign(one.id).holdout or 0)


def left(day: int) -> None:
    """What waits leaves so many days after noon."""
    ledger.Send.objects.filter(state="waiting").update(
        state="sent", sent_at=NOON + timedelta(day, minutes=5)
    )


def at(day: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(day, hours=1))


def test_the_log_has_every_step_of_both_arms_counted_by_hand(
    lot: Holdout, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = services.log_exposures()
    left(2)
    at(3, monkeypatch)
    after, again = services.log_exposures(), services.log_exposures()

    sent = {row.customer_id for row in ledger.Send.objects.filter(state="sent")}
    ghosts = {row.customer_id for row in ledger.Send.objects.filter(state="held_out")}
    assert before == CUSTOMERS + WILLING  # asked for, and let through
    assert (after, again) == (len(sent), 0)
    treated, held = selectors.exposure(lot.id).arms
    assert (treated.customers, treated.asked) == (lot.treated, lot.treated)
    assert (treated.passed, treated.got) == (len(sent), len(sent))
    assert (held.customers, held.passed, held.got) == (lot.held_out, len(ghosts), 0)
    assert treated.exposed.value == pytest.approx(len(sent) / lot.treated)
    assert held.exposed.value == pytest.approx(len(ghosts) / lot.held_out)
    assert (treated.first, treated.half) == (date(2026, 12, 3), 2)
    assert (held.first, held.half) == (date(2026, 12, 1), 0)


def test_by_when_is_told_of_those_who_have_had_so_many_days(
    lot: Holdout, monkeypatch: pytest.MonkeyPatch
) -> None:
    left(2)
    at(4, monkeypatch)
    services.log_exposures()

    found = selectors.exposure(lot.id)

    assert [one.days for one in found.curve] == [1, 3]
    assert [one.treated.value for one in found.curve] == [
        0.0, found.arms[0].exposed.value
    ]  # fmt: skip
    assert found.as_of == date(2026, 12, 5)
    assert found.arms[0].exposed.as_of == "2026-12-05"
    assert found.warnings == ()


def test_whoever_is_erased_stays_in_the_log_with_their_moment(lot: Holdout) -> None:
    left(1)
    services.log_exposures()
    before = selectors.exposure(lot.id)

    ledger.Send.objects.all().delete()
    services.log_exposures()

    assert selectors.exposure(lot.id) == before


def test_a_message_to_somebody_left_out_is_told(lot: Holdout, alice_the_admin: Client) -> None:
    ghost = ledger.Send.objects.filter(state="held_out").first()
    assert ghost is not None
    ledger.Send.objects.create(
        errand_id=ghost.errand_id, customer_id=ghost.customer_id, occurrence=10**9, state="sent",
        asked_at=NOON, sent_at=NOON,
    )  # fmt: skip
    services.log_exposures()

    (warning,) = selectors.exposure(lot.id).warnings
    page = alice_the_admin.get(f"/holdouts/{lot.id}/").content.decode()

    assert (warning.kind, warning.customers) == ("left_out_reached", 1)
    assert "除外したはずの1人にもメッセージが送られています" in page


def test_arms_of_which_one_is_let_through_more_are_told(lot: Holdout) -> None:
    ledger.Send.objects.filter(state="held_out").update(
        state="suppressed", reason="no_address", counted_at=None, version=None
    )
    services.log_exposures()

    found = selectors.exposure(lot.id)

    assert [one.kind for one in found.warnings] == ["passed_differs"]
    assert found.passed_difference is not None
    assert found.passed_difference.low is not None
    assert found.passed_difference.low > 0


def test_what_came_before_the_draw_or_to_others_is_not_logged(
    refreshed_shop: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(range(1, 41))
    monkeypatch.setattr(clock, "now", lambda: NOON)
    one = lots.stand("お礼", share=0.5, by="alice")
    lots.assign(one.id, range(1, 21))
    moments = [NOON - timedelta(1), NOON, NOON]

    added = lots.log_exposures(
        one.id,
        pa.table(
            {
                "customer_id": pa.array([1, 2, 30], pa.int64()),
                "step": ["got"] * 3,
                "at": pa.array(moments, pa.timestamp("us", "UTC")),
            }
        ),
        until=7,
    )

    assert added == 1
    lots.log_arrivals(refreshed_shop)
    (row,) = [each for each in holdouts.log_rows(one.id) if each.got_at]
    assert (row.customer_id, row.got_at) == (2, NOON)
    assert row.first_exposed_at == (NOON if row.arm == "treated" else None)


def test_all_that_is_sent_reaches_those_left_out_of_everything_as_ghosts(
    refreshed_shop: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    from joren.decide.holdouts.services import globally

    people(range(1, CUSTOMERS + 1))
    monkeypatch.setattr(globally, "FEWEST_GLOBAL", 10)
    monkeypatch.setattr(clock, "now", lambda: NOON)
    lots.set_global(0.2, by="alice")
    (cohort, *_) = lots.rotate()
    held = holdouts.customers_of(cohort.id, "held_out")
    kinds = {kind: messages.create(a_template(name=kind, kind=kind), by="alice").id
             for kind in ("brand", "transactional")}  # fmt: skip
    for kind, template in kinds.items():
        errand = messages.errand("campaign", template, "1", template)
        ledger.Send.objects.bulk_create(
            ledger.Send(
                errand_id=errand, customer_id=number, occurrence=1, asked_at=NOON, sent_at=NOON,
                state="held_out" if number in held and kind == "brand" else "sent",
            )
            for number in holdouts.customers_of(cohort.id, "treated") + held
        )  # fmt: skip
    services.log_exposures()

    treated, left_out = selectors.exposure(cohort.id).arms

    assert (treated.got, left_out.passed, left_out.got) == (
        cohort.treated, cohort.held_out, 0
    )  # fmt: skip


def test_one_that_cannot_be_read_stops_no_refresh(
    lot: Holdout, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(*_: object, **__: object) -> None:
        raise ValueError("its numbers refuse")

    monkeypatch.setattr(reading, "first_reached", unreadable)

    assert services.log_exposures() == 0
    assert selectors.exposure(lot.id).why == NOT_LOGGED


def test_what_another_tool_sends_is_not_known_here(drawn: Holdout) -> None:
    assert selectors.exposure(drawn.id).why == NOT_SENT_HERE


def test_pages_programs_and_the_terminal_say_the_same(
    lot: Holdout, alice_the_admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert selectors.exposure(lot.id).why == NOT_LOGGED
    left(1)
    at(2, monkeypatch)
    services.log_exposures()

    page = alice_the_admin.get(f"/holdouts/{lot.id}/").content.decode()
    english = alice_the_admin.get(
        f"/holdouts/{lot.id}/", headers={"accept-language": "en"}
    ).content.decode()
    told = alice_the_admin.get(f"/api/holdouts/{lot.id}/exposure").json()
    printed = CliRunner().invoke(effects_app, ["exposure", str(lot.id), "--json"]).stdout
    plain = CliRunner().invoke(effects_app, ["exposure", str(lot.id)]).stdout

    assert 'id="exposure"' in page
    assert "届いた人の割合" in page
    assert "Share reached" in english
    assert json.loads(printed) == told
    assert told["arms"][1]["arm"] == "held_out"
    assert f"{told['arms'][0]['got']}" in plain


def test_the_log_is_given_whole_and_in_parts(lot: Holdout, alice_the_admin: Client) -> None:
    left(1)
    services.log_exposures()
    address = f"/api/holdouts/{lot.id}/log"

    part = alice_the_admin.get(address, {"limit": 30}).json()
    rest = alice_the_admin.get(address, {"limit": 1000, "after": part["next"]}).json()
    whole = alice_the_admin.get(address, {"form": "parquet"}).content
    typed = alice_the_admin.get(f"/holdouts/{lot.id}/?format=csv&arm=log").content.decode()
    printed = CliRunner().invoke(holdouts_app, ["log", str(lot.id), "--json"]).stdout

    rows = [*part["items"], *rest["items"]]
    assert len(rows) == lot.customers
    assert {round(row["propensity"], 3) for row in rows} == {0.25, 0.75}
    assert all(row["first_exposed_at"] is None for row in rows if row["passed_at"] is None)
    assert pq.read_table(io.BytesIO(whole)).num_rows == lot.customers
    lines = list(csv.DictReader(io.StringIO(typed.lstrip("\ufeff"))))
    assert len(lines) == lot.customers
    assert sum(line["first_exposed_at"] != "" for line in lines) == WILLING
    assert len(json.loads(printed)) == lot.customers


def test_whoever_was_never_reached_counts_as_not_reached() -> None:
    arm = Reached(10, 10, 4, 4, ages={(5, NEVER): 6, (5, 0): 1, (5, 2): 3})

    assert exposing.within(arm, 1) == (1, 10)
    assert exposing.within(arm, 3) == (4, 10)
    assert exposing.within(arm, 7) == (0, 0)
    assert exposing.half(arm) == 2
    assert exposing.half(Reached()) is None
    assert exposing.arm_of("treated", Reached(), "2026-12-01").exposed.value is None
