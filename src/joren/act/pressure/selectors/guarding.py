"""What is watched: shares of refusals and reports against their limits, and the alarms there are.

A refusal counts against the last message that came before it within seven days, on the channel that
was refused. What was settled by somebody is counted anew from then on.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from joren.act.campaigns import selectors as campaigns
from joren.act.campaigns.contracts import NoSuchCampaign
from joren.act.journeys import selectors as journeys
from joren.act.journeys.contracts import NoSuchJourney
from joren.act.messages import selectors as messages
from joren.act.messages.contracts import OutcomeOf, Reached
from joren.act.pressure import models, rules
from joren.act.pressure.contracts import (
    BLAMED_DAYS,
    WATCHED_DAYS,
    Alarm,
    Judged,
    Limits,
    Watched,
)
from joren.core import clock
from joren.protect.consent.contracts import EVERY
from joren.protect.consent.selectors import refusals_since

Key = tuple[str, int, str]
"""Source, its number, and the step; all of them empty: the shop."""

SHOP: Key = ("", 0, "")


def limits_of(source: str = "", source_id: int = 0) -> Limits:
    """Of the shop, or of a campaign or journey, which has the shop's until it has its own."""
    rows = {(row.source, row.source_id): row for row in models.Limit.objects.all()}
    row = rows.get((source, source_id)) or rows.get(("", 0))
    return _limits(row) if row else Limits()


def alarms(limit: int = 100) -> list[Alarm]:
    """The newest first; open ones before all others."""
    rows = models.Alarm.objects.all()
    ended = rows.exclude(ended_at=None).order_by("-raised_at", "-pk")[:limit]
    return [*open_alarms(), *(_alarm(row) for row in ended)]


def open_alarms() -> list[Alarm]:
    """What is beyond its limit and nobody has settled yet."""
    rows = models.Alarm.objects.filter(ended_at=None).order_by("-stopped", "-raised_at", "-pk")
    return [_alarm(row) for row in rows]


def is_stopped(source: str, source_id: int) -> bool:
    """Did the whole campaign or journey stop itself, and nobody has looked at it yet?"""
    return models.Alarm.objects.filter(
        source=source, source_id=source_id, step="", stopped=True, ended_at=None
    ).exists()


def watched() -> list[Watched]:
    """The shop first, then campaigns and journeys that sent lately, each with its steps."""
    now = clock.now()
    begin = now - timedelta(WATCHED_DAYS)
    anew = _settled(begin)
    outcomes = _outcomes(begin, anew)
    trouble = _trouble(begin, outcomes, anew)
    own = {(row.source, row.source_id): _limits(row) for row in models.Limit.objects.all()}
    usual = own.get(("", 0), Limits())
    found = [_of_shop(begin, anew, usual)]
    by_source: dict[tuple[str, int], list[OutcomeOf]] = defaultdict(list)
    for one in outcomes.values():
        by_source[one.source, one.source_id].append(one)
    for (source, number), steps in sorted(by_source.items(), key=lambda each: -each[0][1]):
        limits = own.get((source, number), usual)
        whole = _of_source(source, number, steps, trouble, limits, begin, anew)
        found.append(replace(whole, own_limits=(source, number) in own))
        if sum(bool(one.sent) for one in steps) > 1:
            found += [_of_step(one, trouble, limits, whole.name) for one in steps]
    return found


@dataclass(frozen=True)
class _Trouble:
    """Refusals by errand, and how many of each arm refused or reported spam by source."""

    refused: Counter[int]
    arms: Mapping[tuple[str, int, bool], set[int]]


def _settled(begin: datetime) -> dict[Key, datetime]:
    """From when on something is counted anew, because somebody settled its alarm."""
    rows = models.Alarm.objects.filter(ended_at__gte=begin).exclude(ended_by="")
    found: dict[Key, datetime] = {}
    for row in rows.order_by("ended_at"):
        if row.ended_at is not None:
            found[row.source, row.source_id, row.step] = row.ended_at
    return found


def _since(one: OutcomeOf, begin: datetime, anew: Mapping[Key, datetime]) -> datetime:
    keys = ((one.source, one.source_id, ""), (one.source, one.source_id, one.step))
    return max(begin, *(anew.get(key, begin) for key in keys))


def _outcomes(begin: datetime, anew: Mapping[Key, datetime]) -> dict[int, OutcomeOf]:
    every = {one.errand: one for one in messages.outcomes_since(begin)}
    late: dict[datetime, list[int]] = defaultdict(list)
    for one in every.values():
        if (since := _since(one, begin, anew)) > begin:
            late[since].append(one.errand)
    for since, errands in late.items():
        fresh = {one.errand: one for one in messages.outcomes_since(since, errands)}
        for number in errands:
            none = replace(every[number], sent=0, bounced=0, complaints=0)
            every[number] = fresh.get(number, none)
    return every


def _trouble(
    begin: datetime, outcomes: Mapping[int, OutcomeOf], anew: Mapping[Key, datetime]
) -> _Trouble:
    refusals = refusals_since(begin)
    reports = messages.complaints_since(begin)
    known = {who for who, *_ in refusals} | {who for who, _ in reports}
    got = _by_customer(messages.reached_among(known, begin))
    sources = {pk: (one.source, one.source_id) for pk, one in outcomes.items()}
    since = {pk: _since(one, begin, anew) for pk, one in outcomes.items()}
    refused: Counter[int] = Counter()
    arms: dict[tuple[str, int, bool], set[int]] = defaultdict(set)
    for who, channel, at in refusals:
        theirs = [one for one in _before(got[who], at) if one.errand in sources]
        blamed = [
            one for one in theirs
            if not one.held_out and channel in (EVERY, outcomes[one.errand].channel)
        ]  # fmt: skip
        if blamed and blamed[-1].at >= since[blamed[-1].errand]:
            refused[blamed[-1].errand] += 1
        _add(arms, theirs, sources, since)
    for who, at in reports:
        _add(arms, [one for one in _before(got[who], at) if one.errand in sources], sources, since)
    return _Trouble(refused, arms)


def _by_customer(rows: Sequence[Reached]) -> dict[int, list[Reached]]:
    found: dict[int, list[Reached]] = defaultdict(list)
    for one in sorted(rows, key=lambda each: each.at):
        found[one.customer].append(one)
    return found


def _before(theirs: Sequence[Reached], at: datetime) -> Sequence[Reached]:
    """What came within the days before that moment, the last at the end."""
    moments = [one.at for one in theirs]
    begin, end = bisect_right(moments, at - timedelta(BLAMED_DAYS)), bisect_right(moments, at)
    return theirs[begin:end]


def _add(
    arms: dict[tuple[str, int, bool], set[int]], theirs: Sequence[Reached],
    sources: Mapping[int, tuple[str, int]], since: Mapping[int, datetime],
) -> None:  # fmt: skip
    for one in theirs:
        if one.at >= since[one.errand]:
            arms[(*sources[one.errand], one.held_out)].add(one.customer)


def _of_shop(begin: datetime, anew: Mapping[Key, datetime], limits: Limits) -> Watched:
    since = anew.get(SHOP, begin)
    outcomes = {one.errand: one for one in messages.outcomes_since(since)}
    trouble = _trouble(since, outcomes, {})
    return _judged(SHOP, "", [*outcomes.values()], trouble, limits)


def _of_source(
    source: str, number: int, steps: Sequence[OutcomeOf], trouble: _Trouble, limits: Limits,
    begin: datetime, anew: Mapping[Key, datetime],
) -> Watched:  # fmt: skip
    found = _judged((source, number, ""), _name(source, number), steps, trouble, limits)
    since = max(begin, anew.get((source, number, ""), begin))
    treated, left_out = messages.people_since(since, source, number)
    if not left_out:
        return found
    bad, bad_left = (len(trouble.arms.get((source, number, out), ())) for out in (False, True))
    more = rules.judge_raise(
        (min(bad, treated), treated), (min(bad_left, left_out), left_out), limits.unsubscribes,
        least=limits.least,
    )  # fmt: skip
    return replace(found, judged=(*found.judged, more))


def _of_step(one: OutcomeOf, trouble: _Trouble, limits: Limits, name: str) -> Watched:
    called = f"{name} › {one.template_name}" if name else one.template_name
    return _judged((one.source, one.source_id, one.step), called, [one], trouble, limits)


def _judged(
    key: Key, name: str, steps: Sequence[OutcomeOf], trouble: _Trouble, limits: Limits
) -> Watched:
    delivered = sum(one.delivered for one in steps)
    judged: tuple[Judged, ...] = (
        rules.judge(
            "unsubscribes", sum(trouble.refused[one.errand] for one in steps), delivered,
            limits.unsubscribes, least=limits.least,
        ),
        rules.judge(
            "complaints", sum(one.complaints for one in steps), delivered, limits.complaints,
            least=limits.least,
        ),
    )  # fmt: skip
    held = [one.held_at for one in steps]
    stopped = min((at for at in held if at), default=None) if held and all(held) else None
    return Watched(
        *key, name, delivered, judged, limits, held_at=stopped if key != SHOP else None,
        errands=tuple(one.errand for one in steps) if key != SHOP else (),
    )  # fmt: skip


def _name(source: str, number: int) -> str:
    try:
        if source == "campaign":
            return campaigns.campaign(number).plan.name
        if source == "journey":
            return journeys.journey(number).name
    except (NoSuchCampaign, NoSuchJourney):
        pass
    return f"{source} {number}"


def _limits(row: models.Limit) -> Limits:
    return Limits(row.unsubscribes, row.complaints, row.least, row.stops)


def _alarm(row: models.Alarm) -> Alarm:
    name = _name(row.source, row.source_id) if row.source else ""
    return Alarm(
        row.pk, row.source, row.source_id, row.step, name,
        row.measure,  # type: ignore[arg-type]  # the database keeps to MEASURES
        row.bad, row.of, row.low, row.limit, row.raised_at, row.stopped, row.ended_at,
        row.ended_by, row.why,
    )  # fmt: skip
