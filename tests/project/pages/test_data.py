"""The page Data: files in, columns said, rows repaired, figures built, all without a terminal."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from joren.collect.connectors import typing
from joren.collect.connectors.formats import known
from joren.collect.connectors.selectors import (
    import_state,
    imports,
    mappings,
    quarantine,
    waiting_count,
)
from joren.collect.connectors.tasks import carry_out_waiting
from joren.project import refresh_runs
from joren.project.pages.views.data import words
from joren.protect.audit.models import Entry
from tests.collect.connectors.workbooks import write_workbook

pytestmark = pytest.mark.django_db(transaction=True)

STRANGE = "だれ,いつ,いくら\n7,2026-10-01,500\n8,2026-10-02,600\n"
BAD = (
    "order_number,date,email,price\n"
    "a,2026-10-01,taro@example.com,free\na,2026-10-01,taro@example.com,100\n"
    "b,2026-10-02,jiro@example.com,free\nc,2026-10-03,,300\n"
)


def upload(client: Client, content: str | bytes, **said: str) -> int:
    packed = content.encode() if isinstance(content, str) else content
    sent = SimpleUploadedFile("log.csv", packed)
    answer = client.post("/data/upload/", {"kind": "orders", "files": sent, **said})
    assert answer.status_code == 302, answer.content.decode()
    return imports().items[0].id


def page(client: Client, address: str, language: str = "en") -> str:
    answer = client.get(address, headers={"accept-language": language})
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_file_goes_in_from_upload_to_value(alice_the_admin: Client, home: Path) -> None:
    number = upload(alice_the_admin, STRANGE, hold="yes")
    columns = page(alice_the_admin, f"/data/imports/{number}/")
    assert "<option selected>いつ</option>" in columns
    said = {
        "column-customer_number": "だれ",
        "column-ordered_at": "いつ",
        "column-amount": "いくら",
    }
    looked = alice_the_admin.post(f"/data/imports/{number}/", {**said, "do": "preview"})
    assert "¥500" in looked.content.decode()

    alice_the_admin.post(f"/data/imports/{number}/", {**said, "do": "begin"})
    assert "hx-get" in page(alice_the_admin, "/data/progress/")
    carry_out_waiting.call()
    assert "hx-get" not in page(alice_the_admin, "/data/progress/")
    alice_the_admin.post("/data/refresh/")
    run = refresh_runs.latest()
    assert run is not None
    refresh_runs.carry_out(run.id)

    assert refresh_runs.run(run.id).status == "done"
    assert 'class="tile"' in page(alice_the_admin, "/value/")
    (kept,) = mappings()
    toml = alice_the_admin.get(f"/data/mappings/{kept.id}.toml").content.decode()
    assert 'amount = "いくら"' in toml


def test_a_file_whose_columns_are_unknown_asks_for_them(
    alice_the_admin: Client, home: Path
) -> None:
    number = upload(alice_the_admin, STRANGE)
    carry_out_waiting.call()

    found = page(alice_the_admin, "/data/", "ja")

    assert "見出しからは、どの列が何かわかりません。" in found
    assert f"/data/imports/{number}/" in found


def test_a_cell_is_repaired_and_its_order_comes_in(alice_the_admin: Client, home: Path) -> None:
    upload(alice_the_admin, BAD)
    carry_out_waiting.call()
    shown = page(alice_the_admin, "/data/quarantine/", "ja")
    first = next(row for row in quarantine().items if row.value == "free")

    alice_the_admin.post("/data/quarantine/repair/", {"row": first.id, "cell-3": "50"})

    assert "同じ注文の1行目を待っています" in shown
    assert [row.group for row in quarantine().items] == ["b"]
    deed = Entry.objects.filter(action="connectors.rows_retried").latest("id")
    assert (deed.detail["rows"], deed.detail["repaired"]) == (1, 1)


def test_one_value_is_replaced_in_all_rows_that_wait_for_it(
    alice_the_admin: Client, home: Path
) -> None:
    upload(alice_the_admin, BAD)
    carry_out_waiting.call()

    alice_the_admin.post(
        "/data/quarantine/replace/", {"column": "price", "value": "free", "replacement": "0"}
    )

    assert waiting_count() == 0


def test_what_was_dropped_can_be_put_back(alice_the_admin: Client, home: Path) -> None:
    upload(alice_the_admin, BAD)
    carry_out_waiting.call()
    (fault,) = {(row.column, row.expected) for row in quarantine().items if row.column}

    alice_the_admin.post("/data/quarantine/drop/", {"column": fault[0], "expected": fault[1]})
    dropped = quarantine(state="dropped").items
    alice_the_admin.post("/data/quarantine/restore/", {"row": dropped[0].id})

    assert len(dropped) == 2
    assert dropped[0].id in {row.id for row in quarantine().items}
    assert "Put back" in page(alice_the_admin, "/data/quarantine/?state=dropped")


def test_waiting_rows_come_as_a_file_of_their_own_columns(
    alice_the_admin: Client, home: Path
) -> None:
    number = upload(alice_the_admin, BAD)
    carry_out_waiting.call()

    text = b"".join(alice_the_admin.get(f"/data/quarantine/{number}.csv")).decode("utf-8-sig")

    assert text.splitlines()[0] == "order_number,date,email,price"
    assert len(text.splitlines()) == 4
    deed = Entry.objects.filter(action="connectors.rows_exported").latest("id")
    assert (deed.subject_kind, deed.subject_id) == ("quarantine", str(number))


def test_who_saw_the_people_in_waiting_rows_is_written_down_once_for_a_page(
    alice_the_admin: Client, bob_the_viewer: Client, home: Path
) -> None:
    number = upload(alice_the_admin, BAD)
    carry_out_waiting.call()
    # The book is never emptied: deeds of other tests stand before these.
    earlier = set(Entry.objects.values_list("pk", flat=True))

    page(alice_the_admin, f"/data/quarantine/?import={number}")
    alice_the_admin.get("/api/quarantine", {"limit": 1})
    page(bob_the_viewer, "/data/quarantine/")
    bob_the_viewer.get("/api/quarantine")

    seen = Entry.objects.filter(action="connectors.rows_seen").exclude(pk__in=earlier)
    deeds = seen.order_by("pk")
    told = [(deed.subject_id, deed.detail["rows"]) for deed in deeds]
    assert told == [(str(number), 3), ("", 1)]


def test_a_viewer_sees_why_rows_wait_and_nobody_in_them(
    alice_the_admin: Client, bob_the_viewer: Client, home: Path
) -> None:
    upload(alice_the_admin, BAD)
    carry_out_waiting.call()

    seen = page(bob_the_viewer, "/data/quarantine/")
    answered = bob_the_viewer.get("/api/quarantine").json()["items"]

    assert "taro@" not in seen
    assert "•••" in seen
    assert {cell for row in answered for cell in row["raw"].values()} == {"•••"}
    for address in ("repair", "replace", "drop", "restore"):
        assert bob_the_viewer.post(f"/data/quarantine/{address}/").status_code == 403
    assert bob_the_viewer.post("/data/upload/").status_code == 403
    assert not re.search(r'name="files"', page(bob_the_viewer, "/data/"))


def test_pages_of_many_rows_follow_one_another(alice_the_admin: Client, home: Path) -> None:
    rows = "".join(f"{n},2026-10-01,none\n" for n in range(120))
    upload(alice_the_admin, "order_number,date,price\n" + rows + "x,2026-10-01,5\n")
    carry_out_waiting.call()

    seen, address = set(), "/data/quarantine/"
    while address:
        found = page(alice_the_admin, address)
        seen |= set(re.findall(r"Order (\d+)", found))
        more = re.search(r'href="(\?[^"]*after=[^"]+)"', found)
        address = f"/data/quarantine/{more[1]}".replace("&amp;", "&") if more else ""

    assert len(seen) == 120


def test_one_refresh_runs_at_a_time_and_a_dead_one_is_given_up(
    alice_the_admin: Client, home: Path
) -> None:
    first = alice_the_admin.post("/api/refreshes", {}, "application/json")
    second = alice_the_admin.post("/api/refreshes", {}, "application/json")
    number = first.json()["id"]
    refresh_runs.models.RefreshRun.objects.filter(pk=number).update(status="running")

    third = alice_the_admin.post("/api/refreshes", {}, "application/json")

    assert (first.status_code, second.status_code, third.status_code) == (202, 409, 202)
    assert second.json()["code"] == "RefreshUnderWay"
    assert alice_the_admin.get(f"/api/refreshes/{number}").json()["code"] == "Interrupted"
    refresh_runs.carry_out(third.json()["id"])
    ended = alice_the_admin.get("/api/refreshes").json()["items"][0]
    assert (ended["status"], ended["code"]) == ("refused", "NothingToConclude")


def test_the_page_knows_the_importers_own_words() -> None:
    assert set(words.EXPECTED) == set(typing.EXPECTED.values())


def test_the_sheet_of_a_workbook_is_chosen_from_its_sheets(
    alice_the_admin: Client, home: Path, tmp_path: Path
) -> None:
    head = ["customer", "date", "amount"]
    book = write_workbook(
        tmp_path / "book.xlsx",
        {"十月": [head, ["1", "2026-10-01", 500]], "十一月": [head, ["2", "2026-11-01", 600]]},
    )
    number = upload(alice_the_admin, book.read_bytes(), hold="yes")

    first = page(alice_the_admin, f"/data/imports/{number}/")
    said = {"do": "preview", "sheet": "十一月", "sheet-shown": "", "column-amount": "of the other"}
    second = alice_the_admin.post(f"/data/imports/{number}/", said).content.decode()
    alice_the_admin.post(f"/data/imports/{number}/", {**said, "do": "begin"})
    carry_out_waiting.call()

    assert '<option value="十月">' in first
    assert "2026-10-01" in first
    assert '<option value="十一月" selected>' in second
    assert "2026-11-01" in second
    assert import_state(number).accepted == 1


def test_a_file_of_a_known_format_is_read_with_a_mapping_of_ones_own(
    alice_the_admin: Client, home: Path
) -> None:
    known = (
        "注文ID,注文日時,対応状況,商品コード,価格,個数\n1,2026-10-01 10:00:00,新規受付,tea,500,2\n"
    )
    number = upload(alice_the_admin, known, hold="yes")
    address = f"/data/imports/{number}/"

    recognised = page(alice_the_admin, address)
    own = alice_the_admin.post(address, {"do": "own"}).content.decode()
    columns = {"column-ordered_at": "注文日時", "column-amount": "価格", "column-quantity": ""}
    alice_the_admin.post(address, {"do": "begin", "own": "yes", **columns})
    carry_out_waiting.call()

    assert 'value="own"' in recognised
    assert 'name="column-ordered_at"' not in recognised
    assert 'name="column-ordered_at"' in own
    state = import_state(number)
    assert (state.format, state.accepted) == ("generic", 1)


def test_what_formats_say_of_their_files_has_words_on_pages() -> None:
    headers = {
        "ecforce": ("受注番号", "受注日", "購入商品（商品コード）", "支払い合計"),
        "amazon": ("amazon-order-id", "purchase-date", "order-status", "item-price"),
        "rakuten": ("注文番号", "注文日時", "ステータス", "商品管理番号", "単価", "個数"),
    }

    for name, header in headers.items():
        said = known.meaning_of(header, known.format_named(name, header)).notices
        assert said
        assert set(said) <= set(words.NOTICES)
