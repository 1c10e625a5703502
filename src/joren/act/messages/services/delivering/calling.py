"""The calls of a portion, over lines that stay open from one portion to the next."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta
from time import monotonic
from types import TracebackType
from typing import Final

from joren.act.messages.contracts import (
    Batching,
    Channel,
    JobMessage,
    Message,
    Outcome,
    Remembering,
    Streaming,
)

_log = logging.getLogger(__name__)

FEWEST: Final = 5
_MOST: Final = 800
_GROWS: Final = 4
_BRISK, _SLOW = 0.75, 2.0
"""Seconds that a portion takes, up to which the next is larger, and from which on it is smaller."""

_LAST_CALL: Final = 60.0
"""Seconds after which a portion calls nobody any more."""

_STOPPED: Final = Outcome("refused", reason="the worker was stopped", again=True)
_TOO_SLOW: Final = Outcome("refused", reason="the other side is slow", again=True)


def key_of(send: int) -> str:
    """Under which a row of the ledger is sent, each time."""
    return f"send-{send}"


def never() -> bool:
    """Nobody asks to stop."""
    return False


class Caller:
    """Who speaks on a channel. ``portion`` is how many are best marked before the next calls: few
    where the other side is slow, so that few are unclear when the worker dies, and whoever refuses
    meanwhile is heard."""

    def __init__(self, channel: Channel, stopped: Callable[[], bool] = never) -> None:
        self.channel = channel
        self.stopped = stopped
        self.portion = FEWEST
        self._open = ExitStack()
        self._line: Channel | None = None

    def __enter__(self) -> Caller:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._hang_up()

    def use(self, channel: Channel) -> None:
        """Speak on this one from now on: what may leave, and where, may be said anew meanwhile."""
        if channel != self.channel:
            self._hang_up()
            self.channel = channel

    @property
    def remembers(self) -> timedelta | None:
        return self.channel.remembers if isinstance(self.channel, Remembering) else None

    def outcomes(self, portion: Sequence[tuple[int, JobMessage]]) -> list[tuple[int, Outcome]]:
        """What became of each, by its row. Whoever was not called has certainly got nothing."""
        if not portion:
            return []
        since = monotonic()
        line = self._opened()
        if isinstance(line, Streaming):
            found = self._streamed(line, portion, since)
        else:
            found = [(pk, self._sent(line, pk, job, since)) for pk, job in portion]
        took = monotonic() - since
        if took < _BRISK:
            self.portion = min(_MOST, self.portion * _GROWS)
        elif took > _SLOW:
            self.portion = max(FEWEST, self.portion // _GROWS)
        return found

    def _opened(self) -> Channel:
        if self._line is None:
            self._line = (
                self._open.enter_context(self.channel.session())
                if isinstance(self.channel, Batching)
                else self.channel
            )
        return self._line

    def _hang_up(self) -> None:
        self._line = None
        self._open.close()

    def _why_not(self, since: float) -> Outcome | None:
        """Why nobody is called any more."""
        if self.stopped():
            return _STOPPED
        return _TOO_SLOW if monotonic() - since > _LAST_CALL else None

    def _sent(self, line: Channel, pk: int, job: JobMessage, since: float) -> Outcome:
        why_not = self._why_not(since)
        if why_not is not None:
            return why_not
        try:
            return line.send(_message(job), key=key_of(pk))
        except Exception as problem:  # of this call alone: what became of the others is known
            return self._broke_off(problem)

    def _streamed(
        self, line: Streaming, portion: Sequence[tuple[int, JobMessage]], since: float
    ) -> list[tuple[int, Outcome]]:
        called: dict[str, int] = {}
        found: dict[int, Outcome] = {}
        rest = _STOPPED

        def calls() -> Iterator[tuple[str, Message]]:
            nonlocal rest
            for pk, job in portion:
                why_not = self._why_not(since)
                if why_not is not None:
                    rest = why_not
                    return
                called[key_of(pk)] = pk
                yield key_of(pk), _message(job)

        broke_off: Outcome | None = None
        try:
            for key, outcome in line.send_all(calls()):
                found[called[key]] = outcome
        except Exception as problem:  # of those on their way: what became of the others is known
            broke_off = self._broke_off(problem)
            rest = Outcome("refused", reason=broke_off.reason, again=True)
            self._hang_up()
        silent = broke_off or Outcome("unknown", reason="no answer", again=True)
        begun = set(called.values())
        return [(pk, found.get(pk) or (silent if pk in begun else rest)) for pk, _ in portion]

    def _broke_off(self, problem: Exception) -> Outcome:
        name = type(problem).__name__
        _log.error("%s: a call broke off: %s", self.channel.name, name)
        return Outcome("unknown", reason=name, again=True)


def _message(job: JobMessage) -> Message:
    assert job.message is not None  # noqa: S101 (else it was not marked)
    return job.message
