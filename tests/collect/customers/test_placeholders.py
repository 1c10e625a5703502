"""A contact that names nobody joins nobody, and is kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from joren.collect.customers import models, rules, selectors
from joren.collect.customers.services import key_line, name_nobody, name_somebody, rotate_keys
from joren.collect.customers.services.erasing import ERASER, traces_of
from joren.core.errors import BadInput
from joren.core.ids import CustomerId
from joren.protect.audit.selectors import entries
from tests.collect.customers.arriving import keep

pytestmark = pytest.mark.django_db(transaction=True)

_SHARED = "+81312345678"


def _rows(count: int, **said: str) -> list[dict[str, Any]]:
    return [{"customer_number": str(place), **said} for place in range(count)]


def _people(found: list[int | None]) -> int:
    return len(set(found))


@pytest.mark.parametrize(
    ("contact", "nobody"),
    [
        ("e:noreply@shop.jp", True), ("e:no-reply+7@shop.jp", True), ("e:do_not_reply@x.jp", True),
        ("e:dummy@example.com", True), ("e:noreplyhanako@shop.jp", False), ("e:a@shop.jp", False),
        ("p:+81000000000", True), ("p:+81111111111", True), ("p:+819000000000", True),
        ("p:+819012345678", False), ("p:+818088888888", False), ("p:+81312345678", False),
    ],
)  # fmt: skip
def test_what_looks_like_nobodys_contact_does_so_in_columns_too(contact: str, nobody: bool) -> None:
    told = rules.nobodys_email("c") if contact[0] == "e" else rules.nobodys_phone("c")

    (row,) = duckdb.sql(f"SELECT {told} FROM (SELECT '{contact[2:]}' AS c)").fetchall()

    assert row == (nobody,)
    assert rules.names_nobody(contact) is nobody


def test_a_placeholder_joins_nobody_and_is_kept_as_a_contact(home: Path, tmp_path: Path) -> None:
    found = keep(tmp_path, *_rows(3, email="noreply@shop.jp", phone="+819000000000"))

    assert _people(found) == 3
    known = selectors.customer(CustomerId(found[0] or 0))
    assert (known.email, known.phone) == ("noreply@shop.jp", "+819000000000")


def test_a_contact_of_many_numbers_joins_nobody_wherever_in_the_file(
    home: Path, tmp_path: Path
) -> None:
    first = keep(tmp_path, *_rows(21, email="shop@shop.jp"))

    assert _people(first) == 21
    (told,) = selectors.placeholders()
    assert (told.contact, told.numbers, told.real) == ("shop@shop.jp", 21, False)
    assert "shop@shop.jp" not in str(list(models.Placeholder.objects.values()))
    later = keep(tmp_path, {"customer_number": "90", "email": "shop@shop.jp"})
    assert not {*later} & {*first}


def test_a_contact_of_twenty_numbers_is_one_persons(home: Path, tmp_path: Path) -> None:
    found = keep(tmp_path, *_rows(20, email="a@shop.jp"), {"customer_number": "0"})

    assert _people(found) == 1
    assert selectors.placeholders() == ()


def test_what_a_person_says_of_a_contact_holds_from_then_on(home: Path, tmp_path: Path) -> None:
    name_nobody(" Shop@shop.jp", by="member:1", why="typed at the till")
    assert _people(keep(tmp_path, *_rows(2, email="shop@shop.jp"))) == 2

    name_somebody("shop@shop.jp", by="member:2")
    name_somebody("noreply@shop.jp", by="member:2")

    assert _people(keep(tmp_path, *_rows(2, email="shop@shop.jp"))) == 1
    mine = keep(tmp_path, {"customer_number": "8", "email": "noreply@shop.jp"},
                {"customer_number": "9", "email": "noreply@shop.jp"})  # fmt: skip
    assert _people(mine) == 1
    deeds = entries(action="customers.contact", limit=3).items
    assert [one.actor for one in deeds] == ["member:2", "member:2", "member:1"]
    assert not any("@" in one.subject_id for one in deeds)


def test_what_is_no_contact_is_refused(home: Path) -> None:
    with pytest.raises(BadInput):
        name_nobody("nobody", by="member:1")


def test_the_list_is_sealed_anew_with_the_rest(home: Path, settings: Any) -> None:
    name_nobody("0312345678", by="member:1")
    settings.JOREN_PERSONAL_KEYS = f"{key_line('k9')} {settings.JOREN_PERSONAL_KEYS}"

    rotate_keys(by="t")

    assert [one.key for one in selectors.placeholders()] == ["p:+81312345678"]
    assert models.Placeholder.objects.filter(sealed__startswith="k9.").count() == 1


def test_who_is_erased_takes_along_what_was_taken_for_nobodys_and_is_theirs_alone(
    home: Path, tmp_path: Path
) -> None:
    name_nobody("mine@shop.jp", by="member:1", why="x" * 900)
    name_nobody("0312345678", by="member:1")
    name_nobody("0398765432", by="member:1")
    own, _ = keep(
        tmp_path,
        {"customer_number": "1", "email": "mine@shop.jp", "phone": _SHARED},
        {"customer_number": "2", "phone": _SHARED},
    )
    assert {len(one.why) for one in selectors.placeholders()} == {0, 500}
    traces = traces_of([own or 0])
    assert traces is not None

    said = [ERASER.goes(traces), ERASER.erase(traces)]

    assert [one["contacts taken for placeholders"] for one in said] == [1, 1]
    assert {one.contact for one in selectors.placeholders()} == {_SHARED, "+81398765432"}


def test_nothing_is_somebodys_because_of_a_contact_of_nobody(home: Path, tmp_path: Path) -> None:
    (one,) = keep(tmp_path, {"customer_number": "1", "email": "noreply@shop.jp"})

    traces = traces_of([one or 0])

    assert traces is not None
    assert traces.emails == frozenset()
    assert [number for _, number in traces.numbers] == ["1"]
