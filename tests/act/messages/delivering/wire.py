"""A channel that a test holds in its hand, and the moment at which it does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from joren.act.messages.contracts import Channel, Message, Outcome
from joren.core import clock

NOW = datetime(2026, 11, 28, 3, 0, tzinfo=UTC)


@dataclass
class Wire:
    """A channel that answers what it is told to, then well, and remembers what it was asked."""

    name: str = "email"
    answers: list[Outcome] = field(default_factory=list)
    asked: list[tuple[str, Message]] = field(default_factory=list)
    opened: int = 0

    def send(self, message: Message, *, key: str) -> Outcome:
        self.asked.append((key, message))
        self.during()
        answer = self.answers.pop(0) if self.answers else Outcome("accepted")
        return replace(answer, provider_id=f"<{key}>")

    def during(self) -> None:
        return

    @contextmanager
    def session(self) -> Iterator[Channel]:
        self.opened += 1
        yield self


class Knowing(Wire):
    remembers = timedelta(hours=23)


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)
