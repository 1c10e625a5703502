"""Questions of those who carry messages: may it still leave, how fast, and what is unclear."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from django.db import connection

from joren.act.messages import models
from joren.act.messages.channels import names
from joren.act.messages.contracts import TRANSACTIONAL, Pace, Standing, Unclear
from joren.act.messages.selectors.stopping import about_now, mailboxes_sql
from joren.core import clock
from joren.protect.consent.selectors import standing_sql

_ASKED = """
    WITH RECURSIVE {standing}
    SELECT s.customer_id, s.person_id, s.state, (
        SELECT min(x.reason) FROM circle AS c
        JOIN act_messages_suppression AS x ON x.customer_id = c.customer_id
        LEFT JOIN ({mailboxes}) AS a ON a.customer_id = c.person_id
        WHERE c.person_id = s.person_id AND x.channel = s.channel AND {about_now}
            AND x.since <= %s AND (x.until IS NULL OR x.until > %s)
    )
    FROM standing AS s
"""


def standing_now(
    customers: Sequence[int], *, channel: str, transactional: bool, now: datetime
) -> dict[int, Standing]:
    """Of each, whom they turned out to be, and whether they may be written to at this moment."""
    numbers = sorted(set(customers))
    sqlite = connection.vendor == "sqlite"
    given = "json_each(%s) AS given" if sqlite else "unnest(%s::bigint[]) AS given(value)"
    wanted = f"SELECT given.value, CAST(%s AS text), CAST(%s AS text) FROM {given}"
    moment = connection.ops.adapt_datetimefield_value(now)
    purpose = TRANSACTIONAL if transactional else "marketing"
    values = [channel, purpose, json.dumps(numbers) if sqlite else numbers, moment, moment]
    with connection.cursor() as cursor:
        asked = _ASKED.format(
            standing=standing_sql(wanted), mailboxes=mailboxes_sql(), about_now=about_now("x", "a")
        )
        cursor.execute(asked, values)
        rows = cursor.fetchall()
    return {
        customer: Standing(person, _why_not(state, stopped, transactional))
        for customer, person, state, stopped in rows
    }


def _why_not(state: str, stopped: str | None, transactional: bool) -> str:
    if state == "gone":
        return "gone"
    if not transactional and state not in ("granted", "relied"):
        return f"no_consent:{state}"
    return f"suppressed:{stopped}" if stopped else ""


def many_wait(channel: str, many: int) -> bool:
    """Do so many messages wait on that channel that may leave at this moment?"""
    errands = models.Errand.objects.filter(channel=channel, held_at=None).values("pk")
    due = models.Send.objects.filter(
        state="waiting", next_at__lte=clock.now(), claimed_until=None, errand_id__in=errands
    )
    return due[many - 1 : many].exists()


def unclear(*, before: int = 0, limit: int = 200) -> list[Unclear]:
    """Messages of which nobody knows whether they left, the newest first, below a number where
    one is given."""
    asked = models.Send.objects.filter(state="unknown").order_by("-pk")
    rows = list((asked.filter(pk__lt=before) if before else asked)[:limit])
    errands = models.Errand.objects.select_related("template").in_bulk(
        {row.errand_id for row in rows}
    )
    return [
        Unclear(
            row.pk, row.customer_id, errands[row.errand_id].channel,
            errands[row.errand_id].template.name, row.sent_at, row.reason,
        )
        for row in rows
    ]  # fmt: skip


def channel_names() -> tuple[str, ...]:
    """Every channel that messages may leave by."""
    return names()


def paces() -> dict[str, Pace]:
    """Every limit, by its scope."""
    return {row.scope: pace_of(row) for row in models.Pace.objects.order_by("scope")}


def pace_of(row: models.Pace) -> Pace:
    return Pace(
        row.per_minute, row.warm_since, row.warm_first, row.tokens, row.filled_at,
        row.used_on, row.used,
    )  # fmt: skip
