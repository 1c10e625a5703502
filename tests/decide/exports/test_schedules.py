"""Files that are written by themselves: once, for their owner's eyes, and without the erased."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from typer.testing import CliRunner

from joren.accounts import services as accounts
from joren.core.erasing import ERASERS, Traces
from joren.decide.exports import models, selectors, services
from joren.decide.exports.contracts import FileGone, Rhythm
from joren.decide.segments import services as segments
from joren.decide.segments.contracts import All, NoSuchSegment
from joren.project.cli.commands import export_app
from joren.protect.audit import selectors as audit
from joren.protect.consent import services as consent
from joren.protect.consent.contracts import Said
from joren.warehouse import Warehouse
from tests.collect.customers.arriving import add_person
from tests.refreshed_homes import CUSTOMERS

pytestmark = pytest.mark.django_db


@pytest.fixture
def everybody(refreshed_shop: Warehouse) -> int:
    """A segment of all, of whom two are known and agreed to post."""
    for number, name in ((1, "佐藤"), (2, "鈴木")):
        add_person(number, name=name, postal_code="1500001", prefecture="東京都")
        consent.record(number, Said("post", "marketing", "granted", "form"), by="alice")
    return segments.create("everybody", All(), by="alice").id


def test_a_file_is_written_once_taken_by_those_who_may_and_goes_in_its_time(
    everybody: int, alice_the_admin: Client, bob_the_viewer: Client
) -> None:
    sent = {"segment": everybody, "every": "day", "hour": "6", "encoding": "cp932",
            "keep_days": "2"}  # fmt: skip
    assert alice_the_admin.post("/segments/exports/plan/", sent).status_code == 302
    (plan,) = selectors.export_schedules()
    assert plan.next_at is not None
    assert services.write_due() == 0  # its first moment lies ahead

    assert services.write_due(now=plan.next_at) == 1
    assert services.write_due(now=plan.next_at + timedelta(minutes=1)) == 0

    (file,) = selectors.export_files()
    _, path = services.take_file(file.id, by="x")
    assert (file.state, file.people) == ("kept", 2)
    assert path.stat().st_mode & 0o777 == 0o600
    got = alice_the_admin.get(f"/segments/exports/files/{file.id}/")
    assert "佐藤 様" in b"".join(got.streaming_content).decode("cp932")  # type: ignore[attr-defined]
    assert bob_the_viewer.get(f"/api/exports/files/{file.id}").status_code == 403
    assert "2" in alice_the_admin.get("/segments/exports/").content.decode()
    deeds = [one.action for one in audit.entries(limit=9).items]
    assert {"exports.planned", "exports.labels_taken", "exports.file_taken"} <= {*deeds}
    services.stop_export(plan.id, by="x")
    assert services.write_due(now=plan.next_at + timedelta(days=3)) == 0
    assert not path.exists()
    with pytest.raises(FileGone):
        services.take_file(file.id, by="x")


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_everybody_with_contacts_and_figures_is_written_by_itself_and_the_erased_go(
    everybody: int, alice_the_admin: Client, encoding: str
) -> None:
    add_person(3, name="𠮷田〜", email="yoshida@example.jp")
    sent = {"segment": everybody, "content": "customers", "every": "day", "hour": "6",
            "encoding": encoding, "keep_days": "2"}  # fmt: skip
    assert alice_the_admin.post("/segments/exports/plan/", sent).status_code == 302
    (plan,) = selectors.export_schedules()
    assert plan.next_at is not None

    assert services.write_due(now=plan.next_at) == 1

    (file,) = selectors.export_files()
    _, path = services.take_file(file.id, by="x")
    text = path.read_bytes().decode("utf-8-sig" if encoding == "utf-8" else "cp932")
    head, *rows = list(csv.reader(text.splitlines()))
    named = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert (plan.content, file.content, file.people) == ("customers", "customers", CUSTOMERS)
    assert len(rows) == CUSTOMERS
    assert "佐藤" in named["1"].values()
    assert ("𠮷田〜" if encoding == "utf-8" else "〓田～") in named["3"].values()
    assert "yoshida@example.jp" in named["3"].values()
    deed = next(one for one in audit.entries(limit=9).items if one.action == "segments.exported")
    assert (deed.actor, deed.detail["personal"]) == (f"schedule:{plan.id}", True)
    assert "顧客（連絡先と数字）" in alice_the_admin.get("/segments/exports/").content.decode()
    assert ERASERS["exports"].erase(Traces((3,))) == {"rows of files for envelopes": 1}
    again = path.read_bytes().decode("utf-8-sig" if encoding == "utf-8" else "cp932")
    assert "yoshida" not in again
    assert len(again.splitlines()) == CUSTOMERS


def test_programs_and_the_terminal_take_the_same_file_and_it_is_written_down(
    everybody: int, alice_the_admin: Client, bob_the_viewer: Client, tmp_path: Path
) -> None:
    page = alice_the_admin.get(f"/segments/{everybody}/?format=csv&encoding=cp932")
    api = alice_the_admin.get(f"/api/segments/{everybody}/file?encoding=cp932")
    whole = b"".join(page.streaming_content)  # type: ignore[attr-defined]
    assert b"".join(api.streaming_content) == whole  # type: ignore[attr-defined]
    run = CliRunner()
    words = ["segment", str(everybody), "--out", str(tmp_path / "a.csv")]

    named = run.invoke(export_app, [*words, "--encoding", "cp932", "--json"])
    file = (tmp_path / "a.csv").read_bytes()
    bare = run.invoke(export_app, [*words, "--no-names", "--language", "en"])

    assert (named.exit_code, bare.exit_code) == (0, 0), named.output + bare.output
    assert f'"customers": {CUSTOMERS}' in named.output
    assert file == whole
    assert "佐藤" not in (tmp_path / "a.csv").read_text("utf-8-sig")
    assert bob_the_viewer.get(f"/api/segments/{everybody}/file").status_code == 403
    assert run.invoke(export_app, [*words, "--encoding", "latin"]).exit_code != 0
    deeds = [one for one in audit.entries(limit=20).items if one.action == "segments.exported"]
    assert [one.detail["personal"] for one in deeds] == [False, True, True, True]


def test_neither_an_archived_segment_nor_a_maker_without_the_right_gets_files(
    everybody: int,
    alice_the_admin: Client,  # there is another admin
) -> None:
    maker = accounts.add_member("dana@example.jp", role="admin", password="a long enough one 7")
    plan = services.plan_export(everybody, Rhythm("day", 6), by=f"member:{maker.id}")
    accounts.change_role("dana@example.jp", role="viewer")
    assert plan.next_at is not None

    assert services.write_due(now=plan.next_at) == 0

    (file,) = selectors.export_files()
    assert (file.state, "may not take" in file.said) == ("failed", True)
    segments.archive(everybody, by="alice")
    with pytest.raises(NoSuchSegment):
        services.plan_export(everybody, Rhythm("day", 6), by="alice")


def test_whoever_is_erased_goes_out_of_kept_files(everybody: int) -> None:
    plan = services.plan_export(everybody, Rhythm("day", 6), by="x")
    assert plan.next_at is not None
    services.write_due(now=plan.next_at)

    eraser = ERASERS["exports"]
    assert eraser.goes(Traces((1,))) == {"rows of files for envelopes": 1}
    assert eraser.erase(Traces((1,))) == {"rows of files for envelopes": 1}
    assert eraser.erase(Traces((1,))) == {"rows of files for envelopes": 0}

    (file,) = selectors.export_files()
    _, path = services.take_file(file.id, by="x")
    lines = path.read_bytes().decode("utf-8-sig").splitlines()
    assert (file.people, [line.split(",")[0] for line in lines]) == (1, ["顧客番号", "2"])
    assert path.read_bytes().startswith("\ufeff".encode())


def test_a_failure_is_seen_and_tried_again_three_times(everybody: int) -> None:
    plan = services.plan_export(everybody, Rhythm("day", 6), by="x")
    models.Schedule.objects.filter(pk=plan.id).update(segment_id=10**6)
    assert plan.next_at is not None
    now = plan.next_at

    for _ in range(5):
        services.write_due(now=now)
        now += timedelta(minutes=20)

    (row,) = models.File.objects.all()
    (file,) = selectors.export_files()
    assert (file.state, row.attempts) == ("failed", 3)
    assert "no segment" in file.said
