"""Consents of a file: in sets, each once, and what is wrong is told by row, column and value."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from joren.protect.consent import models, selectors, services
from joren.protect.consent.contracts import BadConsents, BadRow, Imported, Matter
from tests.protect.consent.cast import people

pytestmark = pytest.mark.django_db

NEWS = Matter("email", "marketing")


def imported(path: Path, text: str, *, encoding: str = "utf-8", **more: object) -> Imported:
    path.write_text(text, encoding=encoding)
    return services.import_consents(path, zone="Asia/Tokyo", by="test", **more)  # type: ignore[arg-type]


def test_people_are_found_by_address_and_by_number(tmp_path: Path) -> None:
    people(1, 2, 3)
    text = (
        "email,store,customer_number,channel,purpose,state,at,proof\n"
        "C1@shop.example,,,email,,granted,2026-04-01 09:30,form-7\n"
        ",own,K2,LINE,marketing,withdrawn,2026/04/02,\n"
        ",,K3,email,surveys,granted,2026-04-03T09:00:00+02:00,\n"
    )

    done = imported(tmp_path / "a.csv", text, store="own")

    assert done == Imported(3, 3, 0, 0, ())
    [first] = selectors.entries_of(1)
    assert (first.at, first.proof, first.source) == (
        datetime(2026, 4, 1, 0, 30, tzinfo=UTC), "form-7", "import",
    )  # fmt: skip
    assert selectors.entries_of(2)[0].channel == "line"
    assert selectors.entries_of(3)[0].at == datetime(2026, 4, 3, 7, tzinfo=UTC)


def test_the_same_file_again_records_nothing(tmp_path: Path) -> None:
    people(1)
    text = "email,channel,state,at\nc1@shop.example,email,granted,2026-04-01\n"
    imported(tmp_path / "a.csv", text)

    again = imported(tmp_path / "a.csv", text)

    assert (again.recorded, again.repeated) == (0, 1)
    assert models.Entry.objects.count() == 1


def test_what_is_wrong_is_told_by_row_column_and_value_and_the_rest_comes_in(
    tmp_path: Path,
) -> None:
    people(1)
    text = (
        "email,channel,purpose,state,at,basis,proof\n"
        "c1@shop.example,email,,granted,2026-04-01,,\n"
        "nobody@shop.example,email,,granted,2026-04-01,,\n"
        "c1@shop.example,pigeon,,granted,2026-04-01,,\n"
        "c1@shop.example,email,transactional,granted,2026-04-01,,\n"
        "c1@shop.example,email,,perhaps,2026-04-01,,\n"
        "c1@shop.example,email,,granted,2026-02-31,,\n"
        "c1@shop.example,email,,granted,2999-01-01,,\n"
        "c1@shop.example,email,,granted,,,\n"
        "c1@shop.example,email,,relied,2026-04-01,address_given,\n"
        "c1@shop.example,email,,granted,2026-04-01,,x@y.example\n"
    )

    done = imported(tmp_path / "a.csv", text)

    assert (done.rows, done.recorded, done.refused) == (10, 1, 9)
    assert [(one.row, one.column, one.value) for one in done.bad] == [
        (3, "email", "nobody@shop.example"),
        (4, "channel", "pigeon"),
        (5, "purpose", "transactional"),
        (6, "state", "perhaps"),
        (7, "at", "2026-02-31"),
        (8, "at", "2999-01-01"),
        (9, "at", ""),
        (10, "basis", "address_given"),
        (11, "proof", "x@y.example"),
    ]
    assert done.bad[0] == BadRow(3, "email", "nobody@shop.example", "nobody is known by it")


def test_an_old_list_does_not_overrule_a_refusal(tmp_path: Path) -> None:
    people(1)
    services.set_by_hand(1, NEWS, may=False, reason="said so", by="test")

    imported(
        tmp_path / "a.csv", "email,channel,state\nc1@shop.example,email,granted\n",
        as_of=date(2026, 1, 1),
    )  # fmt: skip

    (standing,) = selectors.standings_of(1, [NEWS])
    assert standing.state == "refused"
    assert len(selectors.entries_of(1)) == 2


def test_a_file_of_japanese_excel_is_read(tmp_path: Path) -> None:
    people(1)
    text = "email,channel,state,at,備考\nc1@shop.example,email,granted,2026-04-01,店頭で記入\n"

    assert imported(tmp_path / "a.csv", text, encoding="cp932").recorded == 1
    assert imported(tmp_path / "b.csv", "\ufeff" + text).repeated == 1


def test_a_file_without_the_columns_is_refused_with_what_it_has(tmp_path: Path) -> None:
    with pytest.raises(BadConsents, match="name, state"):
        imported(tmp_path / "a.csv", "name,state\nx,granted\n")


def test_twenty_thousand_rows_are_a_handful_of_statements(
    tmp_path: Path, django_assert_max_num_queries: object
) -> None:
    people(1)
    rows = "\n".join(
        f"c1@shop.example,email,granted,{datetime(2026, 4, 1) + timedelta(seconds=second)}"  # noqa: DTZ001 (as a file without a zone has it)
        for second in range(20_000)
    )

    with django_assert_max_num_queries(30):  # type: ignore[operator]
        done = imported(tmp_path / "a.csv", f"email,channel,state,at\n{rows}\n")

    assert done.recorded == 20_000
