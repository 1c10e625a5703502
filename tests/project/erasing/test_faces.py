"""People's own data for programs, in the terminal and on pages; what is old goes."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from typer.testing import CliRunner

from joren.collect.connectors import models as imports
from joren.collect.customers import models as customers
from joren.core import clock
from joren.project.check import look
from joren.project.chores.work import retained
from joren.project.cli import app
from joren.project.erasing import leads
from joren.protect.audit import selectors as audit
from joren.protect.consent import services as consents
from joren.protect.consent.contracts import Said
from joren.protect.erasure import models, selectors, services
from joren.protect.erasure.contracts import LOG, NotAsked
from joren.protect.erasure.rules import Line, lines_of
from tests.project.erasing.shop import open_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(home: Path, tmp_path: Path) -> tuple[int, int]:
    return open_shop(tmp_path)


def test_a_program_asks_previews_and_erases(shop: tuple[int, int], alice_the_admin: Client) -> None:
    hanako = shop[0]
    asked = alice_the_admin.post(
        f"/api/customers/{hanako}/privacy", {"kind": "erasure"}, "application/json"
    )
    number = asked.json()["id"]
    preview = alice_the_admin.get(f"/api/customers/{hanako}/erasure").json()
    address = f"/api/privacy/requests/{number}/erase"

    slip = alice_the_admin.post(address, {"customer": shop[1]}, "application/json")
    done = alice_the_admin.post(address, {"customer": hanako}, "application/json")
    services.carry_out_waiting()  # as a worker does

    assert asked.status_code == 201
    assert sum(n for part in preview["parts"] for n in part["goes"].values()) > 5
    assert (slip.status_code, done.status_code) == (422, 202)
    assert done.json()["state"] == "waiting"
    found = alice_the_admin.post(
        "/api/privacy/erased", {"kind": "email", "text": "hanako@example.com"}, "application/json"
    ).json()["items"]
    assert [one["id"] for one in found] == [number]
    assert alice_the_admin.get(f"/api/customers/{hanako}/erasure").status_code == 404


def test_everything_about_a_person_is_a_file_on_the_page(
    shop: tuple[int, int], alice_the_admin: Client
) -> None:
    answer = alice_the_admin.post(
        f"/customers/{shop[0]}/export/", headers={"Accept-Language": "ja"}
    )

    said = json.loads(answer.content)
    assert answer["Content-Disposition"] == f'attachment; filename="customer-{shop[0]}.json"'
    assert said["sections"][0]["rows"][0]
    assert "山田花子" in answer.content.decode()


def test_the_page_erases_only_whom_one_typed(
    shop: tuple[int, int], alice_the_admin: Client
) -> None:
    page = alice_the_admin.get(f"/customers/{shop[0]}/erase/")
    wrong = alice_the_admin.post(f"/customers/{shop[0]}/erase/", {"number": "77"})
    assert page.status_code == 200
    assert wrong.status_code == 422
    assert not selectors.requests()

    alice_the_admin.post(f"/customers/{shop[0]}/erase/", {"number": str(shop[0])})
    services.carry_out_waiting()

    assert [one.state for one in selectors.requests()] == ["done"]
    listed = alice_the_admin.get("/settings/privacy/").content.decode()
    assert f"#{shop[0]}" in listed
    assert "山田花子" not in listed


def test_a_request_that_is_late_is_told_first(
    shop: tuple[int, int], alice_the_admin: Client
) -> None:
    alice_the_admin.post(f"/customers/{shop[0]}/privacy/", {"kind": "export", "note": "電話"})
    before = alice_the_admin.get("/settings/privacy/").content.decode()
    models.Request.objects.update(due_on=clock.now().date() - timedelta(days=2))

    late = alice_the_admin.get("/settings/privacy/").content.decode()

    assert "期限を過ぎた請求" not in before
    assert "期限を過ぎた請求が1件" in late


def test_the_check_of_the_installation_tells_what_is_late(shop: tuple[int, int]) -> None:
    services.ask(shop[0], "export", by="member:1")
    before = {one.name: one for one in look()}["privacy requests"]
    models.Request.objects.update(due_on=clock.now().date() - timedelta(days=2))

    late = {one.name: one for one in look()}["privacy requests"]

    assert (before.ok, before.said) == (True, "1 open, 0 overdue, 0 to be looked at")
    assert (late.ok, late.said) == (False, "1 open, 1 overdue, 0 to be looked at")


def test_a_note_that_names_somebody_is_refused(shop: tuple[int, int]) -> None:
    with pytest.raises(NotAsked):
        services.ask(shop[0], "export", by="member:1", note="wrote from hanako@example.com")


def test_who_asks_twice_asks_once_and_may_take_it_back(shop: tuple[int, int]) -> None:
    first = services.ask(shop[0], "export", by="member:1")

    assert services.ask(shop[0], "export", by="member:2") == first
    assert services.withdraw(first, by="member:1").state == "withdrawn"
    assert services.ask(shop[0], "export", by="member:2") != first


def test_the_terminal_does_all_of_it(shop: tuple[int, int], tmp_path: Path) -> None:
    hanako = str(shop[0])

    assert run("person", "ask", hanako, "export")["kind"] == "export"
    out = tmp_path / "person.json"
    run("person", "export", hanako, "--out", str(out))
    assert "山田花子" in out.read_text(encoding="utf-8")
    assert out.stat().st_mode & 0o077 == 0
    assert run("person", "erase", hanako)["customer"] == shop[0]
    assert run("person", "requests", "--open") == []
    assert run("person", "erase", hanako, "--yes")["state"] == "done"
    [proof] = run("person", "erased", "--phone", "090-1234-5678")
    assert proof["customer"] == shop[0]


def run(*words: str) -> Any:
    done = CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_what_is_old_is_counted_and_then_goes(shop: tuple[int, int]) -> None:
    run("retention", "set", "quarantine", "30")
    counted = {one["name"]: one["old"] for one in run("retention", "purge", "--dry-run")}
    assert counted["quarantine"] == 0

    later = clock.now() + timedelta(days=31)
    with mock.patch.object(clock, "now", return_value=later):
        old = {one.name: one.old for one in selectors.retention(now=later)}
        said = retained()

    assert (old["quarantine"], old["uploads"], old["leads"]) == (2, 1, None)
    assert "2 quarantine" in said
    assert not imports.QuarantinedRow.objects.exists()
    kept = {one.name: one.last_count for one in selectors.retention()}
    assert (kept["quarantine"], kept["uploads"]) == (2, 1)
    assert audit.entries(action="privacy.purged").items


def test_a_time_that_the_room_does_not_keep_is_refused(
    shop: tuple[int, int], alice_the_admin: Client
) -> None:
    for name, days in (("uploads", "400"), ("uploads", ""), ("quarantine", "0"), ("proofs", "1")):
        answer = alice_the_admin.post(f"/settings/privacy/keep/{name}/", {"days": days})
        assert answer.status_code == 422, (name, days)

    put = alice_the_admin.put(
        "/api/privacy/retention/quarantine", {"days": None}, "application/json"
    )
    assert {one["name"]: one["days"] for one in put.json()["items"]}["quarantine"] is None


def test_leads_without_an_order_go_and_buyers_and_subscribers_stay(shop: tuple[int, int]) -> None:
    for number, name in ((901, "quiet"), (902, "subscribed"), (903, "new")):
        customers.Customer.objects.create(
            id=number,
            registered_at=clock.now() - timedelta(days=10 if name == "new" else 900),
        )
    consents.record(902, Said("email", "marketing", "granted", "form"), by="test")

    assert leads((clock.now() - timedelta(days=730)).date()) == [901]


def test_a_log_of_a_backup_is_added_and_a_cut_line_is_no_line(home: Path, tmp_path: Path) -> None:
    lines = [Line(f"u{n}", n, (n,), ("d",), "s", "2026", "me", False) for n in range(3)]
    (home / LOG).write_text(f"{lines[0].written()}\n{lines[2].written()[:20]}")
    other = tmp_path / LOG
    other.write_text("\n".join(line.written() for line in lines))

    assert services.take_over(other) == 2
    assert services.take_over(other) == 0
    assert {line.uid for line in lines_of((home / LOG).read_text())} == {"u0", "u1", "u2"}
