"""What the customer base is worth, how it moved, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext, gettext_noop

from joren.accounts.selectors import business
from joren.act.deliveries import selectors as deliveries
from joren.act.pressure import selectors as pressure
from joren.collect.customers import selectors as people
from joren.collect.quality import selectors as quality
from joren.core import clock
from joren.core.figures import Figure
from joren.plumbing.access import needs
from joren.plumbing.warehouse import warehouse
from joren.project import showing
from joren.project.freshness import freshness
from joren.project.next_steps import FIRST, next_steps
from joren.project.pages.sections import of_the_latest, show, word
from joren.project.pages.steps import to_do
from joren.project.pages.views.ranks import VIP_ALARMS
from joren.project.pages.views.value import moved
from joren.project.profile import kpis
from joren.understand.cohorts import selectors as cohorts
from joren.understand.economics import selectors as economics
from joren.understand.economics.contracts import KPIS, Profile
from joren.understand.ltv import selectors as values
from joren.understand.ltv.contracts import Change, ValueReport
from joren.understand.ranks import selectors as ranks
from joren.warehouse import Snapshot

_HEADLINE = ("revenue_365d", "profit_365d", "revenue_past", "profit_past", "customers")


@dataclass(frozen=True)
class Tile:
    """A figure, and how it moved since the snapshot before."""

    figure: Figure
    change: str
    way: str  # "rise", "fall", or "" where nothing can be said


@needs("view_figures")
@of_the_latest(gettext_noop("Home"))
def home(request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    worth, paying = values.value_report(snapshot), economics.economics_report(snapshot)
    standing = ranks.rank_report(snapshot)
    steering = kpis(
        paying, worth, standing, cohorts.cohort_report(snapshot), values.contract_report(snapshot)
    )
    todo = [to_do(step) for step in next_steps(snapshot)]
    return show(
        request,
        "pages/home.html",
        [moved(worth)],
        headline=[_tile(worth.total(name), worth) for name in _HEADLINE],
        before=worth.movement.previous_as_of if worth.movement.changes else "",
        steering=steering,
        profile=_profile(paying.profile),
        categories=_categories(paying.profile),
        todo=todo[:FIRST],
        later=todo[FIRST:],
        fresh=freshness(),
        untold=deliveries.given_up(),
        alarms=_alarms(snapshot),
        crowded=people.placeholders_found(),
        pressing=_pressing(),
        vips=[gettext(VIP_ALARMS[one]) for one in standing.vip.alarms],
        spend_to=paying.spend_to,
        verdicts=quality.verdicts_in(
            warehouse(), snapshot, "predictions", "profit", "economics", "cohorts"
        ),
    )


def _tile(figure: Figure, report: ValueReport) -> Tile:
    changes: Mapping[str, Change] = {one.name: one for one in report.movement.changes}
    change = changes[figure.name].change if figure.name in changes else None
    if change is None or change.value is None:
        return Tile(figure, "", "")
    way = "rise" if change.value > 0 else "fall" if change.value < 0 else ""
    return Tile(figure, showing.amount(abs(change.value), change.unit), way)


def _profile(profile: Profile) -> str:
    return showing.profile_name(profile.kind) if profile.kind else gettext("not yet known")


def _categories(profile: Profile) -> list[tuple[str, str, str]]:
    """Of a mixed business: each category, its kind, and what to steer it by."""
    if profile.kind != "mixed":
        return []
    return [
        (
            one.category or gettext("unknown"),
            showing.profile_name(one.kind),
            "、".join(word(name) for name in KPIS[one.kind][:3]),
        )
        for one in profile.categories
        if one.kind is not None
    ]


def _alarms(snapshot: Snapshot) -> int:
    """How many feeds and fields are not as they were."""
    report = quality.report_in(warehouse(), snapshot)
    shop = business()
    today = clock.shop_day(clock.now(), shop.time_zone)
    if report is None:
        return 0
    day = report.as_of if shop.simulated else today
    return len(quality.alarms(warehouse(), report, today=day))


def _pressing() -> dict[str, object]:
    """The first of what is beyond its limit of refusals or reports of spam."""
    found = pressure.open_alarms()
    if not found:
        return {}
    name = found[0].name or gettext("The whole shop")
    return {"name": name, "n": len(found), "stopped": found[0].stopped}
