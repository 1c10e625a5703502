"""joren user …"""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from typer.testing import CliRunner

from joren.accounts import selectors, services
from joren.accounts.commands import user_app
from joren.core.errors import BadInput

pytestmark = pytest.mark.django_db


def said(*words: str, typed: str | None = None) -> Any:
    done = CliRunner().invoke(
        user_app, [*words, "--json"], input=typed, catch_exceptions=False, standalone_mode=False
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_generated_password_opens_the_door() -> None:
    [added] = said("add", "alice@example.com", "--role", "admin", "--generate")

    row = get_user_model().objects.get(email="alice@example.com")
    assert row.check_password(added["password"])


def test_a_password_may_come_by_standard_input() -> None:
    [added] = said(
        "add", "bob@example.com", "--role", "viewer", "--password-stdin", typed="long and typed\n"
    )

    assert added["role"] == "viewer"
    assert "password" not in added


def test_no_password_is_an_error_and_not_a_question() -> None:
    with pytest.raises(BadInput, match="no password"):
        said("add", "bob@example.com", "--role", "viewer")


def test_a_member_comes_changes_and_goes() -> None:
    said("add", "alice@example.com", "--role", "admin", "--generate")
    said("add", "bob@example.com", "--role", "viewer", "--generate")

    said("role", "bob@example.com", "analyst")
    roles = {row["email"]: row["role"] for row in said("list")}
    said("remove", "bob@example.com")

    assert roles == {"alice@example.com": "admin", "bob@example.com": "analyst"}
    assert [member.email for member in selectors.members()] == ["alice@example.com"]


def test_a_key_is_issued_and_revoked() -> None:
    said("add", "alice@example.com", "--role", "admin", "--generate")

    [key] = said("key", "alice@example.com", "--name", "shop", "--scope", "import")
    opened = services.use_api_key(key["key"])
    said("revoke", key["prefix"])

    assert opened is not None
    assert services.use_api_key(key["key"]) is None
    assert [row["prefix"] for row in said("keys")] == [key["prefix"]]


def test_what_is_told_once_is_told_whole_in_a_narrow_terminal() -> None:
    run = CliRunner(env={"COLUMNS": "60"}).invoke
    added = run(user_app, ["add", "alice@example.com", "--role", "admin", "--generate"]).stdout

    told = run(user_app, ["key", "alice@example.com", "--name", "s", "--scope", "import"]).stdout

    key = told.splitlines()[-1].removeprefix("key: ")
    password = added.splitlines()[-1].removeprefix("password: ")
    assert services.use_api_key(key) is not None
    assert get_user_model().objects.get(email="alice@example.com").check_password(password)
