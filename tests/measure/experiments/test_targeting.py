"""Who should get it: on its page, for programs and in the terminal, and as a segment."""

from __future__ import annotations

import json
from dataclasses import replace

import ibis
import ibis.expr.types as ir
import numpy as np
import pytest
from django.test import Client
from typer.testing import CliRunner

from joren.decide.holdouts import models
from joren.decide.holdouts import selectors as holdouts
from joren.decide.holdouts.contracts import Holdout
from joren.decide.segments import selectors as segments
from joren.decide.segments.contracts import PURCHASED, Is
from joren.measure.experiments import selectors, services
from joren.measure.experiments.commands import effects_app
from joren.measure.experiments.contracts import CostNotSaid, NotYetTargeted
from joren.measure.experiments.rules import targeting as rules
from joren.measure.experiments.selectors import counting, targeting
from joren.measure.experiments.selectors.people import drawn_people
from joren.understand.ltv import selectors as values
from joren.warehouse import Warehouse
from tests.measure.experiments.cast import reached

pytestmark = pytest.mark.django_db


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eighty customers are enough to try all ways, if not to choose by."""
    monkeypatch.setattr(targeting, "FEWEST", 40)


def test_what_was_known_before_is_apart_from_what_came_of_it(
    drawn: Holdout, refreshed_shop: Warehouse
) -> None:
    reached(drawn, 200)
    snapshot = values.snapshot()
    people, _ = drawn_people(holdouts.holdout(drawn.id), snapshot)
    first = people["start"][0].as_py()
    rows = refreshed_shop.engine.rows(refreshed_shop.snapshots.table(snapshot.id, PURCHASED))

    found, buyers, _, known = targeting._audience(people, snapshot)

    for place, customer in enumerate(people["customer_id"].to_pylist()):
        theirs = [row for row in rows if row["customer_id"] == customer]
        before = [row for row in theirs if row["ordered_on"] < first]
        days = [(row["ordered_on"] - first).days for row in theirs]
        within = [row for row, day in zip(theirs, days, strict=True) if 0 <= day < 90]
        assert found.orders[place] == len(before)
        assert found.revenue[place] == sum(row["revenue"] for row in before)
        assert found.spent[place] == max(sum(row["revenue"] for row in within), 0)
        if before:
            silent = (first - max(row["ordered_on"] for row in before)).days - 1
            assert found.silent[place] == silent
        else:
            assert np.isnan(found.silent[place])
    assert buyers == (found.spent > 0).sum()
    assert not known  # the shop says no costs


def test_where_costs_are_known_each_ones_own_profit_counts(
    drawn: Holdout, refreshed_shop: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    def a_hundred_less_than_half(bought: ir.Table) -> ir.Table:
        profit = (bought.revenue / 2).cast("int64") - 100
        return bought.mutate(costed=ibis.literal(True), profit=profit)

    monkeypatch.setattr(counting, "with_margin", a_hundred_less_than_half)
    reached(drawn, 200)
    snapshot = values.snapshot()
    people, _ = drawn_people(holdouts.holdout(drawn.id), snapshot)
    first = people["start"][0].as_py()
    rows = refreshed_shop.engine.rows(refreshed_shop.snapshots.table(snapshot.id, PURCHASED))

    found, buyers, margin, known = targeting._audience(people, snapshot)

    assert known
    assert 0 < margin < 0.5
    assert buyers >= (found.spent > 0).sum()
    for place, customer in enumerate(people["customer_id"].to_pylist()):
        profit = sum(
            row["revenue"] // 2 - 100
            for row in rows
            if row["customer_id"] == customer and 0 <= (row["ordered_on"] - first).days < 90
        )
        assert found.spent[place] == pytest.approx(max(profit, 0), abs=len(rows))


def test_pages_programs_and_the_terminal_race_alike(
    drawn: Holdout, few: None, alice_the_admin: Client
) -> None:
    reached(drawn, 200)
    found = selectors.who(drawn.id, cost=0)

    page = alice_the_admin.get(f"/holdouts/{drawn.id}/who/?cost=0").content.decode()
    table = alice_the_admin.get(f"/holdouts/{drawn.id}/who/?cost=0&format=csv&table=policies")
    told = alice_the_admin.get(f"/api/holdouts/{drawn.id}/targeting?cost=0").json()
    said = CliRunner().invoke(effects_app, ["who", str(drawn.id), "--cost", "0", "--json"])
    shown = CliRunner().invoke(effects_app, ["who", str(drawn.id), "--cost", "0"])

    assert found == selectors.who(drawn.id, cost=0)  # the lot is the same each time
    assert [one.policy for one in found.policies] == [
        "everybody", "nobody", "rfm", "response", "uplift",
    ]  # fmt: skip
    assert found.evidence != "proven"  # eighty customers prove nothing
    assert (found.plain, found.customers) == (told["plain"], told["customers"])
    assert json.loads(said.output)["use"] == told["use"] == found.use
    assert found.use in shown.output
    assert "選び方の比較" in page
    assert "全員に送る" in b"".join(table.streaming_content).decode()  # type: ignore[attr-defined]


def test_the_chosen_one_becomes_a_segment_in_one_click(
    drawn: Holdout, few: None, refreshed_shop: Warehouse, alice_the_admin: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    reached(drawn, 200)
    race = rules.raced

    def uplift(*given, **more):  # type: ignore[no-untyped-def]
        """Whatever it says of eighty customers: those who bought within a year."""
        found = race(*given, **more)
        cells = {**found.cells, "uplift": frozenset(range((rules.R - 1) * rules.F * rules.M))}
        return replace(found, race=replace(found.race, use="uplift"), cells=cells)

    monkeypatch.setattr(rules, "raced", uplift)
    number = f"/holdouts/{drawn.id}/who/segment/"

    answer = alice_the_admin.post(number, {"name": "狙う人", "minor": "0.0"})
    again = alice_the_admin.post(number, {"name": "狙う人", "minor": "0.0"})
    forged = alice_the_admin.post(number, {"name": "別の人", "minor": "viel"})

    (kept,) = [one for one in segments.segments() if one.name == "狙う人"]
    assert answer["Location"] == f"/segments/{kept.id}/"
    assert again["Location"] == f"/holdouts/{drawn.id}/who/"  # the name is taken
    assert forged["Location"] == f"/holdouts/{drawn.id}/who/"
    snapshot = values.snapshot()
    rows = refreshed_shop.engine.rows(refreshed_shop.snapshots.table(snapshot.id, PURCHASED))
    newest = {row["customer_id"]: row["ordered_on"] for row in rows}
    for row in rows:
        newest[row["customer_id"]] = max(newest[row["customer_id"]], row["ordered_on"])
    wanted = {one for one, day in newest.items() if (snapshot.as_of - day).days < 365}
    lot = Is("lot_number", "at_most", (rules.SLICE,))
    wanted |= set(segments.members_of(lot, limit=1_000))
    assert 0 < len(wanted) < drawn.customers
    assert set(segments.members_of(segments.rule_of(kept), limit=1_000)) == wanted


def test_what_is_missing_is_said(drawn: Holdout, few: None, bob_the_viewer: Client) -> None:
    reached(drawn, 200)

    with pytest.raises(CostNotSaid):
        selectors.who(drawn.id)
    with pytest.raises(CostNotSaid):
        selectors.who(drawn.id, cost=-1)
    page = bob_the_viewer.get(f"/holdouts/{drawn.id}/who/").content.decode()
    wrong = bob_the_viewer.get(f"/holdouts/{drawn.id}/who/?cost=viel").content.decode()
    services.say_cost(drawn.id, kind="messages", amount=400, by="alice")
    said = selectors.who(drawn.id)
    reached(drawn, 30)
    with pytest.raises(NotYetTargeted):
        selectors.who(drawn.id, cost=0)
    models.Holdout.objects.filter(pk=drawn.id).update(salt="0" * 32)
    with pytest.raises(NotYetTargeted, match="not those that were drawn"):
        selectors.who(drawn.id, cost=0)

    assert "1人あたりの費用" in page
    assert "caution" in wrong
    assert said.cost == pytest.approx(400 / drawn.treated)
