"""What to do next: each with a reason, its money in the shop's figures, and whom it is about.

The order is one rule, told in docs/guides/home.md: by urgency, then by the money at stake, most
first, then by the days it is late.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from joren.accounts.selectors import business
from joren.core import clock
from joren.core.figures import Figure
from joren.decide.strategies import selectors as strategies
from joren.measure.practices import selectors as practices
from joren.measure.reviews import selectors as reviews
from joren.measure.reviews.contracts import MOST_DAYS
from joren.plumbing.warehouse import warehouse
from joren.project import selection
from joren.project.selection import NOT_KNOWN
from joren.understand.economics import selectors as economics
from joren.understand.economics.contracts import EconomicsReport
from joren.understand.ltv import selectors as values
from joren.understand.ltv.contracts import ValueReport
from joren.understand.ranks import selectors as ranks
from joren.understand.ranks.contracts import RankReport
from joren.warehouse import Snapshot

Urgency = Literal["at_once", "money", "ground", "due"]

FIRST: Final = 3  # so many are shown; the rest unfolds
_URGENCIES: Final[tuple[Urgency, ...]] = ("at_once", "money", "ground", "due")
_MANY: Final = 0.5  # of the new customers: more of them unknown, and no source can be judged


@dataclass(frozen=True)
class Step:
    """One thing to do. ``money`` is what it is about: predicted, brought so far, or spent.

    ``query`` chooses exactly those customers in the list of customers; where it is about a figure
    and not about people it is empty. ``urgency``: at_once is a forecast that missed, or a promise
    that is late by more than a month; money is at stake with customers or sources; ground is
    what figures lack; due is all other that has its day. ``of`` says by its number which review
    or segment it is about, and ``more`` how many others are as late as that.
    """

    code: str
    urgency: Urgency
    money: Figure | None = None
    query: str = ""
    customers: int | None = None
    share: Figure | None = None
    source: str = ""
    of: int | None = None
    name: str = ""
    owner: str = ""
    days: int | None = None
    more: int = 0


def next_steps(snapshot: Snapshot) -> tuple[Step, ...]:
    """All there is to do, the most pressing first."""
    worth, standing = values.value_report(snapshot), ranks.rank_report(snapshot)
    paying = economics.economics_report(snapshot)
    found = (
        _people(snapshot, worth, "second_purchase", {"stage": ("new",)}),
        _people(
            snapshot,
            worth,
            "best_cooling",
            {"rfm_r": ("1", "2", "3"), "rfm_f": ("4", "5"), "rfm_m": ("4", "5")},
        ),
        _vips_lost(snapshot, worth, standing),
        _drifted(snapshot, worth),
        _costly(paying),
        _no_cost(worth),
        _no_source(paying, worth),
        _monthly(),
        _strategy(),
        _audit(),
    )
    return by_urgency(one for one in found if one)


def by_urgency(steps: Iterable[Step]) -> tuple[Step, ...]:
    """By urgency, then the most money at stake, then the longest late."""

    def pressing(one: Step) -> tuple[int, float, int, str]:
        money = one.money.value if one.money else None
        return _URGENCIES.index(one.urgency), -(money or 0.0), -(one.days or 0), one.code

    return tuple(sorted(steps, key=pressing))


def _promised(days: int) -> Urgency:
    """What has its day and is late by so many."""
    return "at_once" if days > MOST_DAYS else "due"


def _monthly() -> Step | None:
    """The monthly review. One that nobody ever held breaks no promise, however long it is due."""
    stands = reviews.standing()
    if not stands.overdue:
        return None
    if stands.missed_on is not None:
        days = (clock.shop_day(clock.now(), business().time_zone) - stands.missed_on).days
        day = stands.missed_on.isoformat()
        return Step("review_missed", _promised(days), of=stands.missed, name=day, days=days)
    since = stands.days_since or 0
    if stands.last_held is None:
        return Step("first_review", "due", days=since)
    return Step("monthly_review", _promised(since - MOST_DAYS), days=since)


def _strategy() -> Step | None:
    """The strategy whose review is the longest overdue; the others are counted."""
    late = strategies.overdue(clock.shop_day(clock.now(), business().time_zone))
    if not late:
        return None
    one, *others = late
    return Step(
        "strategy_review",
        _promised(one.days),
        of=one.segment,
        name=one.name,
        owner=one.owner,
        days=one.days,
        more=len(others),
    )


def _audit() -> Step | None:
    """The quarter's audit of the fifteen practices, until it is held."""
    stands = practices.standing()
    return None if stands.held else Step("practice_audit", "due", name=stands.quarter)


def _people(
    snapshot: Snapshot,
    worth: ValueReport,
    code: str,
    choices: Mapping[str, tuple[str, ...]],
    since: int | None = None,
) -> Step | None:
    wanted = selection.Wanted(choices=choices, since=since)
    totals = selection.totals(snapshot, wanted)
    if not totals.customers:
        return None
    known = totals.revenue_365d is not None
    money = Figure(
        "revenue_365d" if known else "revenue_past",
        totals.revenue_365d if known else totals.revenue_past,
        worth.currency,
        n=totals.customers,
        as_of=worth.as_of,
        model=worth.total("revenue_365d").model if known else "",
    )
    return Step(code, "money", money, selection.as_query(wanted), totals.customers)


def _vips_lost(snapshot: Snapshot, worth: ValueReport, standing: RankReport) -> Step | None:
    """Whoever was a VIP in the snapshot before, and is none now."""
    if standing.movement is None:
        return None
    day = standing.movement.before
    before = [one.id for one in warehouse().snapshots.all() if one.as_of == day]
    if not before:
        return None
    choices = {"vip": ("no",), "was_vip": ("yes",)}
    return _people(snapshot, worth, "vips_lost", choices, since=int(before[-1]))


def _drifted(snapshot: Snapshot, worth: ValueReport) -> Step | None:
    """The newest forecast that could be checked missed: what is predicted now may miss too."""
    if not values.model_report(snapshot).alarm:
        return None
    return Step("model_drift", "at_once", worth.total("revenue_365d"))


def _costly(report: EconomicsReport) -> Step | None:
    """The source on which most is spent of those that bring less than the shop's target."""
    short = [
        one
        for one in report.channels
        if one.spend and one.ltv_cac.value is not None
        and one.ltv_cac.value < report.rules.ltv_to_cac
    ]  # fmt: skip
    if not short:
        return None
    most = max(short, key=lambda one: one.spend or 0)
    return Step(
        "source_below_target",
        "money",
        Figure("ad_spend", most.spend, report.currency, as_of=report.as_of.isoformat()),
        customers=most.new_customers,
        share=most.ltv_cac,
        source=most.source or "",
    )


def _no_cost(report: ValueReport) -> Step | None:
    if report.total("profit_past").value is not None:
        return None
    return Step("cost_unknown", "ground", report.total("revenue_past"))


def _no_source(report: EconomicsReport, worth: ValueReport) -> Step | None:
    unknown = report.dependence.unknown
    if unknown.value is None or unknown.value <= _MANY:
        return None
    query = selection.as_query(selection.Wanted(choices={"source": (NOT_KNOWN,)}))
    return Step("source_unknown", "ground", worth.total("revenue_past"), query, share=unknown)
