"""Questions about decisions and touches: what the newest refresh counted, beside experiments."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Final

from pydantic import TypeAdapter

from joren.act.campaigns import selectors as campaigns
from joren.act.campaigns.contracts import SOURCE as CAMPAIGN
from joren.act.journeys import selectors as journeys
from joren.act.journeys.contracts import SOURCE as JOURNEY
from joren.measure.experiments import selectors as experiments
from joren.measure.touches import models
from joren.measure.touches.contracts import (
    YEAR_DAYS,
    ContentBeside,
    Experimental,
    LastTouchBeside,
    LastTouchRule,
    NoTouchesYet,
    TouchReport,
)
from joren.measure.touches.rules import telling
from joren.understand.ltv import selectors as values
from joren.warehouse import Snapshot

_KINDS: Final = {CAMPAIGN: "campaign", JOURNEY: "journey"}


def report(snapshot: Snapshot | None = None) -> TouchReport:
    """What the refresh counted."""
    of = snapshot or values.snapshot()
    row = models.TouchReading.objects.filter(snapshot_id=of.id).first()
    if row is None:
        raise NoTouchesYet(f"the snapshot of {of.as_of} counted no touches", hint="joren refresh")
    return _reader().validate_python(row.document)


def last_touch_rule() -> LastTouchRule:
    """What holds now; the shop did not ask for it before it said so."""
    return rule_history()[0]


def rule_history() -> tuple[LastTouchRule, ...]:
    """Every version, newest first; the last one is what joren came with."""
    rows = models.LastTouchVersion.objects.order_by("-pk")
    return (
        *(LastTouchRule(one.shown, one.days, one.opens, one.changed_at, one.changed_by)
          for one in rows),
        LastTouchRule(),
    )  # fmt: skip


def contents_beside(counted: TouchReport) -> list[ContentBeside]:
    """Each content, with what the holdout of its action says."""
    by_lot, names = _experiments(), _names()
    return [
        ContentBeside(
            one,
            names.get((one.source, one.number or 0), one.name),
            by_lot.get((one.source, one.number or 0)),
        )
        for one in counted.contents
    ]


def last_touch_beside(counted: TouchReport) -> list[LastTouchBeside]:
    """Each action's last-touch revenue, beside what the holdout says."""
    by_lot, names, as_of = _experiments(), _names(), counted.as_of.isoformat()
    found = []
    for one in counted.last_touch:
        said = by_lot.get((one.source, one.number))
        gap = telling.difference(one, said, counted.currency, as_of)
        called = names.get((one.source, one.number), f"{one.source} {one.number}")
        found.append(LastTouchBeside(one, called, said, gap))
    return found


def spans(as_of: date) -> dict[tuple[str, int], telling.Span]:
    """The days of each action's experiment, where all of them are in the year that is counted."""
    year = as_of - timedelta(days=YEAR_DAYS)
    return {
        of: (one.first, one.last)
        for of, one in _experiments().items()
        if one.first is not None and one.last is not None and year < one.first <= one.last <= as_of
    }


def document_of(counted: TouchReport) -> object:
    """As it is kept."""
    return _reader().dump_python(counted, mode="json")


def _experiments() -> dict[tuple[str, int], Experimental]:
    """By source and number of the action; of several holdouts the newest."""
    sources = {kind: source for source, kind in _KINDS.items()}
    found: dict[tuple[str, int], Experimental] = {}
    for one in sorted(experiments.results(), key=lambda each: each.holdout_id):
        if one.action.kind in sources and one.action.number is not None:
            found[sources[one.action.kind], one.action.number] = Experimental(
                one.holdout_id,
                one.name,
                one.evidence,
                one.conversion,
                one.together,
                one.first,
                one.last,
            )
    return found


def _names() -> dict[tuple[str, int], str]:
    found = {(CAMPAIGN, one.id): one.plan.name for one in campaigns.campaigns()}
    return found | {(JOURNEY, one.id): one.name for one in journeys.journeys()}


@cache
def _reader() -> TypeAdapter[TouchReport]:
    return TypeAdapter(TouchReport)
