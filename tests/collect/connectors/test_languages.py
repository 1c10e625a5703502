"""The language and the time zone of a customer, as files and servers say them."""

from __future__ import annotations

from pathlib import Path

import pytest

from joren.collect.connectors.services import import_file
from joren.collect.customers import models
from joren.collect.customers import selectors as people

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_file_says_in_which_language_and_where_somebody_is(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text(
        "customer_number,name,email,locale,time_zone\n"
        "1,Jane,jane@shop.example,en-US,america/new_york\n"
        "2,花子,hanako@shop.example,日本語,Asia/Tokyo\n"
        "3,Jiro,jiro@shop.example,???,Mars/Base\n"
    )

    import_file(path, kind="customers", store="own")

    known = people.everybody(limit=10)
    assert [(one.language, one.time_zone) for one in known] == [
        ("en", "America/New_York"), ("ja", "Asia/Tokyo"), ("", ""),
    ]  # fmt: skip
    assert people.zones_told() == {"America/New_York", "Asia/Tokyo"}
    assert people.clocks().to_pydict() == {
        "customer_id": [1, 2], "zone": ["America/New_York", "Asia/Tokyo"]
    }  # fmt: skip
    assert models.Customer.objects.get(pk=3).language == ""
