"""A state is a home, and on PostgreSQL a database beside it; it can be copied, and is then left."""

from __future__ import annotations

import itertools
import os
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joren.project.databases import INBOX

_numbers = itertools.count(1)


@dataclass(frozen=True)
class State:
    """``database`` is the name of a database, or "" where it is a file in the home."""

    home: Path
    database: str

    @property
    def answer(self) -> Path:
        return self.home.with_suffix(".answer")

    def enter(self) -> None:
        """Let this process, a fresh child, work in the state."""
        from django.conf import settings
        from django.db import connections

        settings.JOREN_HOME = self.home
        settings.JOREN_WAREHOUSE = str(self.home / "warehouse")
        name = self.database or str(self.home / "joren.sqlite3")
        connections.settings["default"]["NAME"] = name
        if INBOX in connections.settings:
            connections.settings[INBOX]["NAME"] = str(self.home / "inbox.sqlite3")


def first(folder: Path) -> State:
    """A state without anything."""
    state = State(folder / "state-0", f"joren_kills_{os.getpid()}_0" if _server() else "")
    state.home.mkdir()
    if state.database:
        _told(f"CREATE DATABASE {state.database}")
    return state


def copied(state: State) -> State:
    """Another state with the same content. Nobody may be at work in it."""
    number = next(_numbers)
    name = f"joren_kills_{os.getpid()}_{number}" if state.database else ""
    copy = State(state.home.with_name(f"state-{number}"), name)
    shutil.copytree(state.home, copy.home)
    if name:
        _told(f"CREATE DATABASE {name} TEMPLATE {state.database}")
    return copy


def dropped(state: State) -> None:
    shutil.rmtree(state.home)
    state.answer.unlink(missing_ok=True)
    if state.database:
        _told(f"DROP DATABASE {state.database} WITH (FORCE)")


def _server() -> dict[str, Any]:
    """How to reach the server; empty on SQLite."""
    from django.conf import settings

    chosen: dict[str, Any] = settings.DATABASES["default"]
    return chosen if chosen["ENGINE"].endswith("postgresql") else {}


def _told(statement: str) -> None:
    import psycopg

    named = _server()
    where = {name.lower(): named[name] for name in ("USER", "PASSWORD", "HOST", "PORT")}
    with psycopg.connect(dbname="postgres", autocommit=True, **where) as server:
        for _ in range(100):
            try:
                server.execute(statement)
                return
            except psycopg.errors.ObjectInUse:  # a dead child's session ends in a moment
                time.sleep(0.05)
    raise TimeoutError(statement)
