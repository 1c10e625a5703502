"""Everything that was decided, from wherever it was: one log.

What rooms keep with their own words (reviews, strategies, shares, journeys' versions, alarms) is
read from them; what is a deed alone is read from the audit log. Nothing is kept here twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from django.utils.translation import get_language, gettext

from joren.accounts import selectors as accounts
from joren.act.campaigns import selectors as campaigns
from joren.act.journeys import selectors as journeys
from joren.act.pressure import selectors as pressure
from joren.core.clock import zone
from joren.decide.holdouts import selectors as holdouts
from joren.decide.segments import selectors as segments
from joren.decide.strategies import selectors as strategies
from joren.measure.channels import selectors as channels
from joren.measure.practices import selectors as practices
from joren.measure.practices.contracts import FIFTEEN
from joren.measure.reviews import selectors as reviews
from joren.measure.team.contracts import DECIDED_NAMES, DECISION_KIND_NAMES, Decided, DecisionKind
from joren.measure.team.rules.finding import found
from joren.measure.trials import selectors as trials
from joren.protect.audit import selectors as audit
from joren.protect.audit.contracts import Entry

_DEEDS: Final[Mapping[str, tuple[DecisionKind, str]]] = {
    "campaigns.called_off": ("stopped", "called_off"),
    "journeys.paused": ("stopped", "paused"),
    "journeys.resumed": ("let_go", "resumed"),
    "journeys.ended": ("stopped", "ended"),
    "holdouts.closed": ("stopped", "closed"),
    "effects.targeted": ("targeting", "targeted"),
    "campaigns.rest_sent": ("winner", "winner_sent"),
    "trials.called_off": ("stopped", "called_off"),
    "trials.drawn": ("tried", "trial_drawn"),
    "channels.areas_dealt": ("tried", "areas_dealt"),
    "channels.test_called_off": ("stopped", "called_off"),
}
"""Deeds that are decisions, by their name in the audit log."""

_KINDS: Final = ("campaign", "journey", "holdout", "trial", "area_test")
MOST_DEEDS: Final = 2_000
"""The newest of them that are read."""


def decisions(
    *, words: str = "", kind: str = "", since: date | None = None, until: date | None = None
) -> list[Decided]:
    """Those that have every word somewhere, of one kind or all, of some days or all; newest first.

    What a page shows for a decision is searched too, in the reader's language and in English.
    """
    log = [
        *_of_reviews(), *_of_strategies(), *_of_practices(), *_of_shares(), *_of_journeys(),
        *_of_alarms(), *_of_deeds(),
    ]  # fmt: skip
    callers = accounts.names_of_callers()
    named = [_by_name(one, callers) for one in log]
    shown = [(DECIDED_NAMES[one.what], DECISION_KIND_NAMES[one.kind]) for one in named]
    said = [" ".join((*both, *map(gettext, both))) for both in shown]
    return found(
        named, words=words, kind=kind, since=since, until=until, said=said,
        here=zone(accounts.business().time_zone),
    )  # fmt: skip


def _by_name(one: Decided, callers: Mapping[str, str]) -> Decided:
    by = callers[one.by]
    return Decided(one.at, by, one.kind, one.what, one.about, one.reason, one.subject, one.key)


def _of_reviews() -> Iterator[Decided]:
    for review in reviews.reviews():
        for one in review.tunings:
            yield Decided(
                one.decided_at, one.decided_by, "review", one.decision, one.about,
                " · ".join(part for part in (one.reason, one.expected) if part), "review",
                str(review.id),
            )  # fmt: skip


def _of_strategies() -> Iterator[Decided]:
    every = [*segments.segments(), *segments.segments(archived=True)]
    names = {one.id: one.name for one in every}
    for number, one in strategies.every_review():
        yield Decided(
            one.reviewed_at, one.reviewed_by, "strategy", one.decision, names.get(number, ""),
            one.note, "segment", str(number),
        )  # fmt: skip


def _of_practices() -> Iterator[Decided]:
    called = {one.key: one.name or _both(one.key) for one in practices.practices()}
    for one in practices.decisions():
        about = called.get(one.practice, one.practice)
        yield Decided(one.decided_at, one.decided_by, "practice", "practice_decided", about,
                      one.text, "practice", one.practice)  # fmt: skip


def _both(key: str) -> str:
    """One of the fifteen in the reader's language."""
    return FIFTEEN[key][0 if get_language() == "ja" else 1]


def _of_shares() -> Iterator[Decided]:
    """Where nobody is left out, or as many as somebody said in place of the usual."""
    for rule in holdouts.global_rules():
        if rule.changed_at is not None:
            what = "share_changed" if rule.share else "nobody_left_out"
            about = f"{rule.share:.1%}" if rule.share else ""
            yield Decided(rule.changed_at, rule.changed_by, "nobody_left_out", what, about,
                          rule.reason, "holdouts", "")  # fmt: skip
    for one in campaigns.campaigns():
        if one.plan.share == 0 and one.state != "draft":
            yield Decided(
                one.begun_at or one.changed_at, one.made_by, "nobody_left_out", "nobody_left_out",
                one.plan.name, one.plan.reason, "campaign", str(one.id),
            )  # fmt: skip


def _of_journeys() -> Iterator[Decided]:
    """Versions that were published without a holdout, where the one before had one or none was."""
    for one in journeys.journeys(ended=True):
        before: float | None = None
        for version in sorted(journeys.versions(one.id), key=lambda each: each.number):
            share = version.document.holdout
            if share == 0 and before != 0:
                yield Decided(
                    version.published_at, version.published_by, "nobody_left_out",
                    "nobody_left_out", one.name, version.document.no_holdout_why, "journey",
                    str(one.id),
                )  # fmt: skip
            before = share


def _of_alarms() -> Iterator[Decided]:
    for one in pressure.alarms():
        subject = one.source or "guard"
        if one.stopped:
            yield Decided(
                one.raised_at, "guard", "stopped", "guard_stopped", one.name,
                f"{one.bad:,} / {one.of:,} > {one.limit:.2%}", subject, str(one.source_id),
            )  # fmt: skip
        if one.ended_at is not None and one.ended_by:
            yield Decided(one.ended_at, one.ended_by, "let_go", "alarm_settled", one.name, one.why,
                          subject, str(one.source_id))  # fmt: skip


def _of_deeds() -> Iterator[Decided]:
    names = _names()
    for one in audit.entries_named(tuple(_DEEDS), kinds=_KINDS, limit=MOST_DEEDS):
        kind, what = _DEEDS[one.action]
        if one.action == "campaigns.rest_sent" and not one.detail.get("winner"):
            what = "all_sent"
        about = names.get((one.subject_kind, one.subject_id), one.subject_id)
        yield Decided(one.at, one.actor, kind, what, about, _why(one), one.subject_kind,
                      one.subject_id)  # fmt: skip


def _why(one: Entry) -> str:
    if one.action == "effects.targeted":
        return f"{one.detail.get('policy')}, {one.detail.get('evidence')}"
    return str(one.detail.get("why") or "")


def _names() -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for campaign in campaigns.campaigns():
        found["campaign", str(campaign.id)] = campaign.plan.name
    for journey in journeys.journeys(ended=True):
        found["journey", str(journey.id)] = journey.name
    for holdout in holdouts.holdouts():
        found["holdout", str(holdout.id)] = holdout.name
    called = {one.key: one.name or _both(one.key) for one in practices.practices()}
    for trial in trials.trials():
        practice = called.get(trial.plan.practice, trial.plan.practice)
        found["trial", str(trial.id)] = f"{practice} · {trial.plan.first}"
    for test in channels.area_tests():
        found["area_test", str(test.id)] = test.text.name
    return found
