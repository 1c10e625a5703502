"""Rows become people: in columns, and the same people as one row after the other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joren.collect.customers import models, selectors
from joren.collect.customers.services import find_doubles, store_named, undo_merge
from joren.core.ids import CustomerId
from joren.plumbing.warehouse import warehouse
from tests import surroundings
from tests.collect.customers.arriving import forget_all, keep, keep_as, together
from tests.collect.customers.meaning import People

pytestmark = pytest.mark.django_db(transaction=True)

rows = st.fixed_dictionaries(
    {
        "customer_number": st.sampled_from([None, None, "1", "2", "3"]),
        "email": st.sampled_from([None, None, "a@x", "b@x"]),
        "phone": st.sampled_from([None, "+81901", "+81902"]),
        "name": st.sampled_from([None, "山田 太郎", "ﾔﾏﾀﾞ", "やまだ", "佐藤*"]),
    }
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(rows, min_size=1, max_size=5), min_size=1, max_size=3))
def test_columns_find_the_same_people_as_row_after_row(
    home: Path, tmp_path: Path, batches: list[list[dict[str, Any]]]
) -> None:
    forget_all()
    people, store = People(), store_named("own").id

    for batch in batches:
        keep(tmp_path, *batch)
        people.take([{**row, "store_id": store} for row in batch])

    assert together() == people.together


# What joins people is the same on both databases, and each example imports up to sixteen times.
@settings(
    max_examples=4 if surroundings.on_postgresql() else 8,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.data(), st.lists(rows, min_size=2, max_size=8))
def test_any_order_of_arrival_gives_the_same_people(
    home: Path, tmp_path: Path, data: st.DataObject, given: list[dict[str, Any]]
) -> None:
    found = []
    for _ in range(2):
        forget_all()
        order = data.draw(st.permutations(given))
        size = data.draw(st.integers(1, 4))
        for start in range(0, len(order), size):
            keep(tmp_path, *order[start : start + size])
            find_doubles(warehouse())  # what it finds waits, and joins nobody
        found.append(together())

    assert found[0] == found[1]


def test_three_people_whom_two_rows_join_are_one(home: Path, tmp_path: Path) -> None:
    keep(tmp_path, {"customer_number": "1"}, {"customer_number": "2"})
    keep(tmp_path, {"customer_number": "3", "email": "c@x"})

    # Both rows name keys of the third, and no key of the other row.
    keep(
        tmp_path,
        {"customer_number": "1", "email": "c@x"},
        {"customer_number": "3", "email": "d@x"},
        {"customer_number": "2", "email": "d@x"},
    )

    assert len(together()) == 1


def test_a_family_that_shares_a_phone_stays_several_people(home: Path, tmp_path: Path) -> None:
    one, other, unnamed = keep(
        tmp_path,
        {"phone": "+8190", "name": "山田 太郎"},
        {"phone": "+8190", "name": "山田 花子"},
        {"phone": "+8190"},
    )

    assert len({one, other, unnamed}) == 3


def test_rows_without_a_name_are_one_person_by_their_phone_and_nobody_else(
    home: Path, tmp_path: Path
) -> None:
    (one,) = keep(tmp_path, {"phone": "+8190", "name": "山田 太郎"})

    first, again, named = keep(
        tmp_path, {"phone": "+8190"}, {"phone": "+8190"}, {"phone": "+8190", "name": "山田　太郎"}
    )

    assert named == one
    assert first == again != one


def test_somebody_of_rakuten_is_known_by_name_and_phone_without_an_e_mail(
    home: Path, tmp_path: Path
) -> None:
    (one,) = keep(tmp_path, {"email": "t@x", "phone": "+8190", "name": "山田 太郎"})

    assert keep(tmp_path, {"phone": "+8190", "name": "ﾔﾏﾀﾞ"}, store="楽天") != [one]
    assert keep(tmp_path, {"phone": "+8190", "name": "山田太郎"}, store="楽天") == [one]


def test_an_id_of_line_names_one_person_in_every_store(home: Path, tmp_path: Path) -> None:
    (one,) = keep(tmp_path, {"line_id": "U1", "email": "a@x"})

    assert keep(tmp_path, {"line_id": "U1", "customer_number": "7"}, store="other") == [one]
    kinds = {known.kind for known in selectors.identities_of(CustomerId(one or 0))}
    assert kinds == {"line", "email", "number"}


def test_an_identity_says_what_brought_it_and_when_it_was_last_seen(
    home: Path, tmp_path: Path
) -> None:
    (one,) = keep_as(900_001, tmp_path, {"customer_number": "1"})
    models.Identity.objects.update(first_seen_on="2026-01-01", last_seen_on="2026-01-02")

    keep_as(900_002, tmp_path, {"customer_number": "1", "email": "a@x"})

    number, email = selectors.identities_of(CustomerId(one or 0))
    assert (number.import_id, email.import_id) == (900_001, 900_002)
    assert str(number.first_seen_on) == "2026-01-01"
    assert number.last_seen_on == email.last_seen_on == email.first_seen_on
    assert (number.confidence, email.confidence) == ("certain", "good")


def test_the_last_word_on_a_field_counts_and_known_people_are_only_completed(
    home: Path, tmp_path: Path
) -> None:
    keep(
        tmp_path,
        {"customer_number": "1", "name": "旧姓"},
        {"customer_number": "1", "name": "新姓", "prefecture": "東京都"},
    )
    (found,) = keep(tmp_path, {"customer_number": "1", "name": "別名", "email": "a@x"})

    assert found is not None
    person = selectors.customer(CustomerId(found))
    assert (person.name, person.email, person.prefecture) == ("新姓", "a@x", "東京都")
    assert [one.id for one in selectors.search("しんせい")] == []
    assert [one.id for one in selectors.search("新")] == [found]


def test_the_older_customer_wins_and_an_undone_merge_is_not_made_again(
    home: Path, tmp_path: Path
) -> None:
    one, other = keep(tmp_path, {"customer_number": "1"}, {"email": "a@x"})
    link = {"customer_number": "1", "email": "a@x", "name": "山田"}

    assert keep(tmp_path, link) == [one]
    (merge,) = selectors.merges_of(CustomerId(one or 0))
    assert merge.loser == other
    undo_merge(merge.id, by="alice")
    assert keep(tmp_path, link, {"email": "a@x"}) == [one, other]
    assert len(selectors.merges_of(CustomerId(one or 0))) == 1


def test_two_whom_a_later_row_of_the_same_file_joins_can_be_parted_exactly(
    home: Path, tmp_path: Path
) -> None:
    found = keep(
        tmp_path,
        {"customer_number": "1", "email": "a@x", "name": "山田"},
        {"customer_number": "2", "email": "b@x", "name": "川田", "prefecture": "東京都"},
        {"customer_number": "2", "email": "a@x"},
        {"customer_number": "3", "email": "b@x", "name": "山田"},
    )

    one = CustomerId(found[0] or 0)
    (merge,) = selectors.merges_of(one)
    before = selectors.customer(one)
    undo_merge(merge.id, by="alice")

    assert ({*found}, len(together()), before.prefecture) == ({one}, 2, "東京都")
    parted = [selectors.customer(CustomerId(pk)) for pk in (one, merge.loser)]
    assert [(it.name, it.email, it.prefecture) for it in parted] == [
        ("山田", "b@x", ""), ("川田", "b@x", "東京都"),
    ]  # fmt: skip
    known = [[it.value for it in selectors.identities_of(one.id)] for one in parted]
    assert [len(it) for it in known] == [3, 2]


def test_a_text_with_a_zero_character_is_kept_without_it(home: Path, tmp_path: Path) -> None:
    (found,) = keep(tmp_path, {"customer_number": "1\0", "name": "山\0田"})

    assert found is not None
    assert selectors.customer(CustomerId(found)).name == "山田"
