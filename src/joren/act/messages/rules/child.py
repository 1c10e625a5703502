"""The process in which messages are written: with little memory, little time, and no way out.

It reads documents from its standard input, one a line, and answers one line for each job, in their
order.
It is started by ``python -I -m joren.act.messages.rules.child`` and imports no Django.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import lru_cache
from time import monotonic
from types import FrameType
from typing import Any, Final

from joren.act.messages.contracts import Fault, Link, is_flex
from joren.act.messages.rules import bodies, lines, links, liquid_text, mjml, stencils
from joren.act.messages.rules.limits import MEMORY, SECONDS
from joren.act.messages.rules.liquid_text import Wrong

_BLOCK: Final = 0.02
"""Seconds of work whose answers go together."""


class _TooSlow(BaseException):
    """The message is not written yet. Nothing that a library catches."""


def answer(job: Mapping[str, Any]) -> dict[str, Any]:
    """One message of one person, or what is wrong with it."""
    language = job["language"]
    faults: list[Fault] = []
    bare = not job["titled"] and not job["subject"].strip()
    subject = "" if bare else _part(job, "subject", faults, escaped=False)
    html: str | None = None
    text = ""
    found: tuple[Link, ...] = ()
    counted = (0, 0)
    if subject is not None:
        subject = " ".join(subject.split())
    quick = _quickly(job, subject) if subject and job["form"] != "text" else None
    if quick is not None:
        (html, text, found), counted = quick
        faults += _unknown(job["body"], "body", escaped=True)
    else:
        body = _part(job, "body", faults, escaped=job["form"] != "text")
        if subject is not None and body is not None:
            try:
                html, text, found = _dressed(job, subject, body)
                counted = bodies.images(html) if html else (0, 0)
            except Wrong as wrong:
                faults.append(wrong.fault)
            if not subject and job["titled"]:
                faults.append(Fault("empty", where="subject"))
    return {
        "language": language, "subject": subject or "", "html": html, "text": text,
        "links": [[one.address, one.tagged] for one in found], "images": counted[0],
        "images_without_words": counted[1],
        "faults": [asdict(replace(one, language=language)) for one in faults],
    }  # fmt: skip


def _unknown(source: str, where: str, *, escaped: bool) -> list[Fault]:
    return [replace(one, where=where) for one in liquid_text.unknown(source, escaped)]


def _quickly(job: Mapping[str, Any], subject: str) -> tuple[stencils.Made, tuple[int, int]] | None:
    """By the stencil of the body, where it has one that fits this person."""
    names = liquid_text.names_only(job["body"])
    known = None if names is None else stencils.split(names, job["person"])
    if known is None:
        return None
    there, values = known
    utm = tuple(job["utm"].items())
    stencil = _stencil(job["body"], job["form"], job["language"], utm, job["ours"], there)
    made = stencil.filled(values, subject) if stencil else None
    return None if stencil is None or made is None else (made, stencil.images)


@lru_cache(maxsize=64)
def _stencil(
    body: str, form: str, language: str, utm: tuple[tuple[str, str], ...], ours: str,
    there: tuple[stencils.Names, ...],
) -> stencils.Stencil | None:  # fmt: skip
    """Of one text, for all who have words for the same names."""

    def write(person: Mapping[str, Any], title: str) -> stencils.Made:
        job = {"body": body, "form": form, "language": language, "utm": dict(utm), "ours": ours}
        faults: list[Fault] = []
        said = _part({**job, "person": person}, "body", faults, escaped=True)
        if said is None:
            raise Wrong(faults[-1])
        html, text, links = _dressed(job, title, said)
        assert html is not None  # noqa: S101 (it is no plain text)
        return html, text, links

    try:
        return stencils.made(there, ours, write)
    except Wrong:
        return None


def _part(job: Mapping[str, Any], name: str, faults: list[Fault], *, escaped: bool) -> str | None:
    source = job[name]
    try:
        if not source.strip():
            raise Wrong(Fault("empty"))
        if name == "body" and job["form"] == "mjml":
            mjml.check(source)
        faults += _unknown(source, name, escaped=escaped)
        flex = name == "body" and job["form"] == "text" and is_flex(source)
        person = _in_json(job["person"]) if flex else job["person"]
        return liquid_text.written(source, person, escaped=escaped)
    except Wrong as wrong:
        faults.append(replace(wrong.fault, where=name))
        return None


def _in_json(said: Any) -> Any:
    """What is known of somebody as it stands between the quotes of JSON: no name ends them."""
    if isinstance(said, str):
        return json.dumps(said, ensure_ascii=False)[1:-1]
    if isinstance(said, Mapping):
        return {name: _in_json(value) for name, value in said.items()}
    return [_in_json(one) for one in said] if isinstance(said, list | tuple) else said


def _dressed(
    job: Mapping[str, Any], subject: str, body: str
) -> tuple[str | None, str, tuple[Link, ...]]:
    utm, ours = job["utm"], job["ours"]
    if job["form"] == "text":
        text, found = links.in_text(body, utm, ours=ours)
        return None, text.replace("\r\n", "\n").strip() + "\n", found
    document = mjml.as_html(body) if job["form"] == "mjml" else body
    whole = bodies.clean(document, language=job["language"], subject=subject)
    html, found = links.in_html(whole, utm, ours=ours)
    return html, bodies.as_text(html), found


def _safely(job: Mapping[str, Any]) -> dict[str, Any]:
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        return answer(job)
    except MemoryError:
        return _empty(job, "too_much")
    except _TooSlow:
        return _empty(job, "too_slow")
    except RecursionError:
        return _empty(job, "too_long")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _empty(job: Mapping[str, Any], say: str) -> dict[str, Any]:
    fault = asdict(Fault(say, language=job["language"]))
    return {
        "language": job["language"], "subject": "", "html": None, "text": "", "links": [],
        "images": 0, "images_without_words": 0, "faults": [fault],
    }  # fmt: skip


def _ring(_signal: int, _frame: FrameType | None) -> None:
    raise _TooSlow


def main() -> None:
    """Answer what is asked, a line after the other, and end when nobody asks any more."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGALRM, _ring)
    for number in (signal.SIGINT, signal.SIGTERM):
        # Meant for whoever asks, whose group this is in: it ends when nobody asks any more.
        signal.signal(number, signal.SIG_IGN)
    for line in sys.stdin.buffer:
        _answer_all(lines.read(line))


def _answer_all(asked: Mapping[str, Any]) -> None:
    """A message takes less than to write one line. So they go in blocks, the first at once, and
    none waits for one that takes long."""
    told = 0.0
    out = sys.stdout.buffer
    for place, person in asked["each"]:
        answer_of = _safely({**asked["common"][place], "person": person})
        out.write(lines.written(answer_of))
        if asked["singly"] or monotonic() - told > _BLOCK:
            out.flush()
            told = monotonic()
    out.flush()


if __name__ == "__main__":
    main()
