"""Who may be one person: found in columns, joined by nobody but a person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from joren.collect.customers import rules, selectors
from joren.collect.customers.services import find_doubles, merge_customers, undo_merge
from joren.plumbing.warehouse import warehouse
from tests.collect.customers.arriving import keep, together

pytestmark = pytest.mark.django_db(transaction=True)


def _seen(tmp_path: Path, *given: dict[str, Any]) -> list[tuple[tuple[str, ...], str]]:
    """Evidence and likelihood of every pair that these people make."""
    numbered = ({"customer_number": str(place), **row} for place, row in enumerate(given))
    keep(tmp_path, *numbered)
    before = together()
    find_doubles(warehouse())
    assert together() == before
    return [(pair.evidence, pair.likelihood) for pair in selectors.doubles().items]


YAMADA = {"name": "山田 太郎", "postal_code": "100-0001"}


@pytest.mark.parametrize(
    ("one", "other", "evidence", "likelihood"),
    [
        (YAMADA, {"name": "ﾔﾏﾀﾞ"}, None, None),
        (YAMADA, {"name": "山田太郎", "postal_code": "1000001"}, ("name_postal",), "likely"),
        (YAMADA, {"name": "山田 花子", "postal_code": "1000001"}, ("family_postal",), "household"),
        (YAMADA, {"name": "山田 太郎", "postal_code": "1000002"}, None, None),
        ({"email": "t.yamada@x.jp"}, {"email": "tyamada+shop@x.jp"}, ("email_alike",), "likely"),
        ({"email": "t.yamada@x.jp"}, {"email": "tyamada@y.jp"}, None, None),
        ({"phone": "+8190"}, {"phone": "+8190", "name": "山田"}, ("phone_nameless",), "likely"),
        (
            {"phone": "+8190", "name": "佐藤 花"},
            {"phone": "+8190", "name": "山田 花"},
            ("phone_shared",),
            "perhaps",
        ),
        (
            {"name": "山田 太郎", "birthday": "1990-01-01", "email": "t.y@x.jp"},
            {"name": "山田太郎", "birthday": "1990-01-01", "email": "ty@x.jp"},
            ("email_alike", "name_birthday"),
            "very_likely",
        ),
        (
            {**YAMADA, "birthday": "1990-01-01"},
            {**YAMADA, "birthday": "1960-01-01"},
            ("name_postal",),
            "perhaps",
        ),
    ],
)
def test_what_two_have_in_common_waits_for_a_person(
    home: Path,
    tmp_path: Path,
    one: dict[str, Any],
    other: dict[str, Any],
    evidence: tuple[str, ...] | None,
    likelihood: str | None,
) -> None:
    found = _seen(tmp_path, one, other)

    assert found == ([(evidence, likelihood)] if evidence else [])


def test_what_many_have_in_common_speaks_for_nobody(home: Path, tmp_path: Path) -> None:
    crowd = [{"phone": "+8190", "name": f"人{place}"} for place in range(rules.MOST_ALIKE + 1)]

    assert len(_seen(tmp_path, *crowd[:-1])) == 28
    assert _seen(tmp_path, *crowd) == []


def test_a_pair_waits_under_the_same_number_until_it_holds_no_more(
    home: Path, tmp_path: Path
) -> None:
    _seen(tmp_path, YAMADA, {**YAMADA, "birthday": "1990-01-01"})
    (first,) = selectors.doubles().items

    keep(tmp_path, {"customer_number": "0", "birthday": "1991-01-01"})
    find_doubles(warehouse())
    (again,) = selectors.doubles().items

    assert again.id == first.id
    assert again.score < first.score


def test_a_merged_pair_does_not_wait_and_a_parted_one_is_not_asked_of_again(
    home: Path, tmp_path: Path
) -> None:
    _seen(tmp_path, YAMADA, YAMADA)
    (pair,) = selectors.doubles().items

    merge = merge_customers(pair.one, pair.other, by="member:1")
    assert find_doubles(warehouse()) == 0
    assert selectors.doubles().items == ()
    assert selectors.merges_of(pair.one)[0].evidence == ("name_postal",)
    undo_merge(merge, by="member:1")
    assert find_doubles(warehouse()) == 0


def test_the_list_goes_on_where_its_slice_ended(home: Path, tmp_path: Path) -> None:
    _seen(tmp_path, *({**YAMADA, "name": f"山田 {letter}"} for letter in "aabbc"))

    first = selectors.doubles(limit=3)
    rest = selectors.doubles(limit=50, after=first.next)

    scores = [pair.score for pair in (*first.items, *rest.items)]
    assert len(scores) == 10
    assert scores == sorted(scores, reverse=True)
    assert selectors.doubles_waiting() == {
        "very_likely": 0,
        "likely": 2,
        "perhaps": 0,
        "household": 8,
    }
