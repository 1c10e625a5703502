"""Have messages written by a child process that a template can exhaust without harm to anybody."""

from __future__ import annotations

import select
import subprocess
import sys
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from time import monotonic
from typing import Any, Final

from joren.act.messages.contracts import Fault, Link, NotRendered, Rendered, Text
from joren.act.messages.rules import lines
from joren.act.messages.rules.limits import SECONDS

AT_ONCE: Final = 1_000
_PATIENCE: Final = SECONDS + 2
"""The child rings for itself after SECONDS, unless it is deep in code that hears no bell."""

_AHEAD: Final = 2**20
"""Bytes that the child may have written before they are read: while a portion leaves, the next is
written."""

_BEGINNING: Final = 20
"""Seconds until the first answer: on a busy machine Python and the libraries take their time."""


@dataclass(frozen=True)
class Job:
    """One message to write."""

    language: str
    form: str
    text: Text
    person: Mapping[str, Any]
    utm: Mapping[str, str]
    ours: str = ""
    titled: bool = True  # without a subject it is broken

    def plain(self) -> dict[str, Any]:
        return {**self.common(), "person": self.person}

    def common(self) -> dict[str, Any]:
        """What is the same for all to whom one text goes."""
        return {
            "language": self.language, "form": self.form, "subject": self.text.subject,
            "body": self.text.body, "utm": self.utm, "ours": self.ours,
            "titled": self.titled,
        }  # fmt: skip


@dataclass(frozen=True)
class _End:
    """How far a child came. ``innocent``: a signal from outside may have ended it, or the machine
    was too busy to let it begin, so that the message in hand is asked for once more."""

    done: int
    say: str
    innocent: bool


class Scribe:
    """A child process that writes one batch of messages after the other, and ends with the block.

    It wakes while the first job is asked for, and writes on while the answers before are used. Its
    answers come in blocks; after a death they come one by one, so that it is known which message it
    died of.
    """

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Scribe:
        return self

    def __exit__(self, *_: object) -> None:
        self.rest()

    def rest(self) -> None:
        """End the child; the next job wakes another."""
        self._let_go()

    def written(self, jobs: Iterable[Job]) -> Iterator[Rendered]:
        """Each message in the order of the jobs."""
        self._awake()
        left = iter(jobs)
        while some := list(islice(left, AT_ONCE)):
            singly = again = False
            while some:
                end = yield from self._asked(some, singly=singly)
                some = some[end.done :]
                if not some:
                    break
                if not singly:
                    singly, again = True, end.innocent
                    continue
                if end.innocent and (end.done or not again):
                    again = True
                    continue
                yield _none(Fault(end.say, language=some[0].language))
                some, again = some[1:], False

    def _asked(self, jobs: Sequence[Job], *, singly: bool) -> Generator[Rendered, None, _End]:
        """All answers, or those up to the message with which the child ended."""
        child, done = self._awake(), 0
        try:
            with suppress(BrokenPipeError):
                assert child.stdin is not None  # noqa: S101 (it was asked for)
                child.stdin.write(_document(jobs, singly))
                child.stdin.flush()
            for line in _lines(child):
                done += 1
                yield _rendered(lines.read(line))
                if done == len(jobs):
                    break
        finally:
            code = child.poll()
            if done < len(jobs):
                self._let_go()
        killed = code is not None and code < 0
        return _End(done, "too_slow" if code is None else "too_much", killed or not done)

    def _awake(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._let_go()
            self._child = _born()
        return self._child

    def _let_go(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):  # what it did not read any more
                    pipe.close()


def written(jobs: Iterable[Job]) -> Iterator[Rendered]:
    """Each message in the order of the jobs, by a child of their own."""
    with Scribe() as scribe:
        yield from scribe.written(jobs)


def _document(jobs: Sequence[Job], singly: bool) -> bytes:
    """One line: what is the same for many once, and of each job its place there and the person."""
    places: dict[tuple[Any, ...], int] = {}
    common: list[dict[str, Any]] = []
    each = []
    for job in jobs:
        text = (job.language, job.form, job.text, tuple(job.utm.items()), job.ours,
                job.titled)  # fmt: skip
        if text not in places:
            places[text] = len(common)
            common.append(job.common())
        each.append((places[text], job.person))
    return lines.written({"common": common, "each": each, "singly": singly})


def _born() -> subprocess.Popen[bytes]:
    # Isolated: no variable of this process, where secrets are, reaches a template.
    try:
        return subprocess.Popen(
            [sys.executable, "-I", "-m", "joren.act.messages.rules.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8"},
            pipesize=_AHEAD,
        )
    except OSError as problem:
        raise NotRendered(
            f"messages are written by a process of its own, which did not start: {problem}",
            hint="try again when the machine has memory left",
        ) from None


def _lines(child: subprocess.Popen[bytes]) -> Iterator[bytes]:
    """Whole lines as they come; none any more when the child is dead, or silent for too long."""
    assert child.stdout is not None  # noqa: S101 (it was asked for)
    rest = b""
    until = monotonic() + _BEGINNING
    while (left := until - monotonic()) > 0:
        ready, _, _ = select.select([child.stdout], [], [], left)
        if not ready:
            return
        some = child.stdout.read1(_AHEAD)  # type: ignore[attr-defined]  # it is buffered
        if not some:
            child.wait()
            return
        *whole, rest = (rest + some).split(b"\n")
        yield from whole
        if whole:
            until = monotonic() + _PATIENCE


def _rendered(answer: Mapping[str, Any]) -> Rendered:
    return Rendered(
        answer["language"],
        answer["subject"],
        answer["html"],
        answer["text"],
        tuple(Link(*one) for one in answer["links"]),
        answer["images"],
        answer["images_without_words"],
        tuple(Fault(**one) for one in answer["faults"]),
    )


def _none(fault: Fault) -> Rendered:
    return Rendered(fault.language, "", None, "", (), 0, 0, (fault,))
