"""Hand on what visitors wrote, in sets: the person and the facts, then what they asked for.

A crash in between repeats what is repeatable: messages have their ids, the ledger its proof.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

from django.db import InterfaceError, OperationalError, models

from joren.collect.inbox.services import keep_messages
from joren.collect.registrations.contracts import WAITS, HandedOn, Written
from joren.core import clock
from joren.core.people import people
from joren.protect.consent import services as consents

_Row = TypeVar("_Row", bound=models.Model)
_TOLD: Final[set[tuple[str, int]]] = set()  # the log hears of each once
_log = logging.getLogger(__name__)


def in_sets(rows: Sequence[_Row], settle: Callable[[Sequence[_Row]], int]) -> int:
    """Settle all of them at once; where that fails each half by itself, so that one of them keeps
    no other waiting. Returns how many are done."""
    try:
        return settle(rows) if rows else 0
    except (OperationalError, InterfaceError):
        raise  # of the database, not of these rows
    except Exception as fault:
        if len(rows) > 1:
            half = len(rows) // 2
            return in_sets(rows[:half], settle) + in_sets(rows[half:], settle)
        (row,) = rows
        known = (row._meta.label, int(row.pk))
        if known not in _TOLD:
            _TOLD.add(known)
            _log.error("%s %s waits: %s", *known, type(fault).__name__)
        return 0


def hand_on(
    written: Sequence[Written], *, told: Callable[[Sequence[int]], object]
) -> dict[int, HandedOn]:
    """What became of each by its number. ``told`` is called with those whose facts are in the inbox
    now, before anything is asked for them."""
    known = people().by_email([one.email for one in written])
    fresh = [one for one in written if not one.handed_on]
    by_source: dict[int, list[Any]] = {}
    for one in fresh:
        new = () if one.email in known else one.if_new
        by_source.setdefault(one.source, []).extend((*new, *one.facts))
    for source, messages in by_source.items():
        keep_messages(source, messages)
    told([one.number for one in fresh])
    asking = [
        (known[one.email], one.asks, one) for one in written if one.asks and one.email in known
    ]
    requests: dict[int, int | None] = {}
    for by in sorted({one.by for *_, one in asking}):
        mine = [(customer, asks, one) for customer, asks, one in asking if one.by == by]
        numbers = consents.record_many([(customer, asks) for customer, asks, _ in mine], by=by)
        requests |= {one.number: number for (*_, one), number in zip(mine, numbers, strict=True)}
    return {
        one.number: HandedOn(
            not one.asks or one.email in known or clock.now() - one.since > WAITS,
            known.get(one.email),
            requests.get(one.number),
        )
        for one in written
    }
