from __future__ import annotations

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from django.db import connection

from joren.collect.customers.models import Customer, Store
from joren.plumbing import bulk

NAMES = ["id", "gender", "acquisition_source", "birthday", "registered_at", "merged_into_id"]
ROWS = [
    (-(2**62), "", "", None, None, None),
    (1, 'say "hi", 佐藤', "a@example.com", date(1980, 2, 29), None, None),
    (2, "two\nlines\r\n", ",", None, datetime(2026, 11, 1, 9, 30, tzinfo=UTC), 1),
    (2**62, "''", '"', date(2000, 1, 1), datetime(2026, 1, 1, 0, 0, 0, 5, tzinfo=UTC), None),
]


@pytest.mark.django_db
@pytest.mark.parametrize("at_once", [1, 2, 4, 500])
def test_columns_come_out_as_they_went_in(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(bulk, "ROWS_PER_TEXT", at_once)
    for row in ROWS:
        Customer.objects.create(**dict(zip(NAMES, row, strict=True)))

    found = pa.concat_tables(bulk.columns_of(Customer, NAMES))

    rows = [tuple(row.values()) for row in found.to_pylist()]
    assert sorted(rows, key=lambda row: row[0]) == ROWS


@pytest.mark.django_db
def test_only_the_rows_asked_for_come_out() -> None:
    for number in range(6):
        Customer.objects.create(id=number, gender=f"n{number % 2}")

    found = pa.concat_tables(bulk.columns_of(Customer, ["id"], where="gender LIKE 'n0%%'"))

    assert found["id"].to_pylist() == [0, 2, 4]


@pytest.mark.django_db(transaction=True)
def test_reading_leaves_no_transaction_open() -> None:
    Store.objects.create(name="one")

    for _ in bulk.columns_of(Store, ["id"]):
        pass

    with connection.cursor() as cursor:
        cursor.execute("BEGIN")  # refused inside of another
        cursor.execute("ROLLBACK")
