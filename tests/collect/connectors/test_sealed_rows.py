"""What waiting rows say of people lies sealed, and is found, repaired, erased and rotated still."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import connection

from joren.collect.connectors import models, opening, selectors, services
from joren.collect.connectors.services.sealing import seal_open
from joren.collect.customers.contracts import WrongKey
from joren.collect.customers.services import key_line, rotate_keys
from joren.core.erasing import ERASERS, Traces

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

FILE = (
    "customer_number,email,name,registered_at\n"
    "1,hanako@example.com,山田花子,soon\n"
    "2,taro@example.com,山田太郎,soon\n"
    "3,jiro@example.com,山田次郎,2026-13-45\n"
)


@pytest.fixture
def waiting(tmp_path: Path) -> Path:
    """A file of which all rows wait."""
    path = tmp_path / "customers.csv"
    path.write_text(FILE, encoding="utf-8")
    assert services.import_file(path, kind="customers", store="own").quarantined == 3
    return path


def kept() -> str:
    """All that stands in the table, as one text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM connectors_quarantinedrow")
        return json.dumps(cursor.fetchall(), default=str, ensure_ascii=False)


def opened_again() -> None:
    """The rows as an older version wrote them."""
    for one in opening.opened(list(models.QuarantinedRow.objects.all())):
        models.QuarantinedRow.objects.filter(pk=one.row.pk).update(
            raw=list(one.cells.items()), value=one.value, reason=one.reason, sealed="", value_key=""
        )


def shown() -> list[tuple[Any, ...]]:
    return [(one.row, one.column, one.value, one.reason, one.raw)
            for one in selectors.quarantine().items]  # fmt: skip


def test_nobody_stands_in_the_table_and_everybody_on_the_page(waiting: Path) -> None:
    for secret in ("hanako", "example.com", "山田", "soon", "2026-13-45"):
        assert secret not in kept()

    (first, *_) = selectors.quarantine().items
    (fault,) = selectors.faults()

    assert (first.value, first.raw["email"]) == ("soon", "hanako@example.com")
    assert "'soon'" in first.reason
    assert (fault.rows, fault.values) == (3, (("soon", 2), ("2026-13-45", 1)))
    assert selectors.waiting_row(first.id).raw["name"] == "山田花子"
    (import_id,) = selectors.waiting_by_import()
    assert [*selectors.waiting_as_lines(import_id)][1][:2] == ["1", "hanako@example.com"]


def test_rows_of_before_are_read_open_and_sealed_by_the_sweep(waiting: Path) -> None:
    before, faults = shown(), selectors.faults()
    opened_again()

    assert "hanako@example.com" in kept()
    assert (shown(), selectors.faults()) == (before, faults)
    assert seal_open() == 3
    assert seal_open() == 0
    assert "hanako" not in kept()
    assert (shown(), selectors.faults()) == (before, faults)


@pytest.mark.parametrize("older", [False, True])
def test_one_value_is_put_for_another_in_every_row_that_has_it(waiting: Path, older: bool) -> None:
    if older:
        opened_again()
    (column, *_) = {row.column for row in selectors.quarantine().items}

    (report,) = services.replace_value(column, "soon", "2026-01-01")

    assert (report.read, report.accepted) == (2, 2)
    assert [one[2] for one in shown()] == ["2026-13-45"]


@pytest.mark.parametrize("older", [False, True])
def test_who_is_erased_is_found_in_them(waiting: Path, older: bool) -> None:
    if older:
        opened_again()
    hers = Traces((1,), emails=frozenset({"hanako@example.com"}))
    eraser = ERASERS["connectors"]

    told = eraser.export(hers)  # type: ignore[misc]
    done = eraser.erase(hers)

    assert [one["name"] for one in told] == ["山田花子"]
    assert done["rows in quarantine"] == 1
    assert [one[4]["name"] for one in shown()] == ["山田太郎", "山田次郎"]


def test_another_key_seals_them_anew_and_a_wrong_one_opens_nothing(
    waiting: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, sealed = shown(), kept()
    keys = f"{key_line('k2')} {configured.JOREN_PERSONAL_KEYS}"
    monkeypatch.setattr(configured, "JOREN_PERSONAL_KEYS", keys)

    rotate_keys(by="alice")

    assert kept() != sealed
    assert '"k2.' in kept()
    assert shown() == before
    with monkeypatch.context() as other:
        other.setattr(configured, "JOREN_PERSONAL_KEYS", "k9:" + "A" * 43 + "=")
        with pytest.raises(WrongKey):
            selectors.quarantine()


def test_a_seal_holds_for_its_own_place_alone(waiting: Path) -> None:
    one, other = models.QuarantinedRow.objects.order_by("pk")[:2]
    models.QuarantinedRow.objects.filter(pk=one.pk).update(sealed=other.sealed)

    with pytest.raises(WrongKey):
        selectors.waiting_row(one.pk)


def test_a_line_that_is_no_row_is_sealed_too(tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("customer_number,email\n1,a@example.com\n2,hanako@example.com,3,4\n")

    services.import_file(path, kind="customers", store="own")

    assert "hanako" not in kept()
    assert "hanako@example.com" in selectors.quarantine().items[0].value
