"""Consents in a customer file: Shopify's own columns, kept with the import as their proof."""

from __future__ import annotations

from pathlib import Path

import pytest

from joren.collect.connectors.services import import_file, undo_import
from joren.collect.customers import selectors as people
from joren.core.ids import CustomerId
from joren.protect.consent import models, selectors, services
from joren.protect.consent.contracts import Matter, Said

pytestmark = pytest.mark.django_db(transaction=True)

HEADER = (
    "First Name,Last Name,Email,Accepts Email Marketing,Default Address Address1,"
    "Default Address City,Default Address Zip,Accepts SMS Marketing\n"
)
NEWS = Matter("email", "marketing")


def imported(folder: Path, *rows: str) -> int:
    path = folder / "customers_export.csv"
    path.write_text(HEADER + "\n".join(rows) + "\n")
    return import_file(path, kind="customers", store="own").import_id


def states() -> dict[str, str]:
    known = people.everybody(limit=10)
    return {
        one.email: selectors.standings_of(one.id, [NEWS])[0].state for one in known if one.email
    }


def test_who_accepts_has_agreed_and_an_import_taken_back_takes_that_back(
    home: Path, tmp_path: Path
) -> None:
    number = imported(
        tmp_path,
        "太郎,山田,taro@example.com,yes,千代田1-2-3,千代田区,100-0001,no",
        "Jiro,Suzuki,jiro@example.com,no,,,,no",
    )

    assert states() == {"taro@example.com": "granted", "jiro@example.com": "unasked"}
    taro, jiro = people.everybody(limit=10)
    assert (taro.name, jiro.name, taro.street) == ("山田 太郎", "Jiro Suzuki", "千代田1-2-3")
    (entry,) = selectors.entries_of(CustomerId(taro.id))
    assert (entry.source, entry.proof) == ("import", f"import:{number}")
    undo_import(number, actor="alice")
    undone = models.Entry.objects.get(act="undone")
    assert (undone.undoes, undone.proof) == (entry.id, f"entry:{entry.id}")


def test_a_file_of_before_lifts_no_refusal(home: Path, tmp_path: Path) -> None:
    row = "太郎,山田,taro@example.com,yes,,,,no"
    imported(tmp_path, row)
    (taro,) = people.everybody(limit=10)
    services.record(taro.id, Said("email", "marketing", "withdrawn", "one_click"), by="customer")

    imported(tmp_path, row, "Jiro,Suzuki,jiro@example.com,yes,,,,no")

    assert states() == {"taro@example.com": "refused", "jiro@example.com": "granted"}
