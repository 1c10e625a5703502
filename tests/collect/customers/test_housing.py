"""Where people live: each address once, the last that was given, and gone with its import."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from joren.collect.customers import models, selectors
from joren.collect.customers.contracts import CustomerId
from joren.collect.customers.services import (
    forget_people,
    key_line,
    merge_customers,
    rotate_keys,
    undo_merge,
)
from joren.collect.customers.services.erasing import ERASER, traces_of
from joren.plumbing.warehouse import warehouse
from tests.collect.customers.arriving import add_person, keep, keep_as

pytestmark = pytest.mark.django_db(transaction=True)

OLD = {
    "postal_code": "100-0001", "prefecture": "東京都", "city": "千代田区",
    "street": "千代田１丁目２番３号", "building": "𠮷ビル 4F",
    "addressed_at": datetime(2026, 1, 5, tzinfo=UTC),
}  # fmt: skip
NEW = {
    "postal_code": "530-0001", "street": "大阪府大阪市北区梅田1-1-1",
    "addressed_at": datetime(2026, 6, 1, tzinfo=UTC),
}  # fmt: skip


def _one(tmp_path: Path, *rows: dict[str, Any]) -> CustomerId:
    (found,) = {*keep(tmp_path, *({"customer_number": "1", **row} for row in rows))}
    assert found is not None
    return CustomerId(found)


@pytest.mark.parametrize("rows", [(OLD, NEW), (NEW, OLD)])
def test_the_address_that_was_given_last_is_where_somebody_lives(
    home: Path, tmp_path: Path, rows: tuple[dict[str, Any], ...]
) -> None:
    one = _one(tmp_path, *rows)

    known = selectors.customer(one)
    now, before = selectors.addresses_of(one)
    assert (known.postal_code, known.prefecture, known.street) == (
        "530-0001", "大阪府", "大阪市北区梅田1-1-1",
    )  # fmt: skip
    assert (now.last_on, before.last_on) == (date(2026, 6, 1), date(2026, 1, 5))
    assert before.building == "𠮷ビル 4F"
    assert selectors.traits(warehouse(), "Asia/Tokyo")["prefecture"].to_pylist() == ["大阪府"]


def test_a_place_that_is_written_otherwise_is_the_same_place(home: Path, tmp_path: Path) -> None:
    later = {
        **OLD, "street": "千代田1-2-3", "building": "𠮷ビル　４Ｆ",
        "addressed_at": datetime(2026, 2, 1, tzinfo=UTC),
    }  # fmt: skip
    kanji = {**OLD, "city": "東京都千代田区", "street": "千代田区千代田一丁目2-3"}

    one = _one(tmp_path, OLD, later)
    keep(tmp_path, {"customer_number": "1", **kanji})

    (known,) = selectors.addresses_of(one)
    assert (known.first_on, known.last_on) == (date(2026, 1, 5), date(2026, 2, 1))
    assert known.street == "千代田1-2-3"


def test_an_import_that_is_taken_back_takes_its_addresses(home: Path, tmp_path: Path) -> None:
    keep_as(901, tmp_path, {"customer_number": "1", **OLD})
    (one,) = keep_as(902, tmp_path, {"customer_number": "1", **NEW})

    forget_people(902)

    assert one is not None
    assert [a.import_id for a in selectors.addresses_of(CustomerId(one))] == [901]
    assert selectors.customer(CustomerId(one)).prefecture == "東京都"


def test_a_merge_brings_the_other_s_addresses_and_undone_gives_them_back(
    home: Path, tmp_path: Path
) -> None:
    one, other = (
        CustomerId(found or 0)
        for found in keep(
            tmp_path, {"customer_number": "1", **OLD}, {"customer_number": "2", **NEW}
        )
    )

    number = merge_customers(one, other, by="member:1")
    joined = [a.prefecture for a in selectors.addresses_of(one)]
    undo_merge(number, by="member:1")

    assert joined == ["大阪府", "東京都"]
    assert [a.prefecture for a in selectors.addresses_of(one)] == ["東京都"]
    assert [a.prefecture for a in selectors.addresses_of(other)] == ["大阪府"]


def test_addresses_lie_sealed_and_open_under_another_key(
    home: Path, tmp_path: Path, settings: Settings
) -> None:
    one = _one(tmp_path, OLD)
    before = models.Address.objects.get().sealed

    settings.JOREN_PERSONAL_KEYS = f"{key_line('other')} {settings.JOREN_PERSONAL_KEYS}"
    rotate_keys(by="alice")

    after = models.Address.objects.get()
    assert "千代田" not in f"{before}{after.sealed}{after.token}"
    assert before.split(".")[0] != after.sealed.split(".")[0]
    assert selectors.customer(one).city == "千代田区"


def test_whoever_is_erased_lives_nowhere(home: Path, tmp_path: Path) -> None:
    one = _one(tmp_path, OLD, NEW)
    traces = traces_of([one])

    assert traces is not None
    assert {"530-0001", "100-0001"} <= {v for row in ERASER.export(traces) for v in row.values()}
    counted = ERASER.erase(traces)

    assert counted["postal addresses"] == 2
    assert not models.Address.objects.exists()


def test_who_has_no_street_keeps_what_was_said(home: Path, tmp_path: Path) -> None:
    add_person(7, name="山田", postal_code="1500001", prefecture="東京都")

    table = selectors.contacts_of([7])

    assert table.to_pylist()[0] | {"prefecture": "東京都", "street": ""} == table.to_pylist()[0]
    assert not models.Address.objects.exists()


def test_a_viewer_sees_no_street(home: Path, tmp_path: Path) -> None:
    one = _one(tmp_path, OLD)

    shown = selectors.customer(one).masked()
    (address,) = selectors.addresses_of(one)

    assert (shown.postal_code, shown.prefecture) == ("100***", "東京都")
    assert {shown.city, shown.street, shown.building, address.masked().street} == {"***"}
