"""Two made one and parted again: exactly, in any order, and remembered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joren.collect.customers import models, selectors
from joren.collect.customers.contracts import (
    AlreadyUndone,
    NoSuchCustomer,
    NoSuchMerge,
    SameCustomer,
)
from joren.collect.customers.services import (
    find_doubles,
    forget_people,
    forgetting,
    keep_apart,
    merge_customers,
    undo_merge,
)
from joren.collect.customers.services.fields import fields_of, write_fields
from joren.collect.customers.services.joining import part_again
from joren.core.ids import CustomerId
from joren.plumbing.warehouse import warehouse
from joren.protect.audit.selectors import entries
from tests.collect.customers.arriving import everything, forget_all, keep, keep_as, together

pytestmark = pytest.mark.django_db(transaction=True)


def _people(tmp_path: Path, *given: dict[str, Any]) -> list[CustomerId]:
    return [CustomerId(one or 0) for one in keep(tmp_path, *given)]


@pytest.fixture
def two(home: Path, tmp_path: Path) -> list[CustomerId]:
    """Whom a person alone can tell to be one."""
    return _people(
        tmp_path,
        {"customer_number": "1", "name": "山田 太郎", "phone": "+8190"},
        {"email": "t@x", "postal_code": "1000001", "gender": "male", "birthday": "1990-01-01"},
    )


def test_the_older_has_what_they_lacked_and_is_found_by_it(two: list[CustomerId]) -> None:
    one, other = two

    merge_customers(other, one, by="member:1", why="called by phone")

    known = selectors.customer(other)
    assert known.id == one
    assert (known.name, known.email, known.postal_code) == ("山田 太郎", "t@x", "1000001")
    assert selectors.found("t@x", limit=5) == [one]
    assert len(selectors.identities_of(one)) == 3


def test_what_is_undone_is_as_it_was(two: list[CustomerId]) -> None:
    before = everything()

    undo_merge(merge_customers(*two, by="member:1"), by="member:2")

    assert everything() == before


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_merges_of_merges_undone_in_any_order_leave_nothing(
    home: Path, tmp_path: Path, data: st.DataObject
) -> None:
    forget_all()
    said = st.sampled_from([None, "a", "b"])
    drawn = st.lists(st.tuples(said, said), min_size=3, max_size=5)
    ids = _people(
        tmp_path,
        *(
            {"customer_number": str(place), "prefecture": one, "postal_code": other}
            for place, (one, other) in enumerate(data.draw(drawn))
        ),
    )
    before, made = everything(), []
    pairs = st.tuples(st.sampled_from(ids), st.sampled_from(ids))
    for one, other in data.draw(st.lists(pairs, min_size=1, max_size=6)):
        if selectors.customer(one).id != selectors.customer(other).id:
            made.append(merge_customers(one, other, by="member:1"))

    for number in data.draw(st.permutations(made)):
        undo_merge(number, by="member:1")

    assert everything() == before


def test_what_has_changed_since_the_merge_is_not_taken_back(two: list[CustomerId]) -> None:
    number = merge_customers(*two, by="member:1")
    moved = fields_of({two[0]})[two[0]] | {"postal_code": "2000002"}
    write_fields({two[0]: moved})

    undo_merge(number, by="member:1")

    assert selectors.customer(two[0]).postal_code == "2000002"


def test_who_why_and_by_what_evidence_is_written_down(two: list[CustomerId]) -> None:
    number = merge_customers(*two, by="member:1", why="called by phone")
    undo_merge(number, by="member:2")

    (merge,) = selectors.merges_of(two[0])
    assert (merge.by, merge.why, merge.undone_by) == ("member:1", "called by phone", "member:2")
    told = [(entry.action, entry.actor) for entry in entries(action="customers.").items]
    assert told[:2] == [("customers.merge_undone", "member:2"), ("customers.merged", "member:1")]


def test_a_merge_that_an_import_made_says_so_and_is_undone_with_what_it_filled(
    home: Path, tmp_path: Path
) -> None:
    one, other = _people(
        tmp_path, {"customer_number": "1"}, {"email": "a@x", "prefecture": "北海道"}
    )
    keep_as(800_001, tmp_path, {"customer_number": "1", "email": "a@x"})

    (merge,) = selectors.merges_of(one)
    assert (merge.by, merge.evidence, merge.import_id) == ("import:800001", ("one_row",), 800_001)
    assert selectors.customer(one).prefecture == "北海道"
    undo_merge(merge.id, by="member:1")
    assert selectors.customer(one).prefecture == ""
    assert selectors.customer(other).id == other


def test_an_import_that_is_taken_back_takes_its_merges_along(home: Path, tmp_path: Path) -> None:
    _people(tmp_path, {"customer_number": "1"}, {"email": "a@x", "prefecture": "北海道"})
    before = everything()["identities"]
    keep_as(800_002, tmp_path, {"customer_number": "1", "email": "a@x"})

    forget_people(800_002)

    assert everything()["identities"] == before
    assert {row["prefecture"] for row in everything()["customers"]} == {"", "北海道"}


def test_merges_that_were_parted_before_a_crash_stay_parted_and_the_others_follow(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _people(
        tmp_path,
        {"customer_number": "1"}, {"email": "a@x", "prefecture": "北海道"},
        {"customer_number": "2"}, {"email": "b@x", "prefecture": "東京都"},
    )  # fmt: skip
    before = everything()["identities"]
    rows = ({"customer_number": "1", "email": "a@x"}, {"customer_number": "2", "email": "b@x"})
    keep_as(800_012, tmp_path, *rows)
    parted: list[int] = []

    def dies(merge: models.Merge) -> None:
        if parted:
            raise KeyboardInterrupt
        parted.append(merge.pk)
        part_again(merge)

    monkeypatch.setattr(forgetting, "_MERGES_AT_ONCE", 1)
    with monkeypatch.context() as patched:
        patched.setattr(forgetting, "part_again", dies)
        with pytest.raises(KeyboardInterrupt):
            forget_people(800_012)
    assert models.Merge.objects.filter(import_id=800_012).count() == 1
    forget_people(800_012)

    assert not models.Merge.objects.filter(import_id=800_012).exists()
    assert everything()["identities"] == before


def test_people_kept_apart_are_never_asked_of_again(home: Path, tmp_path: Path) -> None:
    alike = (
        {"customer_number": "1", "name": "山田 太郎", "postal_code": "100-0001"},
        {"email": "t@x", "name": "山田太郎", "postal_code": "1000001"},
    )
    keep_as(800_003, tmp_path, *alike)
    assert find_doubles(warehouse()) == 1
    (pair,) = selectors.doubles().items

    keep_apart(pair.one, pair.other, by="member:1")
    keep_apart(pair.other, pair.one, by="member:1")

    assert selectors.doubles().items == ()
    assert find_doubles(warehouse()) == 0
    forget_people(800_003)
    keep_as(800_004, tmp_path, *alike)
    assert find_doubles(warehouse()) == 0


def test_a_row_that_names_two_who_are_kept_apart_joins_neither_to_the_other(
    home: Path, tmp_path: Path
) -> None:
    one, other, third = _people(
        tmp_path, {"customer_number": "1"}, {"email": "a@x"}, {"customer_number": "3"}
    )
    keep_apart(one, other, by="member:1")

    keep(tmp_path, {"customer_number": "1", "email": "a@x"})
    keep(tmp_path, {"customer_number": "3", "email": "a@x"})

    # The third is joined with the one whom they share a row with, not with the oldest.
    assert together() == {frozenset({_key("1")}), frozenset({"e:a@x", _key("3")})}
    assert selectors.customer(third).id == other


def test_between_two_who_are_kept_apart_the_stronger_key_of_a_row_decides(
    home: Path, tmp_path: Path
) -> None:
    one, other = _people(tmp_path, {"line_id": "L1"}, {"email": "a@x"})
    keep_apart(one, other, by="member:1")

    (third,) = keep(tmp_path, {"customer_number": "9", "line_id": "L1", "email": "a@x"})

    assert third == one


def _key(number: str) -> str:
    return f"n:{selectors.stores()[0].id}:{number}"


def test_apart_holds_for_whomever_the_two_are_made_part_of(home: Path, tmp_path: Path) -> None:
    one, other, third = _people(
        tmp_path, {"customer_number": "1"}, {"email": "a@x"}, {"customer_number": "3"}
    )
    keep_apart(other, third, by="member:1")
    merge_customers(one, other, by="member:1")

    assert selectors.kept_apart() == {(one, third)}


def test_a_merge_is_not_made_anew_when_its_winner_was_merged_further_before_it_was_undone(
    home: Path, tmp_path: Path
) -> None:
    first, winner, loser = _people(
        tmp_path, {"customer_number": "1"}, {"customer_number": "2"}, {"email": "a@x"}
    )
    number = merge_customers(winner, loser, by="member:1")
    upper = merge_customers(first, winner, by="member:1")

    undo_merge(number, by="member:1")

    assert selectors.kept_apart() == {(first, loser)}
    keep(tmp_path, {"customer_number": "2", "email": "a@x"})
    assert selectors.customer(loser).id == loser
    undo_merge(upper, by="member:1")
    assert (winner, loser) in selectors.kept_apart()  # it was said of those two


def test_whoever_joins_two_that_were_kept_apart_knows_better(two: list[CustomerId]) -> None:
    keep_apart(*two, by="member:1")

    merge_customers(*two, by="member:2")

    assert not models.Apart.objects.exists()


def test_what_cannot_be_joined_or_parted_is_refused(two: list[CustomerId]) -> None:
    number = merge_customers(*two, by="member:1")

    with pytest.raises(SameCustomer):
        merge_customers(*two, by="member:1")
    with pytest.raises(NoSuchCustomer):
        merge_customers(two[0], CustomerId(99_999), by="member:1")
    with pytest.raises(NoSuchMerge):
        undo_merge(99_999, by="member:1")
    undo_merge(number, by="member:1")
    with pytest.raises(AlreadyUndone):
        undo_merge(number, by="member:1")
