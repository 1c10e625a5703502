"""What to do next: each with a reason, its money in the shop's figures, and whom it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from joren.core.figures import Figure
from joren.plumbing.warehouse import warehouse
from joren.project import selection
from joren.project.selection import NOT_KNOWN
from joren.understand.economics import selectors as economics
from joren.understand.economics.contracts import ChannelEconomics, EconomicsReport
from joren.understand.ltv import selectors as values
from joren.understand.ltv.contracts import ValueReport
from joren.understand.ranks import selectors as ranks
from joren.understand.ranks.contracts import RankReport
from joren.warehouse import Snapshot

SHOWN: Final = 3
_MANY: Final = 0.5  # of the new customers: more of them unknown, and no source can be judged


@dataclass(frozen=True)
class Step:
    """One thing to do. ``money`` is what it is about: predicted, brought so far, or spent.

    ``query`` chooses exactly those customers in the list of customers; where it is about a figure
    and not about people it is empty.
    """

    code: str
    query: str
    money: Figure
    customers: int | None = None
    share: Figure | None = None
    source: str = ""


def next_steps(snapshot: Snapshot) -> tuple[Step, ...]:
    """Two that are about people, where the most money is at stake, and one about what pays."""
    worth, standing = values.value_report(snapshot), ranks.rank_report(snapshot)
    paying = economics.economics_report(snapshot)
    people = [
        _people(snapshot, worth, "second_purchase", {"stage": ("new",)}),
        _people(
            snapshot,
            worth,
            "best_cooling",
            {"rfm_r": ("1", "2", "3"), "rfm_f": ("4", "5"), "rfm_m": ("4", "5")},
        ),
        _vips_lost(snapshot, worth, standing),
    ]
    found = sorted((one for one in people if one), key=lambda one: -(one.money.value or 0.0))
    asked = (_drifted(snapshot, worth), _costly(paying), _no_cost(worth), _no_source(paying, worth))
    other = [one for one in asked if one]
    return (*found[: SHOWN - len(other[:1])], *other[:1])


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
    return Step(code, selection.as_query(wanted), money, totals.customers)


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
    return Step("model_drift", "", worth.total("revenue_365d"))


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
        "",
        Figure("ad_spend", most.spend, report.currency, as_of=report.as_of.isoformat()),
        most.new_customers,
        most.ltv_cac,
        _named(most),
    )


def _named(channel: ChannelEconomics) -> str:
    return channel.source or ""


def _no_cost(report: ValueReport) -> Step | None:
    if report.total("profit_past").value is not None:
        return None
    return Step("cost_unknown", "", report.total("revenue_past"))


def _no_source(report: EconomicsReport, worth: ValueReport) -> Step | None:
    unknown = report.dependence.unknown
    if unknown.value is None or unknown.value <= _MANY:
        return None
    query = selection.as_query(selection.Wanted(choices={"source": (NOT_KNOWN,)}))
    return Step("source_unknown", query, worth.total("revenue_past"), share=unknown)
