"""Files and links that show a practice: told by what is inside, kept under the home, erased."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from typer.testing import CliRunner

from joren.core.clock import now
from joren.core.erasing import ERASERS, Traces
from joren.measure.practices import models, selectors, services
from joren.measure.practices.commands import practices_app
from joren.measure.practices.contracts import (
    MOST_BYTES,
    MOST_PIECES,
    BadEvidence,
    NoSuchEvidence,
    NoSuchPractice,
    PracticeInUse,
    PracticeText,
)
from joren.measure.trials import models as trials
from joren.protect.audit import selectors as audit

pytestmark = pytest.mark.django_db
Committing = Callable[..., AbstractContextManager[object]]
PDF = b"%PDF-1.7 a box"


def office(text: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("xl/sharedStrings.xml", f"<t>{text}</t>")
    return packed.getvalue()


def locked(text: str) -> bytes:
    """As if it had a password: the flag of every part says so."""
    whole = bytearray(office(text))
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        whole[whole.index(sign) + at] |= 1
    return bytes(whole)


def damaged(text: str) -> bytes:
    """Its parts are listed, yet nothing unpacks."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/sharedStrings.xml", f"<t>{text}</t>" * 99)
    whole = bytearray(packed.getvalue())
    start = 30 + len("xl/sharedStrings.xml")
    whole[start : start + 20] = b"\xff" * 20
    return bytes(whole)


def kept(name: str, content: bytes, key: str = "packaging") -> int:
    return services.add_file(key, name=name, parts=[content], by="alice").id


def test_a_file_is_kept_under_the_home_and_the_same_one_once(home: Path) -> None:
    first = kept("C:\\photos\\箱.pdf", PDF)
    again = kept("other.pdf", PDF)

    assert first == again
    [one] = selectors.evidence_of("packaging")
    assert (one.name, one.size, one.media_type) == ("箱.pdf", len(PDF), "application/pdf")
    path = selectors.path_of(first)
    assert path.read_bytes() == PDF
    assert path.parent == home / "evidence"
    assert path.stat().st_mode & 0o077 == 0
    assert len(list(path.parent.iterdir())) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("run.exe", b"MZ"), ("page.html", b"<script>"), ("box.pdf", b"<script>"), ("box.png", PDF),
        ("list.csv", b"a\0b"), ("empty.txt", b""), ("large.txt", b"x" * (MOST_BYTES + 1)),
    ],
)  # fmt: skip
def test_what_is_no_such_file_inside_or_too_large_leaves_nothing(
    home: Path, name: str, content: bytes
) -> None:
    with pytest.raises(BadEvidence):
        kept(name, content)

    assert selectors.evidence_of("packaging") == []
    assert list((home / "evidence").iterdir()) == []


def test_only_links_that_a_browser_may_follow_are_kept() -> None:
    made = services.add_link("packaging", url=" https://example.com/a ", by="alice")

    assert (made.kind, made.name) == ("link", "https://example.com/a")
    for bad in ("javascript:alert(1)", "ftp://example.com", "example.com", "https://"):
        with pytest.raises(BadEvidence):
            services.add_link("packaging", url=bad, by="alice")
    with pytest.raises(NoSuchEvidence):
        selectors.path_of(made.id)
    with pytest.raises(NoSuchPractice):
        services.add_link("nothing", url="https://example.com", by="alice")


def test_a_practice_has_so_many_pieces_at_most() -> None:
    models.Evidence.objects.bulk_create(
        models.Evidence(practice="packaging", kind="link", name="x", url="https://example.com",
                        added_at=now(), added_by="alice")
        for _ in range(MOST_PIECES)
    )  # fmt: skip

    with pytest.raises(BadEvidence):
        kept("box.pdf", PDF)


def test_what_a_crash_left_is_cleared_by_the_next_file(home: Path) -> None:
    kept("box.pdf", PDF)
    left, restored = home / "evidence" / "left.part", home / "evidence" / "restored"
    for one in (left, restored):
        one.write_bytes(b"x")
        os.utime(one, (0, 0))

    kept("more.txt", b"more")

    assert not left.exists()
    assert restored.exists()  # its row may come with the database, after the files
    assert len(list((home / "evidence").iterdir())) == 3


def test_a_removed_file_is_gone_only_when_that_stands(
    home: Path, django_capture_on_commit_callbacks: Committing
) -> None:
    number = kept("box.pdf", PDF)
    path = selectors.path_of(number)

    with transaction.atomic():
        services.drop(number, by="alice")
        transaction.set_rollback(True)
    assert path.exists()

    with django_capture_on_commit_callbacks(execute=True):
        services.drop(number, by="alice")
    assert not path.exists()
    assert selectors.evidence_of("packaging") == []


def test_own_ones_go_with_what_shows_them_unless_they_were_begun_or_tried(
    home: Path, django_capture_on_commit_callbacks: Committing
) -> None:
    key = services.add("カード", by="alice").key
    path = selectors.path_of(kept("card.pdf", PDF, key))
    tried = services.add("箱", by="alice").key
    trials.Trial.objects.create(
        practice=tried, unit="week", first=now().date(), last=now().date(), horizon_days=1,
        period_days=7, washout_days=1, salt="s", drawn_at=now(), drawn_by="alice",
    )  # fmt: skip
    begun = services.add("紙", by="alice").key
    services.write(begun, PracticeText(started_on=now().date()), by="alice")

    for stays in (tried, begun, "packaging"):
        with pytest.raises(PracticeInUse):
            services.remove(stays, by="alice")
    with django_capture_on_commit_callbacks(execute=True):
        services.remove(key, by="alice")

    assert not path.exists()
    assert not models.Evidence.objects.exists()
    with pytest.raises(NoSuchPractice):
        selectors.practice(key)


def test_who_is_forgotten_goes_out_of_texts_and_tables(
    home: Path, django_capture_on_commit_callbacks: Committing
) -> None:
    theirs = [
        kept("list.csv", b"name\nTaro,TARO@example.com\n"), kept("s.xlsx", office("090-1234-5678")),
    ]  # fmt: skip
    others = [
        kept("box.pdf", PDF), kept("t.txt", b"hanako@example.com"),
        kept("o.xlsx", office("nobody")), kept("broken.xlsx", b"PK\x03\x04 broken"),
        kept("locked.xlsx", locked("090-1234-5678")), kept("d.xlsx", damaged("090-1234-5678")),
    ]  # fmt: skip
    eraser = ERASERS["practices"]
    traces = Traces((1,), emails=frozenset({"taro@example.com"}),
                    phones=frozenset({"+819012345678"}))  # fmt: skip

    [told] = eraser.goes(traces).values()
    [unread] = eraser.stays(traces).values()
    with django_capture_on_commit_callbacks(execute=True):
        eraser.erase(traces)
    eraser.erase(traces)  # again is the same

    assert told == 2
    assert unread == 4  # the PDF, and what is broken, locked and damaged
    assert {one.id for one in selectors.evidence_of("packaging")} == set(others)
    assert len(list((home / "evidence").iterdir())) == len(others)
    for gone in theirs:
        with pytest.raises(NoSuchEvidence):
            selectors.path_of(gone)


def test_the_page_and_programs_keep_take_and_remove_them(
    home: Path, alice_the_admin: Client, bob_the_viewer: Client
) -> None:
    page = "/practices/packaging/"
    file = SimpleUploadedFile("箱.pdf", PDF)
    alice_the_admin.post(f"{page}evidence/", {"file": file, "note": "新しい箱"})
    alice_the_admin.post(f"{page}evidence/", {"url": "https://example.com/box", "name": "写真"})
    made = alice_the_admin.post(
        "/api/practices/packaging/evidence/files",
        {"file": SimpleUploadedFile("b.txt", b"more"), "note": "b"},
    )

    shown = bob_the_viewer.get(page).content.decode()
    number = made.json()["id"]
    taken = bob_the_viewer.get(f"/practices/evidence/{number}/")
    refused = bob_the_viewer.post(f"/practices/evidence/{number}/drop/")

    for words in ("箱.pdf", "新しい箱", "https://example.com/box", "写真"):
        assert words in shown
    assert b"".join(taken.streaming_content) == b"more"  # type: ignore[attr-defined]
    assert taken["Content-Disposition"].startswith("attachment")
    assert refused.status_code == 403
    entries = audit.entries_named(
        ("practices.evidence_taken",), kinds=("practice_evidence",), limit=9
    )
    assert [one.subject_id for one in entries] == [str(number)]
    assert alice_the_admin.delete(f"/api/practice-evidence/{number}").status_code == 204
    assert len(alice_the_admin.get("/api/practices/packaging/evidence").json()["items"]) == 2


def test_the_terminal_keeps_and_takes_them(home: Path, tmp_path: Path) -> None:
    file, out = tmp_path / "card.pdf", tmp_path / "out.pdf"
    file.write_bytes(PDF)
    run = CliRunner().invoke

    said = run(practices_app, ["evidence", "packaging", "--file", str(file), "--note", "カード"])
    [one] = selectors.evidence_of("packaging")
    run(practices_app, ["take", str(one.id), "--out", str(out)])
    run(practices_app, ["evidence", "packaging", "--drop", str(one.id)])

    assert "card.pdf" in said.output
    assert out.read_bytes() == PDF
    assert selectors.evidence_of("packaging") == []
