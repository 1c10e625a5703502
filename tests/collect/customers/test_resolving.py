"""Rows become people: in columns, and the same people as one row after the other."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joren.collect.customers import models, selectors
from joren.collect.customers.contracts import SIGHTING
from joren.collect.customers.services import keep_people, resolve_people, store_named, undo_merge
from joren.core.ids import CustomerId
from joren.plumbing.warehouse import warehouse
from tests.collect.customers.meaning import People

pytestmark = pytest.mark.django_db(transaction=True)

_NONE: dict[str, Any] = dict.fromkeys(SIGHTING.columns)
_imports = iter(range(1, 1_000_000))

rows = st.fixed_dictionaries(
    {
        "customer_number": st.sampled_from([None, None, "1", "2", "3"]),
        "email": st.sampled_from([None, None, "a@x", "b@x"]),
        "phone": st.sampled_from([None, "+81901", "+81902"]),
        "name": st.sampled_from([None, "山田 太郎", "ﾔﾏﾀﾞ", "やまだ", "佐藤*"]),
    }
)


def _keep(folder: Path, *given: dict[str, Any]) -> list[int | None]:
    """Import these sightings; returns the customer of each."""
    store = store_named("own").id
    full = [
        {**_NONE, "store_id": store, "sighting_id": place, **row} for place, row in enumerate(given)
    ]
    schema = ibis.schema(dict(SIGHTING.columns)).to_pyarrow()
    house, number = warehouse(), next(_imports)
    work = folder / str(number)
    work.mkdir()
    with house.engine.session() as holding:
        sightings = holding.take(pa.Table.from_pylist(full, schema=schema))
        found = resolve_people(holding, sightings, work).identity_of
        rows = house.engine.rows(found.order_by("sighting_id"))
    keep_people(work, import_id=number)
    keep_people(work, import_id=number)  # as after a crash
    return [row["customer_id"] for row in rows]


def _together() -> set[frozenset[str]]:
    by_person: dict[int, set[str]] = {}
    for key, person in models.Identity.objects.values_list("key", "customer_id"):
        by_person.setdefault(person, set()).add(key)
    return {frozenset(keys) for keys in by_person.values()}


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(rows, min_size=1, max_size=5), min_size=1, max_size=3))
def test_columns_find_the_same_people_as_row_after_row(
    home: Path, tmp_path: Path, batches: list[list[dict[str, Any]]]
) -> None:
    models.Customer.objects.update(merged_into=None)
    for model in (models.Merge, models.Identity, models.Customer):
        model._default_manager.all().delete()
    people, store = People(), store_named("own").id

    for batch in batches:
        _keep(tmp_path, *batch)
        people.take([{**row, "store_id": store} for row in batch])

    assert _together() == people.together
    held = models.Identity.objects.filter(key__startswith="p:").exclude(key__contains="|")
    assert {key[2:]: holder for key, holder in held.values_list("key", "holder")} == {
        phone: holder for phone, holder in people.holders.items() if f"p:{phone}" in people.owner
    }


def test_a_family_that_shares_a_phone_stays_several_people(home: Path, tmp_path: Path) -> None:
    one, other, nobody = _keep(
        tmp_path,
        {"phone": "+8190", "name": "山田 太郎"},
        {"phone": "+8190", "name": "山田 花子"},
        {"phone": "+8190"},
    )

    assert one != other
    assert nobody is None


def test_a_row_without_a_name_joins_the_one_who_answers_the_phone(
    home: Path, tmp_path: Path
) -> None:
    (one,) = _keep(tmp_path, {"phone": "+8190", "name": "山田 太郎"})

    assert (
        _keep(tmp_path, {"phone": "+8190"}, {"phone": "+8190", "name": "山田　太郎"}) == [one] * 2
    )


def test_a_second_name_is_remembered_although_it_has_a_key_of_its_own(
    home: Path, tmp_path: Path
) -> None:
    _keep(tmp_path, {"phone": "+8190", "name": "山田"})
    _keep(tmp_path, {"phone": "+8190", "name": "佐藤"})

    assert _keep(tmp_path, {"phone": "+8190"}) == [None]


def test_the_last_word_on_a_field_counts_and_known_people_are_only_completed(
    home: Path, tmp_path: Path
) -> None:
    _keep(
        tmp_path,
        {"customer_number": "1", "name": "旧姓"},
        {"customer_number": "1", "name": "新姓", "prefecture": "東京都"},
    )
    (found,) = _keep(tmp_path, {"customer_number": "1", "name": "別名", "email": "a@x"})

    assert found is not None
    person = selectors.customer(CustomerId(found))
    assert (person.name, person.email, person.prefecture) == ("新姓", "a@x", "東京都")
    assert [one.id for one in selectors.search("しんせい")] == []
    assert [one.id for one in selectors.search("新")] == [found]


def test_the_older_customer_wins_and_an_undone_merge_is_not_made_again(
    home: Path, tmp_path: Path
) -> None:
    one, other = _keep(tmp_path, {"customer_number": "1"}, {"email": "a@x"})
    link = {"customer_number": "1", "email": "a@x", "name": "山田"}

    assert _keep(tmp_path, link) == [one]
    (merge,) = selectors.merges_of(CustomerId(one or 0))
    assert merge.loser == other
    undo_merge(merge.id, by="alice")
    assert _keep(tmp_path, link, {"email": "a@x"}) == [one, other]
    assert len(selectors.merges_of(CustomerId(one or 0))) == 1


def test_a_text_with_a_zero_character_is_kept_without_it(home: Path, tmp_path: Path) -> None:
    (found,) = _keep(tmp_path, {"customer_number": "1\0", "name": "山\0田"})

    assert found is not None
    assert selectors.customer(CustomerId(found)).name == "山田"
