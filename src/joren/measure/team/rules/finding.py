"""Search in the log of decisions. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, tzinfo

from joren.measure.team.contracts import Decided


def found(
    log: Iterable[Decided],
    *,
    words: str = "",
    kind: str = "",
    since: date | None = None,
    until: date | None = None,
    said: Sequence[str] = (),
    here: tzinfo,
) -> list[Decided]:
    """Those that have every word somewhere, full-width or half-width, in any case; newest first.

    ``said`` has, for each of the log, the words that a page shows for it besides.
    """
    wanted = _plain(words).split()
    rows = list(log)
    beside = list(said) or [""] * len(rows)
    kept = [
        one
        for one, more in zip(rows, beside, strict=True)
        if (not kind or one.kind == kind)
        and (since is None or one.at.astimezone(here).date() >= since)
        and (until is None or one.at.astimezone(here).date() <= until)
        and _has(wanted, f"{one.about} {one.reason} {one.by} {more}")
    ]
    return sorted(kept, key=lambda one: one.at, reverse=True)


def _has(wanted: Sequence[str], text: str) -> bool:
    plain = _plain(text)
    return all(one in plain for one in wanted)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
