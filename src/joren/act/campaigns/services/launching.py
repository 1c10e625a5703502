"""Ask the gate for the audience, some thousand customers at a time.

Each part has a transaction of its own in which the ledger's rows and the mark of how far it came
stand or fall together: after a crash the next part begins where the last one ended.
"""

from __future__ import annotations

import logging
from typing import Final

import ibis.expr.types as ir
import pyarrow as pa
from django.db import transaction

from joren.accounts.selectors import business
from joren.act.campaigns import models, rules, selectors
from joren.act.campaigns.contracts import Campaign
from joren.act.campaigns.services.asking import ask, asks, worth_of
from joren.core import clock
from joren.core.errors import JorenError, Unavailable
from joren.decide.holdouts import selectors as lots
from joren.decide.holdouts import services as holdouts
from joren.decide.holdouts.contracts import Holdout
from joren.decide.segments import selectors as segments
from joren.protect.audit import services as audit
from joren.understand.ltv import selectors as values
from joren.understand.ltv.contracts import NoSnapshot

AT_ONCE: Final = 20_000
BY: Final = "campaigns"
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
    some = worth_of(_audience(one, lot), pinned, below, after, AT_ONCE)
    theirs = _of_the_part(one, seen.salt, some)
    begun = seen.rest_begun_at or seen.begun_at
    asked = asks(one, seen.salt, theirs, lot, begun) if some.num_rows else []
    with transaction.atomic():
        row = models.Campaign.objects.select_for_update().get(pk=number)
        if any(getattr(row, name) != getattr(seen, name) for name in _OF_THE_PART):
            return 0  # another worker did it, or it was called off; the next look sees what is left
        if some.num_rows:
            row.asked += ask(one, asked).rows
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
