"""Names for envelopes: who is in the file of a segment, and who is told to be left out."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from joren.decide.exports import selectors
from joren.decide.exports.contracts import HEADS
from joren.decide.segments import services as segments
from joren.decide.segments.contracts import All
from joren.protect.audit import selectors as audit
from joren.protect.consent import services as consent
from joren.protect.consent.contracts import Said
from joren.warehouse import Warehouse
from tests.collect.customers.arriving import add_person
from tests.refreshed_homes import CUSTOMERS

pytestmark = pytest.mark.django_db


@pytest.fixture
def everybody(refreshed_shop: Warehouse) -> int:
    """A segment of all; five of them are known, three agreed to post, one of these has no name."""
    people = {
        1: ("𠮷田 花子", "ヨシダ ハナコ", "１５００００１"),
        2: ("=山田", "", ""),
        3: ("", "", "1500001"),
        4: ("佐藤", "サトウ", "1500001"),
        5: ("鈴木", "スズキ", "1500001"),
    }
    for number, (name, kana, postal) in people.items():
        add_person(number, name=name, name_kana=kana, postal_code=postal, prefecture="東京都")
    for number in (1, 2, 3):
        consent.record(number, Said("post", "marketing", "granted", "form"), by="alice")
    consent.record(4, Said("post", "marketing", "withdrawn", "form"), by="alice")
    return segments.create("everybody", All(), by="alice").id


def read(answer: object, encoding: str) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode(encoding)  # type: ignore[attr-defined]
    return list(csv.reader(io.StringIO(text)))


def test_only_those_who_may_be_written_to_are_in_the_file(
    everybody: int, alice_the_admin: Client
) -> None:
    address = f"/api/segments/{everybody}/labels"

    utf, windows = (
        read(alice_the_admin.get(f"{address}?encoding={code}"), read_as)
        for code, read_as in (("utf-8", "utf-8-sig"), ("cp932", "cp932"))
    )

    assert utf[0] == list(HEADS)
    assert utf[1:] == [
        ["1", "150-0001", "東京都", "", "", "", "𠮷田 花子 様", "ヨシダ ハナコ"],
        ["2", "", "東京都", "", "", "", "'=山田 様", ""],
    ]
    assert windows[1][6] == "〓田 花子 様"
    assert [one.action for one in audit.entries(action="exports").items] == [
        "exports.labels_taken"
    ] * 2


def test_the_report_says_who_is_left_out_and_what_cannot_be_written(
    everybody: int, alice_the_admin: Client, bob_the_viewer: Client
) -> None:
    report = selectors.label_report(everybody, "cp932")

    assert (report.members, report.written, report.nameless, report.no_postal_code) == (
        CUSTOMERS, 2, 1, 1,
    )  # fmt: skip
    assert report.refused == {"refused": 1, "unasked": 1, "gone": CUSTOMERS - 5}
    assert [(one.customer_id, one.characters) for one in report.unwritable] == [(1, "𠮷")]
    page = f"/segments/{everybody}/labels/"
    assert "𠮷" in alice_the_admin.get(page, headers={"Accept-Language": "ja"}).content.decode()
    assert len(read(alice_the_admin.get(f"{page}?format=csv"), "utf-8-sig")) == 3
    for shut in (page, f"/api/segments/{everybody}/labels"):
        assert bob_the_viewer.get(shut).status_code == 403
