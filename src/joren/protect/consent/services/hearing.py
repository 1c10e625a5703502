"""What another system keeps of somebody's consent: heard, and never more than it says.

A word with its moment stands in the ledger at that moment, so that what was said later decides,
whichever came here first. One without a moment is as old as it likes: agreement then counts where
nobody refused, and its absence where somebody agreed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import pyarrow as pa
from django.db import connection

from joren.core import clock
from joren.core.contacts import names_a_contact
from joren.plumbing.bulk import insert_missing
from joren.protect.audit import services as audit
from joren.protect.consent import models, rules, selectors
from joren.protect.consent.contracts import Heard, Said

_PURPOSE: Final = "marketing"
_AT_ONCE: Final = 5_000
_COUNTS: Final = {
    "granted": ("unasked", "pending", "relied"),
    "withdrawn": ("granted", "relied", "pending"),
}


@dataclass(frozen=True)
class _Row:
    customer: int
    said: Said


def hear(heard: Sequence[Heard], *, source: str, by: str) -> int:
    """Write down what is news; the same again adds nothing. Returns how many entries are new."""
    now = clock.now()
    heard = _believed(heard, now)
    rows = [*_dated(heard, source), *_undated(heard, source, now)]
    for row in rows:
        rules.check(row.said, now=now, relies_on=())
    made = sum(
        insert_missing(models.Entry, _entries(rows[start : start + _AT_ONCE], by, now))
        for start in range(0, len(rows), _AT_ONCE)
    )
    if made:
        audit.record(
            "consent.heard", actor=by, subject_kind="consent", source=source, recorded=made
        )
    return made


def unsay(proof: str, *, by: str) -> int:
    """What was said by that proof counts no longer: another entry says so. Returns how many."""
    now = connection.ops.adapt_datetimefield_value(clock.now())
    moment = "%s::timestamptz" if connection.vendor == "postgresql" else "%s"
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO consent_entry (customer_id, channel, purpose, act, source, at, "
            'recorded_at, "by", basis, proof, reason, undoes) '
            f"SELECT e.customer_id, e.channel, e.purpose, 'undone', e.source, {moment}, {moment}, "
            "CAST(%s AS text), '', 'entry:' || CAST(e.id AS text), '', e.id "
            "FROM consent_entry AS e WHERE e.proof = %s AND e.act <> 'undone' AND NOT EXISTS "
            "(SELECT 1 FROM consent_entry AS u WHERE u.undoes = e.id) ON CONFLICT DO NOTHING",
            [now, now, by, proof],
        )
        return int(cursor.rowcount)


def hand_on_refusals(customer: int, *, to: int, since: datetime | None = None) -> int:
    """What one refused holds for the other too, who was the same person when it was said; with
    ``since`` what was written down from then on. Agreement stays with whom it was said to.

    With its own proof, so that what takes back the one takes back the other. Returns how many.
    """
    now = connection.ops.adapt_datetimefield_value(clock.now())
    moment = "%s::timestamptz" if connection.vendor == "postgresql" else "%s"
    begin = "" if since is None else f"AND e.recorded_at >= {moment} "
    began = () if since is None else (connection.ops.adapt_datetimefield_value(since),)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO consent_entry (customer_id, channel, purpose, act, source, at, "
            'recorded_at, "by", basis, wording_id, proof, reason) '
            f"SELECT CAST(%s AS bigint), e.channel, e.purpose, e.act, e.source, e.at, {moment}, "
            'e."by", e.basis, e.wording_id, e.proof, e.reason '
            f"FROM consent_entry AS e WHERE e.customer_id = %s AND e.act = 'withdrawn' {begin}"
            "AND NOT EXISTS (SELECT 1 FROM consent_entry AS u WHERE u.undoes = e.id) "
            "AND NOT EXISTS (SELECT 1 FROM consent_entry AS g WHERE g.customer_id = e.customer_id "
            "AND g.act = 'granted' AND g.channel = e.channel AND g.purpose = e.purpose "
            "AND g.at > e.at AND NOT EXISTS "
            "(SELECT 1 FROM consent_entry AS u WHERE u.undoes = g.id)) ON CONFLICT DO NOTHING",
            [to, now, customer, *began],
        )
        return int(cursor.rowcount)


def _dated(heard: Sequence[Heard], source: str) -> list[_Row]:
    return [_Row(one.customer, _said(one, one.at, source)) for one in heard if one.at is not None]


def _believed(heard: Sequence[Heard], now: datetime) -> list[Heard]:
    """A moment that is yet to come is none, and a contact is no proof."""
    return [
        replace(
            one,
            at=None if one.at is not None and one.at > now + rules.MAY_BE_AHEAD else one.at,
            proof="" if names_a_contact(one.proof) else one.proof,
        )
        for one in heard
    ]


def _undated(heard: Sequence[Heard], source: str, now: datetime) -> list[_Row]:
    rows = []
    for channel in sorted({one.channel for one in heard if one.at is None}):
        own = [one for one in heard if one.at is None and one.channel == channel]
        asked = selectors.may_be_written_to(
            {one.customer for one in own}, channel=channel, purpose=_PURPOSE
        )
        state = dict(zip(asked["customer_id"].to_pylist(), asked["why"].to_pylist(), strict=True))
        rows += [
            _Row(one.customer, _said(one, now, source))
            for one in own
            if state[one.customer] in _COUNTS.get(one.act, ())
        ]
    return rows


def _said(one: Heard, at: datetime | None, source: str) -> Said:
    return Said(one.channel, _PURPOSE, one.act, source, at=at, proof=one.proof)


def _entries(rows: Sequence[_Row], by: str, now: datetime) -> pa.Table:
    moment = pa.timestamp("us", "UTC")
    texts = {
        name: pa.array([getattr(row.said, name) for row in rows], pa.string())
        for name in ("channel", "purpose", "act", "source", "basis", "proof", "reason")
    }
    return pa.table(
        {
            "customer_id": pa.array([row.customer for row in rows], pa.int64()),
            **texts,
            "by": pa.array([by] * len(rows), pa.string()),
            "at": pa.array([row.said.at for row in rows], moment),
            "recorded_at": pa.array([now] * len(rows), moment),
        }
    )
