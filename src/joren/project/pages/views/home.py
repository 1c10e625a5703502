"""What the customer base is worth, how it moved, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from joren.accounts.selectors import business
from joren.act.deliveries import selectors as deliveries
from joren.act.pressure import selectors as pressure
from joren.collect.quality import selectors as quality
from joren.core import clock
from joren.core.figures import Figure
from joren.decide.strategies import selectors as strategies
from joren.measure.practices import selectors as practices
from joren.measure.reviews import selectors as reviews
from joren.plumbing.access import needs
from joren.plumbing.warehouse import warehouse
from joren.project import showing
from joren.project.freshness import freshness
from joren.project.next_steps import Step, next_steps
from joren.project.pages.sections import of_the_latest, show, word
from joren.project.pages.views.ranks import VIP_ALARMS
from joren.project.pages.views.review_words import review_due
from joren.project.pages.views.value import moved
from joren.project.profile import kpis
from joren.understand.cohorts import selectors as cohorts
from joren.understand.economics import selectors as economics
from joren.understand.economics.contracts import KPIS, Profile
from joren.understand.ltv import selectors as values
from joren.understand.ltv.contracts import Change, ValueReport
from joren.understand.ranks import selectors as ranks
from joren.warehouse import Snapshot

REVIEWS = 2  # overdue ones that are named
_HEADLINE = ("revenue_365d", "profit_365d", "revenue_past", "profit_past", "customers")

_REASONS = {
    "second_purchase": gettext_noop(
        "%(n)s customers bought once and are still active. Give them a reason for the second "
        "purchase."
    ),
    "best_cooling": gettext_noop(
        "%(n)s of the best customers (F and M 4 or 5) have not bought lately (R 3 or less). "
        "Win them back first."
    ),
    "vips_lost": gettext_noop(
        "%(n)s customers were VIPs at the figures before and are none now. Ask them why."
    ),
    "source_below_target": gettext_noop(
        "%(source)s brings %(share)s times what a customer costs there, less than your target. "
        "Spend less on it, or find better customers."
    ),
    "model_drift": gettext_noop(
        "The newest forecast that could be checked missed what came. Look at what changed before "
        "you plan by the predictions."
    ),
    "cost_unknown": gettext_noop(
        "Profit is not known. Import the products with their cost of goods."
    ),
    "source_unknown": gettext_noop(
        "It is not known how %(share)s of the new customers came. Import orders with their source."
    ),
}
_MONEY = {
    "revenue_365d": gettext_noop("Predicted revenue of these customers, next 12 months: %(money)s"),
    "revenue_past": gettext_noop("Revenue that this is about: %(money)s"),
    "ad_spend": gettext_noop("Spent there in the last 12 months: %(money)s"),
}


@dataclass(frozen=True)
class Tile:
    """A figure, and how it moved since the snapshot before."""

    figure: Figure
    change: str
    way: str  # "rise", "fall", or "" where nothing can be said


@dataclass(frozen=True)
class ToDo:
    """One thing to do, what it is about in money, and the way to exactly those."""

    text: str
    money: str
    label: str
    address: str


@needs("view_figures")
@of_the_latest(gettext_noop("Home"))
def home(request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    worth, paying = values.value_report(snapshot), economics.economics_report(snapshot)
    standing = ranks.rank_report(snapshot)
    steering = kpis(
        paying, worth, standing, cohorts.cohort_report(snapshot), values.contract_report(snapshot)
    )
    return show(
        request,
        "pages/home.html",
        [moved(worth)],
        headline=[_tile(worth.total(name), worth) for name in _HEADLINE],
        before=worth.movement.previous_as_of if worth.movement.changes else "",
        steering=steering,
        profile=_profile(paying.profile),
        categories=_categories(paying.profile),
        todo=[*_monthly(), *_reviews(), *(_todo(step) for step in next_steps(snapshot)), *_audit()],
        fresh=freshness(),
        untold=deliveries.given_up(),
        alarms=_alarms(snapshot),
        pressing=_pressing(),
        vips=[gettext(VIP_ALARMS[one]) for one in standing.vip.alarms],
        spend_to=paying.spend_to,
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


def _monthly() -> list[ToDo]:
    """The monthly review, once a month has passed since the last one, or its day."""
    stands = reviews.standing()
    if not stands.overdue:
        return []
    if stands.missed is not None:
        there = reverse("review", args=[stands.missed])
        return [ToDo(review_due(stands), "", gettext("Hold the review"), there)]
    new = f"{reverse('reviews')}#new"
    return [ToDo(review_due(stands), "", gettext("Plan the next one"), new)]


def _audit() -> list[ToDo]:
    """The quarter's audit of the fifteen practices, until it is held."""
    stands = practices.standing()
    if stands.held:
        return []
    said = gettext("The audit of the practices of %(quarter)s was not held yet.")
    there = f"{reverse('practices')}#audit"
    return [ToDo(said % {"quarter": stands.quarter}, "", gettext("Hold it"), there)]


def _reviews() -> list[ToDo]:
    """Strategies whose review is overdue: the longest by name, the others by their number."""
    late = strategies.overdue(clock.shop_day(clock.now(), business().time_zone))
    told = [
        ToDo(
            gettext("The review of “%(name)s” is %(n)s days overdue.")
            % {"name": one.name, "n": f"{one.days:,}"},
            gettext("Owner: %(name)s") % {"name": one.owner or gettext("nobody yet")},
            gettext("Review it"),
            f"{reverse('strategy', args=[one.segment])}#reviews",
        )
        for one in late[:REVIEWS]
    ]
    if rest := len(late) - len(told):
        said = gettext("%(n)s more reviews are overdue.") % {"n": f"{rest:,}"}
        told.append(ToDo(said, "", gettext("See all of them"), reverse("strategies")))
    return told


def _todo(step: Step) -> ToDo:
    said = gettext(_REASONS[step.code]) % {
        "n": f"{step.customers or 0:,}",
        "share": showing.text(step.share) if step.share else "",
        "source": step.source,
    }
    money = gettext(_MONEY[step.money.name]) % {"money": showing.text(step.money)}
    return ToDo(said, money, *_where(step))


def _where(step: Step) -> tuple[str, str]:
    if step.query:
        return gettext("See these customers"), f"{reverse('customers')}?{step.query}"
    if step.code == "model_drift":
        return gettext("See how far forecasts were right"), f"{reverse('models')}#history"
    if step.code == "cost_unknown":
        return gettext("See which costs are known"), f"{reverse('value')}#costs"
    return gettext("Compare the sources"), f"{reverse('economics')}#sources"
