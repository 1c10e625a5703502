"""Who came to a followed segment and who left: told once, and again by nobody."""

from __future__ import annotations

from datetime import date
from unittest import mock

import pytest

from joren.collect.customers import selectors as customers
from joren.decide.segments import models, selectors, services
from joren.decide.segments.contracts import Bought, Is, LiveMove, Window
from joren.decide.segments.services import live
from joren.warehouse import Warehouse
from tests.project.refreshing import everybody, refreshed

pytestmark = pytest.mark.django_db
REPEAT = Is("orders", "at_least", (2,))
RECENT = Bought("orders", "at_least", (1,), window=Window(last_days=30))


@pytest.fixture(autouse=True)
def _people_of_the_orders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(customers, "person_of", everybody)


def belonging() -> set[int]:
    return set(selectors.members_of(RECENT, limit=10_000))


def replayed(moves: list[LiveMove]) -> set[int]:
    """Who belongs by the log alone; it never tells an entry of somebody who is inside."""
    inside: set[int] = set()
    for one in moves:
        assert (one.customer_id in inside) is not one.entered
        (inside.add if one.entered else inside.discard)(one.customer_id)
    return inside


def test_moves_of_refreshes_are_told_once_and_add_up(unrefreshed_shop: Warehouse) -> None:
    kept = services.create("recent", RECENT, by="alice")
    services.follow_live(kept.id, by="journeys")
    assert services.look_live() is None  # no figures yet
    refreshed(as_of=date(2026, 3, 31))
    services.look_live()
    before, first = belonging(), selectors.moves_since(0, [kept.id], 10_000)
    refreshed(as_of=date(2026, 4, 30))
    services.look_live()
    services.look_live()
    after, mark = belonging(), first[-1].id

    then = selectors.moves_since(mark, [kept.id], 10_000)

    assert {one.customer_id for one in first} == before
    assert all(one.baseline and one.entered for one in first)
    assert {one.customer_id for one in then if one.entered} == after - before
    assert {one.customer_id for one in then if not one.entered} == before - after
    assert not any(one.baseline for one in then)
    assert replayed(first + then) == after == set(selectors.live_members(kept.id))
    assert selectors.moves_since(selectors.newest_mark(), [kept.id]) == []
    assert selectors.moves_since(0, [kept.id + 1]) == []


def test_a_look_that_dies_is_made_good_and_one_that_is_overtaken_stops(
    refreshed_shop: Warehouse,
) -> None:
    kept = services.create("repeat", REPEAT, by="alice")
    services.follow_live(kept.id, by="journeys")
    whole = set(selectors.members_of(REPEAT, limit=10_000))
    written = live._write
    begun = iter(range(100))

    def dies(*args: object, **named: object) -> None:
        if next(begun) == 1:
            raise KeyboardInterrupt
        written(*args, **named)  # type: ignore[arg-type]

    with mock.patch.object(live, "ROWS_AT_ONCE", 7):
        with mock.patch.object(live, "_write", dies), pytest.raises(KeyboardInterrupt):
            services.look_live()
        assert len(selectors.moves_since(0, [kept.id])) == 7

        def overtaken(*args: object, **named: object) -> None:
            models.Look.objects.update(claim="another")
            written(*args, **named)  # type: ignore[arg-type]

        with mock.patch.object(live, "_write", overtaken):
            assert services.look_live() is None
        assert len(selectors.moves_since(0, [kept.id])) == 7
        services.look_live()

    assert replayed(selectors.moves_since(0, [kept.id])) == whole
    assert all(one.baseline for one in selectors.moves_since(0, [kept.id]))


def test_a_changed_rule_and_one_that_nobody_follows(refreshed_shop: Warehouse) -> None:
    kept = services.create("repeat", REPEAT, by="alice")
    services.follow_live(kept.id, by="journeys")
    services.follow_live(kept.id, by="journeys")
    services.look_live()
    mark = selectors.newest_mark()
    services.change(kept.id, by="alice", rule=Is("orders", "at_least", (4,)))
    services.look_live()

    moved = selectors.moves_since(mark, [kept.id])
    assert moved
    assert all(one.baseline and not one.entered for one in moved)
    assert selectors.followed_live("journeys") == [kept.id]
    services.unfollow_live(kept.id, by="journeys")
    assert (selectors.followed_live(), services.look_live()) == ([], None)
