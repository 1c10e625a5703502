"""Who shifted, in sets, is who shifted looked at one by one."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from joren.core.ids import CustomerId
from joren.plumbing.warehouse import warehouse
from joren.science.mix import divergence, rise
from joren.understand.shifts import selectors
from joren.understand.shifts.contracts import CUSTOMER_SHIFTS
from joren.understand.shifts.services import find_shifts
from joren.warehouse import Snapshot
from tests.understand.refreshing import Shop
from tests.understand.tables import Bought

AS_OF = date(2026, 6, 30)
LATE = [AS_OF - timedelta(days=20 * n) for n in range(8)]
EARLY = [AS_OF - timedelta(days=200 + 30 * n) for n in range(20)]


@pytest.fixture
def shop(home: Path, db: None) -> Shop:
    return Shop(warehouse(), "shifts", find_shifts)


def _bought(customer: int, before: str, recent: str) -> list[Bought]:
    """A letter for each day: the category of what was bought on it."""
    days = [*zip(EARLY, before, strict=False), *zip(LATE, recent, strict=False)]
    return [Bought(customer, day, category=None if one == "-" else one) for day, one in days]


def _rows(snapshot: Snapshot) -> dict[int, dict[str, Any]]:
    house = warehouse()
    rows = house.engine.rows(house.snapshots.table(snapshot.id, CUSTOMER_SHIFTS))
    return {row["customer_id"]: row for row in rows}


def test_a_clear_shift_is_found_a_steady_mix_is_not_and_few_purchases_are_not_known(
    shop: Shop,
) -> None:
    made = shop.refresh(
        [
            *_bought(1, "aaaaaaaaaa", "bbbbb"),  # another life
            *_bought(2, "abababab", "abab"),
            *_bought(3, "aaaaaaaaaa", "bb"),  # two days are too few
            *_bought(4, "aaaaaaaaaa", "-----"),  # of which nobody said the category
            *_bought(5, "aaa", "bbbbb"),
        ],
        as_of=AS_OF,
    )

    report = selectors.shift_report(made)
    assert (report.buyers, report.judged, report.shifted) == (5, 2, 1)
    assert (report.without_category, report.purchases) == (5, 62)
    assert [(f.shift_from, f.shift_to, f.customers, f.new) for f in report.flows] == [
        ("a", "b", 1, 1)
    ]
    assert report.flows[0].distance == pytest.approx(1)
    found = selectors.shift_of(CustomerId(1), made)
    assert found is not None
    assert (found.before, found.of_before, found.recent, found.of_recent) == (0, 10, 5, 5)
    assert (found.shifted_on, found.first_on) == (AS_OF, LATE[4])
    steady = selectors.shift_of(CustomerId(2), made)
    assert steady is not None
    assert (steady.shift_to, steady.standing) == (None, False)
    assert selectors.shift_of(CustomerId(3), made) is None
    assert [one.customer_id for one in selectors.shifted(made, shift_to="b")] == [1]
    assert selectors.shifted(made, shift_from="b") == ()


def test_sets_find_what_looking_at_each_finds(shop: Shop) -> None:
    chance = random.Random(7)
    lives = {
        who: ("".join(chance.choices("abc", k=chance.randint(5, 20))),
              "".join(chance.choices(chance.choice(["abc", "c", "bbbc"]),
                                     k=chance.randint(3, 8))))
        for who in range(1, 60)
    }  # fmt: skip

    made = shop.refresh([one for who, life in lives.items() for one in _bought(who, *life)],
                        as_of=AS_OF)  # fmt: skip

    rows = _rows(made)
    assert set(rows) == set(lives)
    for who, (before, recent) in lives.items():
        was, now = Counter(before), Counter(recent)
        kinds = sorted(was | now)
        p = {
            one: float(rise([was[one]], [len(before)], [now[one]], [len(recent)])[0])
            for one in kinds
        }
        assert rows[who]["p"] == pytest.approx(min(1, len(kinds) * min(p.values())))
        assert rows[who]["distance"] == pytest.approx(
            divergence([was[one] for one in kinds], [now[one] for one in kinds]), abs=1e-12
        )


def test_a_shift_keeps_its_day_and_is_remembered_when_it_is_the_new_mix(shop: Shop) -> None:
    days = [AS_OF + timedelta(days=n) for n in (0, 1, 150)]
    life = _bought(1, "aaaaaaaaaa", "bbbbb")
    later = [Bought(1, days[2] - timedelta(days=20 * n), category="b") for n in range(3)]

    first, second = (shop.refresh(life, as_of=day) for day in days[:2])
    third = shop.refresh([*life, *later], as_of=days[2])
    gone = shop.refresh([Bought(2, days[2])], as_of=days[2] + timedelta(days=1))

    assert _rows(first)[1]["shifted_on"] == _rows(second)[1]["shifted_on"] == AS_OF
    assert selectors.shift_report(second).flows[0].new == 0
    told = _rows(third)[1]
    assert (told["shifted_on"], told["shift_to"]) == (AS_OF, "b")
    assert _rows(gone)[1]["shift_to"] == "b"
    assert not _rows(gone)[1]["standing"]
