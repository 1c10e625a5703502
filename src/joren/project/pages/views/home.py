"""What the customer base is worth, how it moved, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from joren.core.figures import Figure
from joren.plumbing.access import needs
from joren.project import showing
from joren.project.pages.sections import of_the_latest, show
from joren.project.pages.views.value import moved
from joren.understand.economics import selectors as economics
from joren.understand.economics.contracts import EconomicsReport
from joren.understand.ltv import selectors as values
from joren.understand.ltv.contracts import ValueReport
from joren.understand.ranks import selectors as ranks
from joren.understand.ranks.contracts import RankReport
from joren.warehouse import Snapshot

_HEADLINE = ("revenue_365d", "profit_365d", "revenue_past", "profit_past", "customers")
_MANY = 0.5  # of the new customers by ads: then a rise in their price hurts


@dataclass(frozen=True)
class ToDo:
    """One thing to do, and where to look first."""

    text: str
    label: str
    address: str


@needs("view_figures")
@of_the_latest(gettext_noop("Home"))
def home(request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    worth, standing = values.value_report(snapshot), ranks.rank_report(snapshot)
    paying = economics.economics_report(snapshot)
    figures = [
        *(worth.total(name) for name in _HEADLINE),
        *(standing.figures[name] for name in ("active_share", "f2_rate", "vip_share")),
    ]
    todo = [
        one
        for one in (
            _second_purchase(standing),
            _best_who_left(standing),
            _ads(paying),
            _costs(worth),
        )
        if one
    ]
    return show(request, "pages/home.html", [moved(worth)], headline=figures, todo=todo[:3])


def _second_purchase(report: RankReport) -> ToDo | None:
    waiting = next((one.customers for one in report.stages if one.code == "new"), 0)
    if not waiting:
        return None
    text = gettext(
        "%(n)s customers bought once and are still active; the F2 rate is %(rate)s. "
        "Give them a reason for the second purchase."
    )
    rate = showing.text(report.figures["f2_rate"])
    return ToDo(text % {"n": f"{waiting:,}", "rate": rate}, gettext("Ranks"), reverse("ranks"))


def _best_who_left(report: RankReport) -> ToDo | None:
    """High in frequency and money, low in recency."""
    falling = [one for one in report.rfm if one.f >= 4 and one.m >= 4 and one.r <= 3]
    people = sum(one.customers for one in falling)
    if not people:
        return None
    text = gettext(
        "%(n)s of the best customers (F and M 4 or 5) have not bought lately (R 3 or less); "
        "they have brought %(revenue)s so far. Win them back first."
    )
    revenue = showing.amount(sum(one.revenue for one in falling), report.currency)
    return ToDo(text % {"n": f"{people:,}", "revenue": revenue}, gettext("Ranks"), reverse("ranks"))


def _ads(report: EconomicsReport) -> ToDo | None:
    paid, unknown = report.dependence.new_customers, report.dependence.unknown
    where = gettext("Economics"), reverse("economics")
    if _above(unknown):
        text = gettext(
            "It is not known how %(share)s of the new customers came. "
            "Import orders with their source and the ad spend, to see whether ads pay."
        )
        return ToDo(text % {"share": showing.text(unknown)}, *where)
    if _above(paid):
        text = gettext(
            "%(share)s of the new customers came by ads. "
            "Compare what each source costs with what its customers bring."
        )
        return ToDo(text % {"share": showing.text(paid)}, *where)
    return None


def _above(share: Figure) -> bool:
    return share.value is not None and share.value > _MANY


def _costs(report: ValueReport) -> ToDo | None:
    if report.total("profit_past").value is not None:
        return None
    text = gettext("Profit is not known. Import the products with their cost.")
    return ToDo(text, gettext("Value"), reverse("value"))
