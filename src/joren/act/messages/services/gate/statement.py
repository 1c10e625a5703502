"""The gate as SQL of both databases: consent, suppression, holdout, cap, quiet hours, budget.

Each part is one relation that adds columns to the one before. The words in it are ours; numbers
and moments are written as they are, since they come from the policy and the clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from joren.act.messages.contracts import (
    LONGEST_WAIT,
    LONGEST_WINDOW,
    THANKS,
    TRANSACTIONAL,
    Policy,
)
from joren.act.messages.rules.nights import awake, month_after, nights
from joren.act.messages.selectors.stopping import about_now, mailboxes_sql
from joren.collect.customers.selectors import clocks_sql
from joren.protect.consent.selectors import standing_sql

COLUMNS: Final = """
    errand_id, customer_id, occurrence, state, reason, lot, worth, asked_at, next_at, expires_at,
    counted_at, version, cost
"""
_NEVER: Final = "CAST(NULL AS timestamptz)"
_ORDER: Final = "free DESC, worth DESC, customer_id, occurrence, errand_id"


@dataclass(frozen=True)
class Left:
    """What is left of a budget: messages, and minor units; None where it has no end."""

    messages: int | None = None
    cost: int | None = None

    @property
    def endless(self) -> bool:
        return self.messages is None and self.cost is None


@dataclass(frozen=True)
class Own:
    """What is left for an errand, in common with all errands of the same ``purse``."""

    purse: int
    left: Left


@dataclass(frozen=True)
class Setting:
    """All that the gate knows beside the rows. ``now`` is to the second."""

    now: datetime
    policy: Policy
    zone: str
    zones: Sequence[str]
    month: Left
    own: Mapping[int, Own]
    postgresql: bool
    left_out: str
    """SQL of (customer_id, lot): whom a holdout leaves out of everything."""


def gate_sql(candidates: str, here: Setting) -> str:
    """Relations to stand behind WITH RECURSIVE; the last, ``decided``, has ``COLUMNS`` and ``k``.

    ``candidates`` gives k (a number of the row), errand_id, customer_id, occurrence, wanted_at,
    expires_at, worth, lot, channel, kind, version, was (the reason it was put off for, or '') and
    upto (rows of the ledger below that number came before).
    The kind is that of the version which would be sent, whatever the errand was begun with.
    """
    return ",\n".join(
        (
            f"candidates AS MATERIALIZED ({candidates})",
            standing_sql(_WANTED),
            _stopped(here),
            _TWINS,
            f"left_out(customer_id, lot) AS ({here.left_out})",
            *_clocks(here),
            _judged(here),
            _PLACED,
            *_capped(here),
            _rested(here),
            *_weighed(here),
            _decided(here),
        )
    )


_WANTED: Final = f"""
    SELECT DISTINCT customer_id, channel,
        CASE kind WHEN '{TRANSACTIONAL}' THEN '{TRANSACTIONAL}' ELSE 'marketing' END
    FROM candidates
"""


def _stopped(here: Setting) -> str:
    now = moment(here.now, here)
    return f"""stopped(person_id, channel, reason) AS MATERIALIZED (
        SELECT circle.person_id, s.channel, min(s.reason)
        FROM circle JOIN act_messages_suppression AS s ON s.customer_id = circle.customer_id
        LEFT JOIN ({mailboxes_sql()}) AS a ON a.customer_id = circle.person_id
        WHERE {about_now("s", "a")} AND s.since <= {now} AND (s.until IS NULL OR s.until > {now})
        GROUP BY circle.person_id, s.channel
    )"""


# Whoever was found to be somebody else stands in lists of before beside who they are: both are one
# person, who gets one message of one source (a campaign has an errand for each of its messages) and
# is in one arm. What came first stays; what nobody got does not count.
_TWINS: Final = """twins(k) AS MATERIALIZED (
    SELECT DISTINCT c.k
    FROM (SELECT person_id FROM circle GROUP BY person_id HAVING count(*) > 1) AS several
    JOIN circle AS mine ON mine.person_id = several.person_id
    JOIN circle AS other ON other.person_id = several.person_id
        AND other.customer_id <> mine.customer_id
    JOIN candidates AS c ON c.customer_id = mine.customer_id
    JOIN act_messages_errand AS own ON own.id = c.errand_id
    WHERE EXISTS (SELECT 1 FROM act_messages_send AS s
            JOIN act_messages_errand AS e ON e.id = s.errand_id
            WHERE s.customer_id = other.customer_id AND s.occurrence = c.occurrence
            AND e.source = own.source AND e.source_id = own.source_id
            AND s.id < c.upto AND s.state NOT IN ('suppressed', 'expired', 'refused'))
        OR EXISTS (SELECT 1 FROM candidates AS d
            JOIN act_messages_errand AS e ON e.id = d.errand_id
            WHERE d.customer_id = other.customer_id AND d.occurrence = c.occurrence
            AND e.source = own.source AND e.source_id = own.source_id
            AND d.customer_id < c.customer_id AND d.upto = c.upto)
)"""


def _clocks(here: Setting) -> tuple[str, str]:
    """Quiet times of each zone, and when a budget is asked again there."""
    horizon = here.now + timedelta(LONGEST_WINDOW + 2)
    dark: list[str] = []
    again: list[str] = []
    for name in here.zones:
        zone, quiet = ZoneInfo(name), here.policy.quiet
        dark.extend(
            f"('{name}', {moment(since, here)}, {moment(until, here)})"
            for since, until in nights(quiet, zone, here.now, horizon)
        )
        month = awake(quiet, zone, month_after(here.now, ZoneInfo(here.zone)))
        day = awake(quiet, zone, here.now + timedelta(1))
        end = awake(quiet, zone, here.now)
        night = moment(end, here) if end > here.now else _NEVER
        again.append(f"('{name}', {moment(month, here)}, {moment(day, here)}, {night})")
    return (
        _values(
            "dark(zone, since, until)",
            dark,
            f"'', {moment(here.now, here)}, {moment(here.now, here)}",
        ),
        _values("again(zone, month, day, night)", again, ""),
    )


def _judged(here: Setting) -> str:
    # LEFT, though everybody stands somewhere: SQLite else goes through both lists for each other
    # once they are long.
    now = moment(here.now, here)
    return f"""judged AS MATERIALIZED (
        SELECT c.k, c.errand_id, c.customer_id, c.occurrence, c.wanted_at, c.expires_at, c.worth,
            c.channel, c.kind, c.version, c.was, st.person_id,
            coalesce(a.zone, '{here.zone}') AS zone,
            CASE WHEN c.kind = '{TRANSACTIONAL}' THEN 1 ELSE 0 END AS free,
            CASE WHEN c.kind <> '{TRANSACTIONAL}' THEN coalesce(c.lot, o.lot) END AS lot,
            CASE WHEN st.state IS NULL OR st.state = 'gone' THEN 'gone'
                WHEN c.kind <> '{TRANSACTIONAL}' AND st.state NOT IN ('granted', 'relied')
                    THEN 'no_consent:' || st.state
                WHEN x.reason IS NOT NULL THEN 'suppressed:' || x.reason
                WHEN tw.k IS NOT NULL THEN 'same_person'
                WHEN c.version IS NULL THEN 'broken_template' ELSE '' END AS why_not,
            CASE WHEN c.expires_at <= {now} THEN 1 ELSE 0 END AS late,
            CASE WHEN c.wanted_at > {now} THEN 1 ELSE 0 END AS early
        FROM candidates AS c
        LEFT JOIN standing AS st ON st.customer_id = c.customer_id AND st.channel = c.channel
            AND (st.purpose = '{TRANSACTIONAL}') = (c.kind = '{TRANSACTIONAL}')
        LEFT JOIN stopped AS x ON x.person_id = st.person_id AND x.channel = c.channel
        LEFT JOIN twins AS tw ON tw.k = c.k
        LEFT JOIN left_out AS o ON o.customer_id = st.person_id
        LEFT JOIN act_messages_localzone AS z ON z.customer_id = st.person_id
        LEFT JOIN ({clocks_sql()}) AS t ON t.customer_id = st.person_id
        LEFT JOIN again AS a ON a.zone = coalesce(z.zone, t.zone)
    )"""


# ``place``: of those who would get several at once, the best has the first.
_PLACED: Final = f"""placed AS MATERIALIZED (
    SELECT j.*, row_number() OVER (PARTITION BY person_id, open ORDER BY {_ORDER}) AS place
    FROM (
        SELECT judged.*,
            CASE WHEN why_not = '' AND late = 0 AND early = 0 THEN 1 ELSE 0 END AS open
        FROM judged
    ) AS j
)"""


def _capped(here: Setting) -> Iterable[str]:
    """Who had enough, until the message that was ``most - place + 1`` ago is forgotten."""
    caps = [
        f"({n}, '{cap.channel}', '{cap.kind}', {cap.most}, {cap.days * 86400}, "
        f"{moment(here.now - timedelta(cap.days), here)})"
        for n, cap in enumerate(here.policy.caps)
    ]
    if not caps:
        return (
            f"capped(k, until) AS (SELECT k, {moment(here.now, here)} FROM placed WHERE 1 = 0)",
        )
    longest = timedelta(max(cap.days for cap in here.policy.caps))
    oldest = moment(here.now - longest - LONGEST_WAIT, here)
    then = plus("went", "seconds", here)
    never = plus(moment(here.now, here), "caps.seconds", here)
    went = _went(here)
    return (
        _values("caps(n, channel, kind, most, seconds, since)", caps, ""),
        # PostgreSQL guesses one row in two hundred for "= 1", and a third for "> 0".
        f"""recent AS (
            SELECT p.k, caps.seconds, caps.most - p.place + 1 AS bound, {went} AS went,
                row_number() OVER (PARTITION BY p.k, caps.n ORDER BY {went} DESC, s.id) AS nth
            FROM placed AS p
            JOIN circle ON circle.person_id = p.person_id
            JOIN act_messages_send AS s
                ON s.customer_id = circle.customer_id AND s.counted_at > {oldest}
            JOIN act_messages_errand AS e ON e.id = s.errand_id
            LEFT JOIN act_messages_templateversion AS v
                ON v.template_id = e.template_id AND v.number = s.version
            JOIN caps ON {went} > caps.since
                AND {_counts("e.channel", "coalesce(v.kind, e.kind)")}
                AND {_counts("p.channel", "p.kind")}
            WHERE p.open > 0 AND p.free < 1 AND (s.state <> 'waiting' OR e.held_at IS NULL)
        )""",
        f"""capped(k, until) AS MATERIALIZED (
            SELECT k, max(until) FROM (
                SELECT k, {then} AS until FROM recent WHERE nth = bound
                UNION ALL
                SELECT p.k, {never} FROM placed AS p JOIN caps
                    ON {_counts("p.channel", "p.kind")}
                WHERE p.open > 0 AND p.place > caps.most
            ) AS found GROUP BY k
        )""",
    )


def _went(here: Setting) -> str:
    """When a message counts: when it left, or will. So whoever was let through last has seen all
    that leaves within the window of a cap, however long it was kept between the gate and the line.
    """
    now, left = moment(here.now, here), whole("s.sent_at", here)
    return f"""CASE WHEN s.state <> 'waiting' THEN coalesce({left}, s.counted_at)
        WHEN s.next_at > {now} THEN {whole("s.next_at", here)} ELSE {now} END"""


def _counts(channel: str, kind: str) -> str:
    """Does a message of that channel and kind count in the cap, and is bound by it?"""
    return f"""{kind} <> '{TRANSACTIONAL}' AND caps.channel IN ('', {channel})
        AND (caps.kind = {kind} OR caps.kind = ''
            AND (caps.channel <> '' OR {kind} <> '{THANKS}'))"""


def _rested(here: Setting) -> str:
    """``awake_at`` is when it would go as far as caps and quiet hours are concerned.

    Of this moment each zone knows whether it is night; the nights to come are looked up for few.
    """
    now = moment(here.now, here)
    at = f"CASE WHEN c.k IS NOT NULL THEN c.until WHEN p.early = 1 THEN p.wanted_at ELSE {now} END"
    return f"""rested AS (
        SELECT p.k, p.place, p.open, p.errand_id, p.customer_id, p.occurrence, p.expires_at,
            p.worth, p.channel, p.version, p.was, p.free, p.lot, p.why_not, p.late, p.early,
            c.until AS enough_until, g.month, g.day,
            CASE WHEN p.free = 1 THEN {at}
                WHEN c.k IS NULL AND p.early = 0 THEN coalesce(g.night, {now})
                ELSE coalesce((SELECT d.until FROM dark AS d WHERE d.zone = p.zone
                    AND d.since <= {at} AND {at} < d.until), {at}) END AS awake_at,
            CASE WHEN c.k IS NULL AND p.open = 1 AND p.free = 0 AND g.night IS NOT NULL
                THEN 1 ELSE 0 END AS night,
            CASE WHEN c.k IS NULL AND p.open = 1 AND (p.free = 1 OR g.night IS NULL)
                THEN 1 ELSE 0 END AS may
        FROM placed AS p LEFT JOIN capped AS c ON c.k = p.k LEFT JOIN again AS g ON g.zone = p.zone
    )"""


def _weighed(here: Setting) -> Iterable[str]:
    """The errands' budgets, then the month's: the best worth first, ghosts as if they were next."""
    costs = " ".join(f"WHEN '{name}' THEN {cost}" for name, cost in here.policy.costs.items())
    cost = f"CASE channel {costs} END" if costs else "CAST(NULL AS bigint)"
    lefts = [
        f"({number}, {one.purse}, {_number(one.left.messages)}, {_number(one.left.cost)})"
        for number, one in here.own.items()
    ]
    by_errand = f"""own AS MATERIALIZED (
        SELECT w.*, CASE WHEN w.may = 1 AND (w.free = 1 OR
            (w.own_n IS NULL OR {_needed("n")} <= w.own_n)
            AND (w.own_m IS NULL OR {_needed("m")} <= w.own_m)) THEN 1 ELSE 0 END AS own_fits
        FROM (SELECT b.*, {_running("may", "purse")} FROM (
            SELECT r.*, {cost} AS cost, l.purse, l.messages AS own_n, l.cost AS own_m
            FROM rested AS r LEFT JOIN lefts AS l ON l.errand_id = r.errand_id) AS b) AS w
    )"""
    if lefts:
        yield _values("lefts(errand_id, purse, messages, cost)", lefts, "")
        yield by_errand
    else:
        yield f"own AS (SELECT r.*, {cost} AS cost, r.may AS own_fits FROM rested AS r)"
    if here.month.endless:
        yield "weighed AS (SELECT own.*, own_fits AS fits FROM own)"
        return
    enough = [
        f"{_needed(what)} <= {left}"
        for what, left in (("tn", here.month.messages), ("tm", here.month.cost))
        if left is not None
    ]
    yield f"""weighed AS (
        SELECT w.*, CASE WHEN w.own_fits = 1 AND (w.free = 1 OR {" AND ".join(enough)})
            THEN 1 ELSE 0 END AS fits
        FROM (SELECT own.*, {_running("own_fits", "", "t")} FROM own) AS w
    )"""


def _running(who: str, by: str, prefix: str = "") -> str:
    part = f"PARTITION BY {by} " if by else ""
    over = f"OVER ({part}ORDER BY {_ORDER} ROWS UNBOUNDED PRECEDING)"
    takes = f"{who} = 1 AND lot IS NULL"
    return f"""sum(CASE WHEN {takes} THEN 1 ELSE 0 END) {over} AS {prefix}n,
        sum(CASE WHEN {takes} THEN coalesce(cost, 0) ELSE 0 END) {over} AS {prefix}m"""


def _needed(what: str) -> str:
    own = "1" if what.endswith("n") else "coalesce(w.cost, 0)"
    return f"w.{what} + CASE WHEN w.lot IS NULL THEN 0 ELSE {own} END"


def _decided(here: Setting) -> str:
    now = moment(here.now, here)
    passes = "why_not = '' AND late = 0 AND fits = 1"
    return f"""decided AS (
        SELECT w.k, w.place, w.open, w.errand_id, w.customer_id, w.occurrence,
            CASE WHEN why_not <> '' THEN 'suppressed' WHEN late = 1 THEN 'expired'
                WHEN fits = 0 THEN 'deferred' WHEN lot IS NULL THEN 'waiting'
                ELSE 'held_out' END AS state,
            CASE WHEN why_not <> '' THEN why_not
                WHEN late = 1 THEN CASE WHEN was = '' THEN 'late' ELSE was END
                WHEN early = 1 THEN 'not_yet' WHEN enough_until IS NOT NULL THEN 'cap'
                WHEN night = 1 THEN 'quiet_hours' WHEN own_fits = 0 THEN 'own_budget'
                WHEN fits = 0 THEN 'budget'
                WHEN lot IS NULL THEN '' ELSE 'would_go' END AS reason,
            w.lot, w.worth, {now} AS asked_at,
            CASE WHEN why_not <> '' OR late = 1 THEN NULL
                WHEN fits = 1 THEN CASE WHEN lot IS NULL THEN {now} END
                WHEN expires_at < {_NEXT} THEN expires_at ELSE {_NEXT} END AS next_at,
            w.expires_at,
            CASE WHEN {passes} THEN {now} END AS counted_at,
            CASE WHEN {passes} THEN w.version END AS version,
            CASE WHEN {passes} AND lot IS NULL THEN w.cost END AS cost
        FROM weighed AS w
    )"""


_NEXT: Final = """(CASE WHEN may = 0 THEN awake_at WHEN own_fits = 0 THEN w.day ELSE w.month END)"""


def _values(head: str, rows: Sequence[str], empty: str) -> str:
    if rows:
        return f"{head} AS (VALUES {', '.join(rows)})"
    return f"{head} AS (SELECT {empty} WHERE 1 = 0)"


def _number(value: int | None) -> str:
    return "CAST(NULL AS bigint)" if value is None else str(value)


def moment(at: datetime, here: Setting) -> str:
    """A moment as the database writes it."""
    plain = at.astimezone(UTC).replace(tzinfo=None)
    return f"TIMESTAMPTZ '{plain}+00'" if here.postgresql else f"'{plain}'"


def whole(what: str, here: Setting) -> str:
    """That moment to the second."""
    if here.postgresql:
        return f"date_trunc('second', {what})"
    return f"strftime('%%Y-%%m-%%d %%H:%%M:%%S', {what})"


def plus(what: str, seconds: str, here: Setting) -> str:
    """So many seconds later; on SQLite to the second."""
    if here.postgresql:
        return f"{what} + {seconds} * INTERVAL '1 second'"
    return f"strftime('%%Y-%%m-%%d %%H:%%M:%%S', {what}, {seconds} || ' seconds')"
