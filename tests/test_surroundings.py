"""The tests' own ground: nothing of the caller reaches them, and the cast is who it says."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.conf import settings as django_settings

from tests import surroundings

if TYPE_CHECKING:
    from django.test import Client


def test_a_variable_of_the_caller_does_not_reach_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOREN_WAREHOUSE", "/somebody/real")
    monkeypatch.setenv("JOREN_HOME", "/somebody/real")

    surroundings.prepare().cleanup()

    assert "JOREN_WAREHOUSE" not in os.environ
    assert os.environ["JOREN_HOME"] != "/somebody/real"


def test_a_test_has_a_home_of_its_own(home: Path) -> None:
    assert home == django_settings.JOREN_HOME
    assert Path(os.environ["JOREN_HOME"]) == home
    assert Path(django_settings.JOREN_WAREHOUSE).is_relative_to(home)


@pytest.mark.postgres
def test_the_pass_on_postgresql_is_on_postgresql(db: None) -> None:
    from django.db import connection

    assert connection.vendor == "postgresql"


def test_alice_is_signed_in(alice_the_admin: Client) -> None:
    assert "_auth_user_id" in alice_the_admin.session


def test_charlie_is_not_signed_in(charlie_the_stranger: Client) -> None:
    assert "_auth_user_id" not in charlie_the_stranger.session
