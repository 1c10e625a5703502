from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from joren.core.errors import BadInput
from joren.plumbing.warehouse import warehouse
from joren.understand.ranks import selectors, services
from joren.understand.ranks.contracts import (
    CPM_GROUPS,
    CUSTOMER_RANKS,
    NoRanksYet,
    RankRules,
    RulesContradict,
)
from tests.understand.refreshing import Shop
from tests.understand.tables import Bought

AS_OF = date(2026, 6, 30)


@pytest.fixture
def shop(home: Path, db: None) -> Shop:
    return Shop(warehouse(), "ranks", services.rank_customers)


def _ago(customer: int, days: int, revenue: int = 1000) -> Bought:
    return Bought(customer, AS_OF - timedelta(days=days), revenue)


def _crowd(size: int = 100) -> list[Bought]:
    """Customers of whom the n-th spends n thousand yen, every third of them twice."""
    bought = [_ago(n, n, n * 1000) for n in range(1, size + 1)]
    return bought + [_ago(n, n + 40, 1000) for n in range(3, size + 1, 3)]


def test_a_report_is_read_back_as_it_was_concluded(shop: Shop) -> None:
    snapshot = shop.refresh(_crowd(), as_of=AS_OF)

    report = selectors.rank_report(snapshot)

    assert report.customers == 100
    assert report.as_of == AS_OF
    assert [group.customers for group in report.deciles] == [10] * 10
    assert [group.code for group in report.cpm] == list(CPM_GROUPS)
    assert report.deciles[-1].cumulative_share is not None
    assert report.deciles[-1].cumulative_share.value == 1
    assert report.rules.big_spend == 70_000
    assert report.movement is None
    assert sum(cell.customers for cell in report.rfm) == 100


def test_equal_facts_and_date_give_equal_ranks(shop: Shop) -> None:
    one = shop.refresh(_crowd(), as_of=AS_OF)
    other = shop.refresh(reversed(_crowd()), as_of=AS_OF)

    house = shop.house
    ranks = [
        house.engine.rows(house.snapshots.table(each.id, CUSTOMER_RANKS)) for each in (one, other)
    ]
    assert ranks[0] == ranks[1]


def test_f2_rate_counts_those_whose_window_has_passed(shop: Shop) -> None:
    bought = [_ago(n, 100) for n in range(10)] + [_ago(n, 60) for n in range(3)] + [_ago(99, 5)]

    report = selectors.rank_report(shop.refresh(bought, as_of=AS_OF))

    within_60 = next(one for one in report.survival if one.window == 60)
    rate = within_60.steps[0].onward
    assert (rate.value, rate.n) == (0.3, 10)
    assert rate.low is not None
    assert rate.high is not None
    assert rate.low < 0.3 < rate.high
    assert within_60.steps[1].reached.value == 0.3
    year = next(one for one in report.survival if one.window == 365).steps[0].onward
    assert year.value is None
    assert "365 days" in year.why


def test_whoever_moved_is_counted_between_two_dates(shop: Shop) -> None:
    first = shop.refresh([_ago(1, 10), _ago(2, 250)], as_of=AS_OF)
    after = [_ago(1, 10), _ago(2, 250), _ago(2, -1), _ago(3, -1)]
    second = shop.refresh(after, as_of=AS_OF + timedelta(days=1))

    movement = selectors.movement(first, second)

    moves = {(move.before, move.after): move.customers for move in movement.moves["stage"]}
    assert moves == {("new", "new"): 1, ("lapsed", "f2"): 1, (None, "new"): 1}
    assert selectors.rank_report(second).movement == movement


def test_a_movement_is_of_its_own_two_dates_however_often_asked(shop: Shop) -> None:
    first = shop.refresh([_ago(1, 10)], as_of=AS_OF)
    second = shop.refresh([_ago(1, 10), _ago(2, -1)], as_of=AS_OF + timedelta(days=1))
    before = selectors.movement(first, second)
    third = shop.refresh([_ago(1, 10), _ago(2, -1), _ago(1, -2)], as_of=AS_OF + timedelta(days=2))

    again, later, last = (
        selectors.movement(*pair) for pair in ((first, second), (first, third), (second, third))
    )

    assert again == before
    stages = [
        {(one.before, one.after): one.customers for one in each.moves["stage"]}
        for each in (before, later, last)
    ]
    assert stages == [
        {("new", "new"): 1, (None, "new"): 1},
        {("new", "f2"): 1, (None, "new"): 1},
        {("new", "f2"): 1, ("new", "new"): 1},
    ]


def test_a_vip_stays_in_the_band_and_leaves_below_it(shop: Shop) -> None:
    services.change_rules(vip_enter=1000, vip_keep=2000)
    crowd = [_ago(n, 10, 1000 * (n + 1)) for n in range(20)]
    shop.refresh(crowd, as_of=AS_OF)
    # Two newcomers push the two VIPs into the band between the top tenth and the top fifth.
    crowd += [_ago(100 + n, 5, 90_000 + n) for n in range(2)]

    later = selectors.rank_report(shop.refresh(crowd, as_of=AS_OF + timedelta(days=1)))

    assert later.vip.customers == 4
    assert (later.vip.entered, later.vip.left) == (2, 0)
    crowd += [_ago(200 + n, 5, 95_000 + n) for n in range(4)]
    last = selectors.rank_report(shop.refresh(crowd, as_of=AS_OF + timedelta(days=2)))
    assert (last.vip.customers, last.vip.entered, last.vip.left) == (3, 2, 3)


def test_few_who_bring_most_raise_an_alarm(shop: Shop) -> None:
    crowd = [_ago(n, 10, 1000 + n) for n in range(19)] + [_ago(99, 10, 1_000_000)]

    report = selectors.rank_report(shop.refresh(crowd, as_of=AS_OF))

    assert report.vip.alarms == ("concentrated",)


def test_own_thresholds_replace_the_quantiles(shop: Shop) -> None:
    services.change_rules(rfm="thresholds", purchases=[2, 3, 4, 5])
    bought = [_ago(1, days) for days in (1, 2, 3, 4)] + [_ago(2, 1)]

    snapshot = shop.refresh(bought, as_of=AS_OF)

    ranks = shop.house.engine.rows(shop.house.snapshots.table(snapshot.id, CUSTOMER_RANKS))
    assert {row["customer_id"]: row["rfm_f"] for row in ranks} == {1: 4, 2: 1}


def test_the_history_of_rules_is_kept(db: None) -> None:
    services.change_rules(active_days=180, by="member:1")
    services.change_rules(active_days=180, by="member:2")
    services.change_rules(active_days=200, by="member:3")

    history = selectors.rules_history()

    assert [one.rules.active_days for one in history] == [200, 180, 240]
    assert [one.changed_by for one in history] == ["member:3", "member:1", ""]
    assert selectors.rank_rules() == RankRules(active_days=200)


def test_rules_that_contradict_are_not_kept(db: None) -> None:
    with pytest.raises(RulesContradict):
        services.change_rules(vip_keep=100)

    assert selectors.rank_rules() == RankRules()


@pytest.mark.parametrize("changes", [{"purchases": 2}, {"spend": []}, {"active_days": "soon"}])
def test_a_bound_of_the_wrong_kind_is_named(db: None, changes: dict[str, object]) -> None:
    (name,) = changes

    with pytest.raises(BadInput, match=name):
        services.change_rules(**changes)


def test_an_unknown_rule_is_named_with_the_known_ones(db: None) -> None:
    with pytest.raises(BadInput, match="magic") as refused:
        services.change_rules(magic=1)

    assert "active_days" in refused.value.hint


def test_a_snapshot_without_ranks_says_so(shop: Shop) -> None:
    shop.step = lambda _refresh: {}
    snapshot = shop.refresh(_crowd(2), as_of=AS_OF)

    with pytest.raises(NoRanksYet):
        selectors.rank_report(snapshot)
