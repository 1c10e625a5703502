"""The log of erasures beside the database: a restore brings an older database, and this stays."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from joren.protect.erasure import models, rules
from joren.protect.erasure.contracts import LOG


def note(line: rules.Line) -> None:
    """Write it down for good, once; before the person goes."""
    if line.uid not in {one.uid for one in _lines()}:
        _append([line])


def unseen() -> tuple[rules.Line, ...]:
    """Erasures that this database does not know: it is older than they are."""
    lines = _lines()
    known = set(
        models.Request.objects.filter(uid__in=[one.uid for one in lines])
        .exclude(state="running")
        .values_list("uid", flat=True)
    )
    return tuple(one for one in lines if one.uid not in known)


def take_over(other: Path) -> int:
    """Add what another log says, as of a backup's; returns how many lines are new."""
    if not other.exists():
        return 0
    known = {one.uid for one in _lines()}
    new = [one for one in rules.lines_of(other.read_text(encoding="utf-8")) if one.uid not in known]
    if new:
        _append(new)
    return len(new)


def _path() -> Path:
    return Path(settings.JOREN_HOME) / LOG


def _lines() -> tuple[rules.Line, ...]:
    try:
        return rules.lines_of(_path().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return ()


def _append(lines: Iterable[rules.Line]) -> None:
    handle = os.open(_path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as file:
        # A line of its own, also after one that a crash cut.
        file.write("".join(f"\n{line.written()}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())
