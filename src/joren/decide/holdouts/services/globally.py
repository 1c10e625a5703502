"""Leave some of all customers out of everything that the shop sends, and nobody longer than a year.

The share is made up of four cohorts, of which one ends each quarter and is followed by a new one.
Each cohort is a lot of its own among those who were not left out in the year before, so that it can
be analysed for its whole year and for as long after it as anybody wants. The first four begin
together and end one after the other.
"""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from itertools import count
from typing import Any, Final

import pyarrow as pa
from django.db import transaction

from joren.accounts.selectors import business
from joren.core import clock
from joren.decide.holdouts import models, rules, selectors
from joren.decide.holdouts.contracts import (
    FEWEST_GLOBAL,
    GlobalRule,
    Holdout,
    ReasonMissing,
)
from joren.decide.holdouts.services.drawing import draw_among, log, without_held
from joren.decide.holdouts.services.keeping import keep
from joren.decide.segments import selectors as segments
from joren.decide.segments.contracts import All
from joren.plumbing.bulk import insert_missing
from joren.plumbing.warehouse import warehouse
from joren.protect.audit import services as audit
from joren.understand.ltv import selectors as values

BY: Final = "nightly"


@transaction.atomic
def set_global(share: float, *, by: str, reason: str = "") -> GlobalRule:
    """Choose the share of all customers that is left out of everything; 0, and why, for none.

    Another share holds from the next cohort on. At 0 everybody who is left out may be written to
    from now on.
    """
    if share:
        rules.cohort_of(share)
    elif not reason.strip():
        raise ReasonMissing(
            "nobody is to be left out any more, and nobody said why",
            hint="say it: without them no effect of all that is sent can be seen",
        )
    models.GlobalRule.objects.create(
        share=share, reason=reason.strip(), changed_at=clock.now(), changed_by=by
    )
    if not share:
        _end(date.max)
    audit.record("holdouts.global_set", actor=by, subject_kind="holdout", share=share)
    return selectors.global_rule()


def rotate(*, by: str = BY) -> list[Holdout]:
    """End the cohorts whose time is over and draw those that are due; returns the new ones.

    Safe to repeat. Of fewer than ``FEWEST_GLOBAL`` customers nobody is drawn: nothing could
    be read from them.
    """
    today = _today()
    _end(today)
    rule = selectors.global_rule()
    if not rule.share or warehouse().snapshots.latest() is None:
        return []
    running = [one.until for one in selectors.cohorts() if one.closed_at is None and one.until]
    drawn = []
    for until in rules.cohorts_due(today, running):
        one = _draw(until, rule, by)
        if one is None:
            break
        drawn.append(one)
    return drawn


def _draw(until: date, rule: GlobalRule, by: str) -> Holdout | None:
    """One cohort among those who were not left out in the year before."""
    snapshot, today = values.snapshot(), _today()
    design, salt = rules.cohort_of(rule.share), secrets.token_hex(16)
    rested = today - timedelta(days=rules.REST_DAYS)
    eligible = without_held(segments.members_table(All()), since=rested)
    drawn = draw_among(eligible, snapshot.id, design, salt)
    if drawn.num_rows < FEWEST_GLOBAL:
        return None
    held = drawn.filter(drawn["held_out"])
    one = Holdout(
        id=0, name=_free_name(until), kind="global", segment_id=None, segment_version=None,
        design=design, salt=salt, snapshot_id=snapshot.id, as_of=snapshot.as_of,
        drawn_at=clock.now(), drawn_by=by, note="", treated=drawn.num_rows - held.num_rows,
        held_out=held.num_rows, treated_on=today, until=until,
    )  # fmt: skip
    log(one, drawn)
    with transaction.atomic():
        kept = keep(one)
        insert_missing(models.GloballyHeld, _held_until(one, held["customer_id"]))
    return kept


def _free_name(until: date) -> str:
    """Of one last day there are several where it was switched off and on again on one day."""
    name = rules.cohort_name(until)
    taken = set(models.Holdout.objects.filter(name__startswith=name).values_list("name", flat=True))
    others = (f"{name} ({number})" for number in count(2))
    return name if name not in taken else next(one for one in others if one not in taken)


def _held_until(one: Holdout, customers: pa.ChunkedArray) -> pa.Table:
    same: dict[str, Any] = {"lot": one.lot, "until": one.until}
    kinds = {"lot": pa.int64(), "until": pa.date32()}
    columns = {
        name: pa.repeat(pa.scalar(value, kinds[name]), len(customers))
        for name, value in same.items()
    }
    return pa.table(columns | {"customer_id": customers})


@transaction.atomic
def _end(day: date) -> None:
    """Close the cohorts that were to end before that day; whom they left out may be treated."""
    for row in models.Holdout.objects.filter(kind="global", closed_at=None, until__lt=day):
        row.closed_at = clock.now()
        row.until = min(row.until or day, _today() - timedelta(days=1))
        row.save(update_fields=["closed_at", "until"])
        lot = selectors.holdout(row.pk).lot
        models.GloballyHeld.objects.filter(lot=lot, until__gt=row.until).update(until=row.until)
    rested = _today() - timedelta(days=rules.REST_DAYS)
    models.GloballyHeld.objects.filter(until__lt=rested).delete()


def _today() -> date:
    return clock.shop_day(clock.now(), business().time_zone)
