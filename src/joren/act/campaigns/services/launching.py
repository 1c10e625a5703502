"""Ask the gate for the audience, some thousand customers at a time.

Each part has a transaction of its own in which the ledger's rows and the mark of how far it came
stand or fall together: after a crash the next part begins where the last one ended.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa
from django.db import connection, transaction

from joren.accounts.selectors import business
from joren.act.campaigns import models, rules, selectors
from joren.act.campaigns.contracts import SOURCE, Campaign, Rehearsal
from joren.act.messages import selectors as messages
from joren.act.messages import services as sending
from joren.act.messages.contracts import Asked, Passed
from joren.core import clock
from joren.core.errors import JorenError, Unavailable
from joren.core.ids import SnapshotId
from joren.decide.holdouts import selectors as lots
from joren.decide.holdouts import services as holdouts
from joren.decide.holdouts.contracts import Holdout
from joren.decide.segments import selectors as segments
from joren.plumbing.warehouse import warehouse
from joren.protect.audit import services as audit
from joren.understand.ltv import selectors as values
from joren.understand.ltv.contracts import CUSTOMER_VALUES, NoSnapshot

AT_ONCE: Final = 20_000
BY: Final = "campaigns"
_JUST_PASSED: Final = timedelta(hours=1)
"""The rest of a test begins some minutes after the hour: then nobody waits for another day."""

_OF_THE_PART: Final = (
    "state",
    "begun_at",
    "rest_begun_at",
    "asked_until",
    "worth_until",
    "winner",
    "holdout_id",
)
"""What says which part comes next, and to whom of it what is sent."""

_log = logging.getLogger(__name__)

_Part = tuple[int, Asked]
"""Of which variant, and for whom it is asked."""


def launch_due() -> int:
    """Do the next part of a campaign whose moment has come; returns how many customers it asked
    for, and 0 when nothing is due. One that cannot go on now lets the next have its turn."""
    rows = models.Campaign.objects.filter(
        state__in=("scheduled", "sending"), send_at__lte=clock.now()
    )
    for row in rows.order_by("send_at", "pk"):
        if asked := _go_on(row):
            return asked
    return 0


def _go_on(row: models.Campaign) -> int:
    try:
        _begin(row)
        return _next_part(row.pk)
    except Unavailable as missing:
        _log.warning("campaign %s waits: %s", row.pk, missing.message)
        _say(row.pk, missing)
    except JorenError as refused:
        _put_back(row.pk, refused)
    except Exception:  # whatever it was, it is tried again, and the others do not wait for it
        _log.exception("campaign %s is tried again", row.pk)
    return 0


def rehearse(number: int, *, tried: int = AT_ONCE) -> Rehearsal:
    """What the gate would say now of so many of the audience: asked in earnest, and taken back."""
    one, now = selectors.campaign(number), clock.now().replace(microsecond=0)
    one = replace(one, plan=replace(one.plan, send_at=now))
    segment = segments.segment(one.plan.segment)
    rule = segments.rule_of(segment)
    members = segments.members_table(rule).select("customer_id")
    some = _worth_of(members, values.snapshot().id, None, 0, tried)
    salt = models.Campaign.objects.get(pk=number).salt
    asked = _asks(one, salt, some, None, now)
    with transaction.atomic():
        passed = _ask(one, asked)
        transaction.set_rollback(True)
    cautions = segments.cautions_of(segment.rule)
    return Rehearsal(segments.size(rule), some.num_rows, passed.reasons, cautions)


def _begin(row: models.Campaign) -> None:
    """Draw who is left out. A lot of its name that is there was drawn before a crash."""
    if row.state == "sending":
        return
    lot: Holdout | None = None
    if row.share:
        name = f"{row.name} ({row.pk})"
        drawn = [one for one in lots.of_segment(row.segment_id) if one.name == name]
        lot = drawn[0] if drawn else holdouts.divide(
            row.segment_id, name=name, share=row.share, by=row.made_by
        )  # fmt: skip
        if lot.treated_on is None:
            today = clock.shop_day(clock.now(), business().time_zone)
            holdouts.reached(lot.id, on=today, by=BY)
    models.Campaign.objects.filter(pk=row.pk, state="scheduled").update(
        state="sending",
        begun_at=clock.now().replace(microsecond=0),
        holdout_id=lot.id if lot else None,
    )


def _next_part(number: int) -> int:
    """What is counted of the part is counted before the transaction, for SQLite has one writer and
    hours of everybody take a while; whether it is still that part is asked inside."""
    seen = models.Campaign.objects.get(pk=number)
    if seen.state != "sending" or seen.begun_at is None:
        return 0  # it was called off meanwhile
    one = selectors.read(seen)
    lot = lots.holdout(seen.holdout_id) if seen.holdout_id else None
    pinned, below, after = _place(seen)
    some = _worth_of(_audience(one, lot), pinned, below, after, AT_ONCE)
    theirs = _of_the_part(one, seen.salt, some)
    begun = seen.rest_begun_at or seen.begun_at
    asked = _asks(one, seen.salt, theirs, lot, begun) if some.num_rows else []
    with transaction.atomic():
        row = models.Campaign.objects.select_for_update().get(pk=number)
        if any(getattr(row, name) != getattr(seen, name) for name in _OF_THE_PART):
            return 0  # another worker did it, or it was called off; the next look sees what is left
        if some.num_rows:
            row.asked += _ask(one, asked).rows
            row.asked_until = some["customer_id"][-1].as_py()
            row.worth_until, row.worth_as_of = some["worth"][-1].as_py(), pinned
        elif one.plan.test_share < 1 and row.rest_begun_at is None:
            row.state = "testing"
        else:
            row.state, row.done_at = "sent", clock.now()
        row.trouble = ""
        row.save()
    return int(some.num_rows)


def _place(row: models.Campaign) -> tuple[int, int | None, int]:
    """By which figures they are ordered, and after whom the next come. The figures are the same to
    the end, so that nobody is passed over; where they are gone it begins anew by those of now, and
    the ledger knows whoever was asked for."""
    try:
        pinned = int(values.snapshot(row.worth_as_of).id)
    except NoSnapshot:
        return int(values.snapshot().id), None, 0
    # Without a worth it is at its beginning, or was begun when they came by number.
    return pinned, row.worth_until, row.asked_until if row.worth_until is not None else 0


def _of_the_part(one: Campaign, salt: str, some: pa.Table) -> pa.Table:
    """Of these, whoever is in the test, or else the rest, once its moment has come."""
    if one.plan.test_share == 1:
        return some
    mine = rules.in_test(some["customer_id"].to_pylist(), one.plan.test_share, salt)
    first = one.rest_begun_at is None
    return some.filter(pa.array([each == first for each in mine], pa.bool_()))


@transaction.atomic
def _put_back(number: int, refused: JorenError) -> None:
    """It waits as a draft and says why, in place of trying for ever; what has begun is ended."""
    _say(number, refused)
    row = models.Campaign.objects.select_for_update().get(pk=number)
    if row.state == "sending":
        row.state, row.done_at, what = "cancelled", clock.now(), "stopped"
    elif row.state == "scheduled":
        row.state, what = "draft", "put_back"
    else:
        return  # it was called off meanwhile
    row.save()
    audit.record(
        f"campaigns.{what}", actor=BY, subject_kind="campaign", subject_id=number,
        segment=row.segment_id, code=refused.code, asked=row.asked,
    )  # fmt: skip


def _say(number: int, why: JorenError) -> None:
    trouble = (f"{why.message} ({why.hint})" if why.hint else why.message)[:500]
    models.Campaign.objects.filter(pk=number).exclude(trouble=trouble).update(trouble=trouble)


def _audience(one: Campaign, lot: Holdout | None) -> ir.Table:
    """(customer_id, held_out) of everybody who was drawn, or who belongs where nobody was."""
    if lot is not None:
        return lots.assigned(lot.id).select("customer_id", "held_out")
    return segments.members_table(segments.rule_of(segments.segment(one.plan.segment)))


def _worth_of(
    customers: ir.Table, snapshot: int, below: int | None, after: int, limit: int
) -> pa.Table:
    """(customer_id, held_out, worth) of the next ones, those with most to expect first; of those
    that are worth the same, by number. ``below`` is what the last one before them was worth."""
    house = warehouse()
    if "held_out" not in customers.columns:
        customers = customers.mutate(held_out=False)
    known = house.snapshots.table(SnapshotId(snapshot), CUSTOMER_VALUES)
    both = customers.left_join(known.select("customer_id", "revenue_365d"), "customer_id")
    worth = both.revenue_365d.fill_null(0.0).round().cast("int64")
    told = both.select("customer_id", "held_out", worth=worth)
    if below is not None:
        same = (told.worth == below) & (told.customer_id > after)
        told = told.filter((told.worth < below) | same)
    ordered = told.order_by([ibis.desc("worth"), "customer_id"])
    return house.engine.arrow(ordered.limit(limit))


def _asks(
    one: Campaign, salt: str, some: pa.Table, lot: Holdout | None, begun: datetime
) -> list[_Part]:
    """What is asked for these, each with the message that they get, at the moment that suits
    them."""
    weights = [each.weight for each in one.plan.variants]
    if one.winner:
        weights = [int(place == one.winner) for place in range(1, len(weights) + 1)]
    customers = some["customer_id"].to_pylist()
    chosen = rules.variants_of(customers, weights, salt)
    timed = some.append_column("wanted_at", pa.array(_moments(one, salt, customers, begun)))
    ends = begun + timedelta(hours=one.plan.expires_hours)
    asked = []
    for place in range(len(one.plan.variants)):
        theirs = timed.filter(pa.array([which == place for which in chosen], pa.bool_()))
        asked.append((place, _rows(theirs, one.id, ends, lot.lot if lot else None)))
    return asked


def _ask(one: Campaign, asked: Sequence[_Part]) -> Passed:
    """For all messages at once, so that none of them is short of room before another."""
    each = []
    for place, rows in asked:
        template = one.plan.variants[place].template
        each.append((sending.errand(SOURCE, one.id, f"{place + 1}", template), rows))
    return sending.ask_together(each)


def _moments(one: Campaign, salt: str, customers: Sequence[int], begun: datetime) -> list[datetime]:
    """When each gets it: at once, when their own clock shows the time that the plan says, or at the
    next hour of their own. That time counts where work begins late, or with the rest of a test,
    for which it is the next one; where it passed while work was late, it is at once. Of whom no
    zone is known it is the shop's clock; where nothing is known of anybody, it is at once."""
    if not customers or not (one.plan.own_hour or one.plan.their_clock):
        return [begun] * len(customers)
    home, zones = business().time_zone, messages.zones_of(customers)
    where = [zones.get(each, home) for each in customers]
    hours = selectors.hours_of(customers) if one.plan.own_hour else None
    at_once = [begun] * len(customers)
    if one.plan.their_clock:
        planned = one.plan.send_at or begun
        shows = planned.astimezone(clock.zone(home)).time()
        since = planned if one.rest_begun_at is None else begun - _JUST_PASSED
        there = {
            zone: max(begun, rules.next_at(shows, since, clock.zone(zone))) for zone in {*where}
        }
        at_once = [there[zone] for zone in where]
    if hours is None:
        return at_once
    nexts = {
        (hour, zone): rules.next_at(time(hour), begun, clock.zone(zone))
        for hour, zone in {*zip(hours, where, strict=True)}
    }
    usual = rules.at_usual_hour(customers, one.plan.usual_part, salt)
    return [
        now if is_usual else nexts[hour, zone]
        for hour, zone, now, is_usual in zip(hours, where, at_once, usual, strict=True)
    ]


def _rows(some: pa.Table, occurrence: int, ends: datetime, lot: int | None) -> Asked:
    columns: Mapping[str, Sequence[Any]] = some.to_pydict()
    held = [lot if out else None for out in columns["held_out"]]
    adapted = connection.ops.adapt_datetimefield_value
    wanted, expires = [adapted(one) for one in columns["wanted_at"]], adapted(ends)
    given = [columns["customer_id"], columns["worth"], held, wanted]
    if connection.vendor == "postgresql":
        query = """
            SELECT g.customer_id, %s::bigint AS occurrence, g.wanted_at,
                %s::timestamptz AS expires_at, g.worth, g.lot
            FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::timestamptz[])
                AS g(customer_id, worth, lot, wanted_at)
        """
        return Asked(query, [occurrence, expires, *given])
    query = """
        SELECT value ->> 0 AS customer_id, %s AS occurrence, value ->> 3 AS wanted_at,
            %s AS expires_at, value ->> 1 AS worth, value ->> 2 AS lot
        FROM json_each(%s)
    """
    return Asked(query, [occurrence, expires, json.dumps([*zip(*given, strict=True)])])
