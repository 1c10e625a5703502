"""Notices by the terminal, the API and the page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django.fixtures import Settings
from typer.testing import CliRunner

from joren.act.messages import models, selectors, services
from joren.act.messages.commands import messages_app
from tests.act.messages.cast_notices import dsn, plain
from tests.act.messages.delivering.ledger import an_errand, waiting, willing

pytestmark = pytest.mark.django_db


@pytest.fixture
def left(settings: Settings) -> int:
    settings.JOREN_RETURN_PATH = "bounces+*@mail.shop.example"
    willing([1])
    (pk,) = waiting(an_errand(), [1], state="sent", next_at=None)
    return pk


def test_a_pipe_and_files_are_taken_in(left: int, tmp_path: Path) -> None:
    run, raw = CliRunner(), dsn(to=selectors.return_path(left))
    box, one = tmp_path / "box.mbox", tmp_path / "one.eml"
    box.write_bytes(b"".join(
        b"From MAILER-DAEMON Sat Nov 28 12:00:00 2026\n" + plain("?", own=f"p{n}") + b"\n\n"
        for n in range(3)
    ))  # fmt: skip
    one.write_bytes(raw)

    piped = run.invoke(messages_app, ["take-returned", "-"], input=raw)
    files = run.invoke(messages_app, ["take-returned", str(one), str(box), "--json"])
    missing = run.invoke(messages_app, ["take-returned", str(tmp_path / "none")])

    assert piped.output.strip() == f"heard bounced invalid: message {left}"
    assert [each["took"] for each in json.loads(files.output)] == ["heard", *["unknown"] * 3]
    assert missing.exit_code == 2
    assert models.Feedback.objects.count() == 1
    listed = run.invoke(messages_app, ["returned", "--limit", "2"])
    assert "failure notice" in listed.output
    assert "more: --after" in listed.output
    number = json.loads(run.invoke(messages_app, ["returned", "--json"]).output)["items"][0]["id"]
    assert run.invoke(messages_app, ["settle-returned", str(number)]).exit_code == 0
    assert selectors.returned_count() == 2


def test_a_mail_server_tries_again_what_could_not_be_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_: bytes) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(services, "take_returned", away)

    assert CliRunner().invoke(messages_app, ["take-returned", "-"], input=b"x").exit_code == 75


def test_programs_hand_a_mail_over_as_it_came(left: int, alice_the_admin: Client) -> None:
    def post(raw: bytes) -> tuple[int, dict[str, object]]:
        answer = alice_the_admin.post("/api/messages/returned", raw, content_type="message/rfc822")
        return answer.status_code, answer.json()

    status, told = post(dsn(to=selectors.return_path(left)))
    assert (status, told) == (
        200, {"took": "heard", "kind": "bounced", "reason": "invalid", "send": left},
    )  # fmt: skip
    assert post(plain("?"))[1]["took"] == "unknown"
    assert post(b" ")[0] == 422
    (found,) = alice_the_admin.get("/api/messages/returned").json()["items"]
    settle = f"/api/messages/returned/{found['id']}/settle"
    assert [alice_the_admin.post(settle).status_code for _ in range(2)] == [204, 404]


def test_the_page_shows_what_nobody_recognised_to_those_who_may_see_it(
    left: int, alice_the_admin: Client, bob_the_viewer: Client
) -> None:
    page = "/messages/arriving/"
    assert 'id="returned"' not in alice_the_admin.get(page).content.decode()
    services.take_returned(plain("<b>配送できません</b>"))

    seen = alice_the_admin.get(page).content.decode()
    english = alice_the_admin.get(page, headers={"accept-language": "en"}).content.decode()
    masked = bob_the_viewer.get(page).content.decode()

    assert "判別できなかった不達通知" in seen
    assert "&lt;b&gt;配送できません" in seen
    assert "1 mail came back" in english
    assert "配送できません" not in masked
    assert "個人情報を閲覧できる人" in masked
    (row,) = models.Returned.objects.all()
    assert bob_the_viewer.post(f"{page}returned/{row.pk}/settle/").status_code == 403
    alice_the_admin.post(f"{page}returned/{row.pk}/settle/")
    assert 'id="returned"' not in alice_the_admin.get(page).content.decode()
