"""An audience is divided by lot, its arms are taken, and the log can be drawn again."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from django.test import Client
from typer.testing import CliRunner

from joren.core import clock
from joren.core.erasing import Traces
from joren.core.errors import BadInput
from joren.decide.holdouts import models, rules, selectors, services
from joren.decide.holdouts.commands import holdouts_app
from joren.decide.holdouts.contracts import (
    ASSIGNMENTS,
    AlreadyReached,
    AudienceTooSmall,
    Holdout,
    HoldoutClosed,
    HoldoutNameTaken,
    HoldoutOfAnother,
    NoSuchHoldout,
)
from joren.decide.holdouts.services import globally
from joren.decide.holdouts.services.erasing import ERASER
from joren.decide.segments import services as segments
from joren.decide.segments.contracts import All, Is, Segment
from joren.understand.ltv import selectors as values
from joren.warehouse import Warehouse
from tests.refreshed_homes import CUSTOMERS

pytestmark = pytest.mark.django_db


@pytest.fixture
def everybody(refreshed_shop: Warehouse) -> Segment:
    return segments.create("全員", All(), by="alice")


def drawn(segment: Segment, name: str = "春のDM", share: float = 0.25) -> Holdout:
    return services.divide(segment.id, name=name, share=share, by="alice")


def test_the_arms_are_the_whole_audience_and_share_nobody(everybody: Segment) -> None:
    one = drawn(everybody)

    treated = set(selectors.customers_of(one.id, "treated"))
    left_out = set(selectors.customers_of(one.id, "held_out"))

    assert len(treated) == one.treated
    assert len(left_out) == one.held_out
    assert not treated & left_out
    assert one.customers == len(treated | left_out) == CUSTOMERS
    assert selectors.drawn_again(one.id) == 0


def test_every_decile_leaves_out_its_share(everybody: Segment) -> None:
    one = drawn(everybody)

    for row in selectors.strata(one.id):
        size = row.treated + row.held_out
        assert abs(row.held_out - 0.25 * size) < 1


def test_a_log_that_somebody_changed_is_noticed(
    everybody: Segment, refreshed_shop: Warehouse
) -> None:
    one = drawn(everybody)
    (path,) = refreshed_shop.lake.files(ASSIGNMENTS)
    rows = pq.read_table(path)
    turned = rows["held_out"].to_numpy(zero_copy_only=False).copy()
    turned[0] = not turned[0]
    pq.write_table(rows.set_column(2, "held_out", [turned]), path)

    assert selectors.drawn_again(one.id) == 1


def test_two_holdouts_of_one_segment_are_two_lots(everybody: Segment) -> None:
    one, other = drawn(everybody), drawn(everybody, "夏のDM")

    left_out = [set(selectors.customers_of(each.id, "held_out")) for each in (one, other)]

    assert one.salt != other.salt
    assert left_out[0] != left_out[1]
    assert [each.id for each in selectors.of_segment(everybody.id)] == [other.id, one.id]


def test_what_cannot_be_drawn_leaves_nothing(everybody: Segment) -> None:
    few = segments.create("少数", Is("orders", "at_least", (10_000,)), by="alice")
    drawn(everybody)

    with pytest.raises(AudienceTooSmall):
        drawn(few, "few")
    with pytest.raises(HoldoutNameTaken):
        drawn(everybody)
    with pytest.raises(BadInput, match="name"):
        drawn(everybody, "  ")

    assert [one.name for one in selectors.holdouts()] == ["春のDM"]


def test_a_lot_that_leaves_nobody_out_is_refused(
    everybody: Segment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(strata: np.ndarray, *_: object) -> np.ndarray:
        return np.zeros(strata.size, dtype=bool)

    monkeypatch.setattr(rules, "held_out", nobody)

    with pytest.raises(AudienceTooSmall, match="left 0 of"):
        drawn(everybody)
    assert selectors.holdouts() == []


def test_the_day_on_which_they_were_reached_is_after_the_draw(everybody: Segment) -> None:
    one = drawn(everybody)
    today = clock.shop_day(clock.now(), "Asia/Tokyo")

    assert services.reached(one.id, on=today, by="alice").treated_on == today
    for wrong in (today + timedelta(days=2), today - timedelta(days=3)):
        with pytest.raises(BadInput):
            services.reached(one.id, on=wrong, by="alice")


def test_the_day_stays_once_there_are_figures_of_it(everybody: Segment) -> None:
    one = drawn(everybody)
    today = clock.shop_day(clock.now(), "Asia/Tokyo")
    as_of = values.snapshot().as_of
    drawn_at = datetime.combine(as_of - timedelta(days=9), time(3), UTC)
    models.Holdout.objects.filter(pk=one.id).update(drawn_at=drawn_at)
    services.reached(one.id, on=as_of + timedelta(days=1), by="alice")

    corrected = services.reached(one.id, on=as_of, by="alice")  # no figures of the other day yet

    assert as_of < today
    assert corrected.treated_on == as_of
    assert services.reached(one.id, on=as_of, by="alice").treated_on == as_of
    with pytest.raises(AlreadyReached):
        services.reached(one.id, on=today, by="alice")
    assert selectors.holdout(one.id).treated_on == as_of


def test_what_is_closed_stays_as_it_was(everybody: Segment) -> None:
    one = services.close(drawn(everybody).id, by="alice")

    assert one.closed_at is not None
    with pytest.raises(HoldoutClosed):
        services.close(one.id, by="alice")
    with pytest.raises(NoSuchHoldout):
        services.close(999, by="alice")
    assert len(selectors.customers_of(one.id, "held_out")) == one.held_out


def test_only_the_lot_of_a_segment_is_begun_and_ended_by_hand(
    everybody: Segment, alice_the_admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(globally, "FEWEST_GLOBAL", 20)
    services.set_global(0.2, by="alice")
    cohort = services.rotate()[0]
    journeys = services.stand("お礼", share=0.5, by="alice")
    trials = services.stand_trial("同梱物", by="alice")
    today = clock.shop_day(clock.now(), "Asia/Tokyo")

    for one, way in ((cohort, "--share 0"), (journeys, "journeys end"), (trials, "call-off")):
        with pytest.raises(HoldoutOfAnother) as refused:
            services.close(one.id, by="alice")
        assert way in (refused.value.hint or "")
        with pytest.raises(HoldoutOfAnother):
            services.reached(one.id, on=today, by="alice")
        answer = alice_the_admin.post(f"/api/holdouts/{one.id}/close")
        assert answer.status_code == 409
        assert selectors.holdout(one.id).closed_at is None
    with pytest.raises(HoldoutOfAnother):
        services.end_trial(cohort.id, by="alice")
    assert services.end_trial(trials.id, by="alice").closed_at is not None


def test_a_marketer_draws_on_a_page_and_takes_the_file(
    alice_the_admin: Client, everybody: Segment
) -> None:
    form = alice_the_admin.get(f"/segments/{everybody.id}/holdout/").content.decode()
    made = alice_the_admin.post(
        f"/segments/{everybody.id}/holdout/", {"name": "12月DM", "share": "20", "note": "?"}
    )
    page = alice_the_admin.get(made["Location"]).content.decode()
    (one,) = selectors.holdouts()
    answer = alice_the_admin.get(f"/holdouts/{one.id}/?format=csv&arm=treated")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]

    assert f"{CUSTOMERS}" in form
    assert "12月DM" in page
    assert one.salt in page
    assert len(list(csv.reader(io.StringIO(text)))) - 1 == one.treated
    assert "12月DM" in alice_the_admin.get("/holdouts/").content.decode()


def test_a_wrong_form_says_what_is_wrong(alice_the_admin: Client, everybody: Segment) -> None:
    for sent in ({"name": "x", "share": "99"}, {"name": "x", "share": "viel"}, {"share": "10"}):
        answer = alice_the_admin.post(f"/segments/{everybody.id}/holdout/", sent)

        assert answer.status_code == 422
    assert selectors.holdouts() == []


def test_deeds_on_the_page(alice_the_admin: Client, everybody: Segment) -> None:
    one = drawn(everybody)
    today = clock.shop_day(clock.now(), "Asia/Tokyo").isoformat()

    alice_the_admin.post(f"/holdouts/{one.id}/act/", {"do": "reached", "on": today})
    alice_the_admin.post(f"/holdouts/{one.id}/act/", {"do": "reached", "on": "?"})
    alice_the_admin.post(f"/holdouts/{one.id}/act/", {"do": "close"})

    kept = selectors.holdout(one.id)
    assert kept.treated_on is not None
    assert kept.closed_at is not None


def test_a_viewer_sees_the_arms_and_takes_nothing(
    bob_the_viewer: Client, everybody: Segment
) -> None:
    one = drawn(everybody)

    assert bob_the_viewer.get(f"/holdouts/{one.id}/").status_code == 200
    assert bob_the_viewer.get(f"/holdouts/{one.id}/?format=csv&arm=treated").status_code == 403
    assert bob_the_viewer.post(f"/segments/{everybody.id}/holdout/", {}).status_code == 403


def test_programs_do_the_same(alice_the_admin: Client, everybody: Segment) -> None:
    made = alice_the_admin.post(
        f"/api/segments/{everybody.id}/holdouts", {"name": "api", "share": 0.5},
        content_type="application/json",
    )  # fmt: skip
    number = made.json()["id"]
    first = alice_the_admin.get(f"/api/holdouts/{number}/customers?arm=held_out&limit=7").json()
    rest = alice_the_admin.get(
        f"/api/holdouts/{number}/customers?arm=held_out&after={first['next']}"
    ).json()

    assert made.status_code == 201
    assert first["items"] + rest["items"] == selectors.customers_of(number, "held_out")
    assert (
        sum(
            row["held_out"]
            for row in alice_the_admin.get(f"/api/holdouts/{number}/strata").json()["items"]
        )
        == made.json()["held_out"]
    )


def test_the_terminal_does_the_same(everybody: Segment, tmp_path: Path) -> None:
    run = CliRunner()
    made = run.invoke(holdouts_app, ["draw", str(everybody.id), "--name", "cli", "--json"])
    number = str(json.loads(made.output)["id"])
    told = json.loads(run.invoke(holdouts_app, ["show", number, "--json"]).output)
    out = tmp_path / "arm.csv"
    run.invoke(holdouts_app, ["customers", number, "--arm", "held_out", "--out", str(out)])

    assert told["unlike_the_lot"] == 0
    assert len(out.read_text().splitlines()) - 1 == told["held_out"]
    assert "cli" in run.invoke(holdouts_app, ["list"]).output


def test_a_person_is_told_in_which_arm_they_were(everybody: Segment) -> None:
    one = drawn(everybody)
    (who,) = selectors.customers_of(one.id, "held_out", limit=1)
    traces = Traces(customers=(who,))

    (told,) = ERASER.export(traces)

    assert one.name in told.values()
    assert sum(ERASER.stays(traces).values()) == 1
    assert not any((ERASER.goes(traces) | ERASER.erase(traces)).values())


def test_a_million_are_divided_in_columns() -> None:
    strata = np.random.default_rng(1).integers(0, 11, 1_000_000)
    places = rules.places_in(strata, rules.order_of(np.arange(strata.size), "salt"))

    held = rules.held_out(strata, places, rules.design_of(0.1), "salt")

    for stratum in range(11):
        here = strata == stratum
        assert abs(int(held[here].sum()) - here.sum() / 10) < 1
