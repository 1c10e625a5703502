"""Messages beside each other are read once, on their day, of everybody whom the lot gave them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from django.test import Client

from joren.act.campaigns import selectors as campaigns
from joren.act.campaigns import services as sending
from joren.act.messages import models as models_of_messages
from joren.core import clock
from joren.decide.holdouts import selectors as holdouts
from joren.decide.segments.contracts import PURCHASED
from joren.measure.experiments import models, selectors, services
from joren.measure.experiments.contracts import NoVariants, NoWinner
from joren.measure.experiments.selectors import people, variants
from joren.plumbing.warehouse import warehouse
from joren.understand.ltv import selectors as values
from tests.act.campaigns.conftest import everybody
from tests.act.campaigns.test_campaigns import a_plan, launch, template

__all__ = ["everybody"]
pytestmark = pytest.mark.django_db


def _begun(segment: int, days_ago: int, monkeypatch: pytest.MonkeyPatch, look: int = 28) -> int:
    day = values.snapshot().as_of - timedelta(days=days_ago)
    moment = datetime.combine(day, time(3), tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)
    plan = a_plan(segment, template("甲"), template("乙"))
    wanted = replace(plan, send_at=moment, test_share=0.6, look_days=look, sends_winner=True)
    one = sending.plan(wanted, by="alice")
    sending.schedule(one.id, by="alice")
    launch()
    return one.id


def test_it_is_read_on_its_day_and_stays_as_it_was_read(
    everybody: int, monkeypatch: pytest.MonkeyPatch, alice_the_admin: Client
) -> None:
    number = _begun(everybody, 60, monkeypatch)

    read, again = services.look_at_variants(), services.look_at_variants()
    test = selectors.variant_test(number)

    assert (read, again) == ([number], [])
    assert models.VariantLook.objects.count() == 1
    tried = campaigns.tried(number)
    assert sum(arm.customers for arm in test.arms) == tried.num_rows
    assert test.evidence == "too_small"  # eighty customers prove nothing
    assert campaigns.campaign(number).state == "testing"  # so nothing is sent by itself
    bought = warehouse().snapshots.table(values.snapshot().id, PURCHASED)
    first = test.look_on - timedelta(28)
    within = bought.filter((bought.ordered_on >= first) & (bought.ordered_on < test.look_on))
    mine = within.filter(within.customer_id.isin(tried["customer_id"].to_pylist()))
    (row,) = warehouse().engine.rows(mine.agg(revenue=mine.revenue.sum().fill_null(0)))
    assert sum(arm.revenue for arm in test.arms) == row["revenue"]
    with pytest.raises(NoWinner):
        services.send_winner(number, by="alice")
    assert {arm.cost for arm in test.arms} == {0}  # nothing left yet
    models_of_messages.Send.objects.filter(lot=None).update(state="sent", cost=7)
    now = variants.read_variants(campaigns.campaign(number), values.snapshot())
    assert [arm.cost for arm in now.arms] == [7 * arm.customers for arm in now.arms]
    page = alice_the_admin.get(f"/campaigns/{number}/").content.decode()
    assert 'name="what" value="all"' in page
    assert 'value="winner"' not in page
    alice_the_admin.post(f"/campaigns/{number}/rest/", {"what": "all"})
    assert campaigns.campaign(number).state == "sending"


def test_whoever_waits_for_the_test_counts_in_neither_arm_until_the_rest_is_sent(
    everybody: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = _begun(everybody, 60, monkeypatch)
    one, snapshot = campaigns.campaign(number), values.snapshot()
    assert one.holdout is not None
    lot = holdouts.holdout(one.holdout)

    before, _ = people.drawn_people(lot, snapshot)
    monkeypatch.setattr(clock, "now", lambda: datetime.combine(
        snapshot.as_of - timedelta(5), time(3), tzinfo=UTC))  # fmt: skip
    sending.send_rest(number, winner=1, by="alice")
    after, _ = people.drawn_people(lot, snapshot)

    treated = before.filter(pc.invert(before["held_out"]))
    assert set(treated["customer_id"].to_pylist()) == set(
        campaigns.tried(number)["customer_id"].to_pylist()
    )
    assert 0 < pc.sum(before["held_out"]).as_py() < lot.held_out
    assert after.num_rows == lot.customers
    assert set(after["start"].to_pylist()) == {
        lot.treated_on, snapshot.as_of - timedelta(5)
    }  # fmt: skip


def test_before_its_day_it_says_how_long_it_takes_and_no_winner(
    everybody: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = _begun(everybody, 10, monkeypatch)

    test = selectors.variant_test(number)

    assert services.look_at_variants() == []
    assert (test.evidence, test.best, test.against) == ("not_yet", 0, ())
    assert test.weeks == 3
    one = sending.plan(a_plan(everybody, name="一通だけ"), by="alice")
    with pytest.raises(NoVariants):
        selectors.variant_test(one.id)


def test_a_proven_winner_goes_to_the_rest_by_itself(
    everybody: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = _begun(everybody, 60, monkeypatch)
    found = selectors.due_variants(values.snapshot())[0]
    proven = replace(found, evidence="proven", best=2)
    monkeypatch.setattr(selectors, "due_variants", lambda _snapshot: [proven])

    services.look_at_variants()

    one = campaigns.campaign(number)
    assert (one.state, one.winner) == ("sending", 2)


def test_messages_whose_arms_are_cut_have_no_winner(
    everybody: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = _begun(everybody, 60, monkeypatch)
    drawn = campaigns.tried(number)
    whole = variants.read_variants(campaigns.campaign(number), values.snapshot())
    of_one = drawn.filter(pc.equal(drawn["variant"], 1))
    cut = pa.concat_tables([drawn.filter(pc.equal(drawn["variant"], 2)), of_one.slice(0, 1)])
    monkeypatch.setattr(campaigns, "tried", lambda _number: cut)

    test = variants.read_variants(campaigns.campaign(number), values.snapshot())

    assert whole.evidence != "broken"
    assert (test.arms[0].customers, test.evidence) == (1, "broken")
