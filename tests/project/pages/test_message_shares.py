"""Of which content messages were, by where customers stand: counted with the newest figures."""

from __future__ import annotations

from django.test import Client

from joren.act.messages import models, selectors, services
from joren.core import clock
from joren.decide.segments import services as segments
from joren.decide.segments.contracts import Is
from joren.plumbing.warehouse import warehouse
from joren.understand.ranks.contracts import CUSTOMER_RANKS
from joren.warehouse import Warehouse
from tests.act.messages.cast import a_template


def test_shares_are_counted_by_decile_and_by_segment(
    alice_the_admin: Client, refreshed_shop: Warehouse
) -> None:
    house = warehouse()
    snapshot = house.snapshots.latest()
    assert snapshot is not None
    ranks = house.engine.arrow(house.snapshots.table(snapshot.id, CUSTOMER_RANKS)).to_pylist()
    best = [row["customer_id"] for row in ranks if row["decile"] == 1]
    segments.create(name="Best", rule=Is("decile", "is", ("1",)), by="tests")
    template = services.create(a_template(kind="goal_support"), by="tests")
    errand = services.errand("campaign", 1, "", template.id)
    for who in (best[0], best[1], 10**9):
        models.Send.objects.create(
            errand_id=errand, customer_id=who, occurrence=1, state="sent", asked_at=clock.now()
        )

    first, *_, unranked = selectors.shares_by_decile()
    (segment,) = selectors.shares_by_segment()
    page = alice_the_admin.get("/messages/shares/").content.decode()

    assert (first.group, first.by_kind["goal_support"], first.reached) == ("1", 2, 2)
    assert (unranked.group, unranked.n, unranked.people) == ("", 1, None)
    assert (segment.group, segment.n, segment.people) == ("Best", 2, len(best))
    assert page.count("Best") == 1
