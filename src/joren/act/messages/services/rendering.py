"""Have messages written by a child process that a template can exhaust without harm to anybody."""

from __future__ import annotations

import json
import select
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

from joren.act.messages.contracts import Fault, Link, NotRendered, Rendered, Text
from joren.act.messages.rules.limits import SECONDS

AT_ONCE: Final = 500
_PATIENCE: Final = SECONDS + 2
"""The child rings for itself after SECONDS, unless it is deep in code that hears no bell."""

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

    def plain(self) -> dict[str, Any]:
        return {
            "language": self.language, "form": self.form, "subject": self.text.subject,
            "body": self.text.body, "person": self.person, "utm": self.utm, "ours": self.ours,
        }  # fmt: skip


def written(jobs: Iterable[Job]) -> Iterator[Rendered]:
    """Each message in the order of the jobs, some hundred to a child."""
    for some in _batched(jobs):
        left: Sequence[Job] = some
        while left:
            done = 0
            for answer in _asked(left):
                yield answer
                done += 1
            left = left[done:]


def _batched(jobs: Iterable[Job]) -> Iterator[list[Job]]:
    some: list[Job] = []
    for job in jobs:
        some.append(job)
        if len(some) == AT_ONCE:
            yield some
            some = []
    if some:
        yield some


def _asked(jobs: Sequence[Job]) -> Iterator[Rendered]:
    """The answers of one child: of all, or up to the message that it died of, which is told so."""
    child = _born()
    done = 0
    try:
        with suppress(BrokenPipeError):
            assert child.stdin is not None  # noqa: S101 (it was asked for)
            child.stdin.write(json.dumps([job.plain() for job in jobs]).encode())
            child.stdin.close()
        for line in _lines(child):
            yield _rendered(json.loads(line))
            done += 1
            if done == len(jobs):
                return
    finally:
        slow = child.poll() is None and done < len(jobs)
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()
    say = "too_slow" if slow else "too_much"
    yield _none(Fault(say, language=jobs[done].language))


def _born() -> subprocess.Popen[bytes]:
    # Isolated: no variable of this process, where secrets are, reaches a template.
    try:
        return subprocess.Popen(
            [sys.executable, "-I", "-m", "joren.act.messages.rules.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8"},
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
        some = child.stdout.read1(2**20)  # type: ignore[attr-defined]  # it is buffered
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
        tuple(Link(**one) for one in answer["links"]),
        answer["images"],
        answer["images_without_words"],
        tuple(Fault(**one) for one in answer["faults"]),
    )


def _none(fault: Fault) -> Rendered:
    return Rendered(fault.language, "", None, "", (), 0, 0, (fault,))
