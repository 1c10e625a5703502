"""A table that is to be mostly new is filled without its indexes, and they come back."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from django.db import IntegrityError, connection

from joren.collect.customers import models
from joren.collect.customers.services.writing import add_customers
from joren.plumbing import bulk

_TEXTS = (
    "name", "name_kana", "email", "phone", "postal_code", "prefecture", "gender",
    "acquisition_source",
)  # fmt: skip
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "sqlite", reason="PostgreSQL keeps its indexes while it copies"
    ),
]


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_MANY", 1)


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL "
            "AND tbl_name = 'customers_identity'"
        )
        return {name for (name,) in cursor.fetchall()}


def people(*numbers: int) -> pa.Table:
    named = [f"e:{number}@example.com" for number in numbers]
    if not models.Customer.objects.exists():
        add_customers(pa.table({"id": pa.array([1], pa.int64())} | {key: [""] for key in _TEXTS}))
    return pa.table(
        {
            "id": pa.array(numbers, pa.int64()),
            "key": named,
            "customer_id": pa.array([1] * len(numbers), pa.int64()),
        }
    )


def test_indexes_are_made_again_when_the_rows_are_in(tmp_path: Path) -> None:
    before = indexes()

    with bulk.filling(models.Identity, 3, tmp_path / "indexes.json"):
        assert not indexes()
        bulk.insert_missing(models.Identity, people(1, 2, 3))

    assert before
    assert indexes() == before
    assert models.Identity.objects.count() == 3


def test_work_that_died_half_way_makes_them_when_it_is_repeated(tmp_path: Path) -> None:
    before = indexes()
    dying = bulk.filling(models.Identity, 3, tmp_path / "indexes.json")
    dying.__enter__()
    bulk.insert_missing(models.Identity, people(1, 2))
    assert not indexes()

    with bulk.filling(models.Identity, 3, tmp_path / "indexes.json"):
        bulk.insert_missing(models.Identity, people(1, 2, 3))

    assert indexes() == before


def test_a_few_more_rows_keep_them(tmp_path: Path) -> None:
    bulk.insert_missing(models.Identity, people(1, 2, 3))

    with bulk.filling(models.Identity, 2, tmp_path / "indexes.json"):
        assert indexes()


def test_a_row_that_points_to_none_is_refused_when_all_are_in(tmp_path: Path) -> None:
    rows = people(1, 2, 3)
    strays = rows.set_column(2, "customer_id", pa.array([1, 5, 1], pa.int64()))

    def fill() -> None:
        to = {"customer_id": models.Customer, "store_id": models.Store}
        with bulk.filling(models.Identity, 3, tmp_path / "indexes.json", pointing=to):
            bulk.insert_missing(models.Identity, strays)

    with pytest.raises(IntegrityError, match="customer_id is 5"):
        fill()

    with pytest.raises(IntegrityError, match="FOREIGN KEY"):  # at each row again from then on
        models.Identity.objects.create(id=9, key="e:9@example.com", customer_id=5)
    models.Identity.objects.all().delete()
