"""How good the facts are, and what they are enough for."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext

from joren.accounts.selectors import business
from joren.collect.customers import selectors as customers
from joren.collect.quality.contracts import Alarm, QualityReport, StoreQuality
from joren.collect.quality.selectors import alarms, newest_report
from joren.core import clock
from joren.plumbing.access import needs
from joren.plumbing.warehouse import warehouse
from joren.project import showing
from joren.project.pages.charts import Chart, bars
from joren.project.pages.sections import Section, show
from joren.project.pages.tables import Column, Row, Table
from joren.project.pages.views.data.quality_fields import NAMES, counted, feeds, fields, share

LONGEST = 20  # gaps that the page names


@needs("view_figures")
def quality(request: HttpRequest) -> HttpResponseBase:
    today = clock.shop_day(clock.now(), business().time_zone)
    report = newest_report(warehouse(), today=today)
    names = {int(store.id): store.name for store in customers.stores()}
    sections = [_verdicts(report)]
    if report.orders:
        sections.insert(0, _alarms(report, names, today))
        sections += [
            fields(request, report, names), _coverage(report, names), _money(report, names),
        ]  # fmt: skip
    return show(
        request, "pages/data/quality.html", sections, report=report, figures_as_of=report.as_of,
        crowded=customers.placeholders_found(),
    )  # fmt: skip


def _alarms(report: QualityReport, names: dict[int, str], today: date) -> Section:
    """Feeds that stopped, and fields that are not as they were."""
    found = alarms(warehouse(), report, today=report.as_of if business().simulated else today)
    said = [f"{names.get(one.store_id, one.store_id)}: {alarm(one)}" for one in found]
    return Section(
        gettext("What is not as it was"),
        text="" if said else gettext("Feeds and fields are as they were before."),
        cautions=said,
        name="alarms",
    )


def alarm(one: Alarm) -> str:
    """One alarm as one says it."""
    if one.fault == "stopped":
        return gettext("no orders for %(n)s days") % {"n": one.days}
    if one.fault == "silent":
        return gettext("nothing from the live source %(name)s for %(n)s days") % {
            "name": one.of, "n": one.days,
        }  # fmt: skip
    if one.fault == "missing":
        return gettext("%(what)s is missing in %(now)s since %(day)s, %(before)s before") % {
            "what": gettext(NAMES[one.of]), "day": one.since,
            "now": f"{one.now:.0%}", "before": f"{one.before:.0%}",
        }  # fmt: skip
    if one.fault == "amount":
        return gettext(
            "orders are of about %(now)s since %(day)s, of %(before)s before (PSI %(psi)s)"
        ) % {
            "now": showing.amount(one.now, one.of or "XXX"), "day": one.since,
            "before": showing.amount(one.before, one.of or "XXX"), "psi": f"{one.psi:.2f}",
        }  # fmt: skip
    what = gettext(NAMES[one.of])
    return gettext("the mix by %(what)s changed since %(day)s (PSI %(psi)s)") % {
        "what": what, "day": one.since, "psi": f"{one.psi:.2f}",
    }  # fmt: skip


def _verdicts(report: QualityReport) -> Section:
    rows = [
        Row(
            (
                gettext(showing.USES[one.use]),
                gettext("enough data") if one.enough else gettext("with care"),
                showing.reason(one.why),
            )
        )
        for one in report.verdicts
    ]
    columns = [Column(gettext("For")), Column(gettext("Verdict")), Column(gettext("What is short"))]
    title = gettext("What the data is enough for")
    return Section(title, tables=[Table("verdicts", title, columns, rows)])


def _coverage(report: QualityReport, names: dict[int, str]) -> Section:
    drawn: list[dict[str, Any]] = [
        {"month": f"{month}-01", "orders": count, "store": _name(store, names)}
        for store in report.stores
        for month, count in store.by_month.items()
    ]
    months = Table(
        "months",
        gettext("Orders by month"),
        [
            Column(gettext("Month")),
            Column(gettext("Store")),
            Column(gettext("Number of orders"), "count", term="orders"),
        ],
        [Row((one["month"][:7], one["store"], one["orders"])) for one in drawn],
    )
    gaps = [(store, gap) for store in report.stores for gap in store.gaps]
    gaps.sort(key=lambda one: -one[1].days)
    listed = Table(
        "gaps",
        gettext("Days without an order"),
        [
            Column(gettext("Store")),
            Column(gettext("After")),
            Column(gettext("Before")),
            Column(gettext("Days"), "count", term="gap_days"),
        ],
        [
            Row((_name(store, names), gap.after, gap.before, gap.days))
            for store, gap in gaps[:LONGEST]
        ],
        note=gettext("The %(n)s longest") % {"n": LONGEST} if len(gaps) > LONGEST else "",
    )
    said = (
        gettext("%(n)s gaps: days are missing, or nobody ordered.") % {"n": len(gaps)}
        if gaps
        else gettext("No gaps.")
    )
    chart = Chart(
        "coverage",
        gettext("Orders by month"),
        said,
        bars(drawn, x="month", y="orders", color="store"),
        months,
        term="orders",
    )
    return Section(
        gettext("Which days are covered"),
        text=counted(report),
        charts=[chart],
        tables=[feeds(report, names), listed],
    )


def _money(report: QualityReport, names: dict[int, str]) -> Section:
    mix = [
        Row((_name(store, names), code or gettext("none stated"), count))
        for store in report.stores
        for code, count in store.currencies.items()
    ]
    currencies = Table(
        "currencies",
        gettext("Currencies"),
        [
            Column(gettext("Store")),
            Column(gettext("Currency")),
            Column(gettext("Number of orders"), "count", term="orders"),
        ],
        mix,
    )
    off = [
        Row(
            (
                names.get(one.store_id, str(one.store_id)),
                one.order_number or "",
                showing.amount(one.by, one.currency or "XXX"),
            )
        )
        for one in report.differences
    ]
    differences = Table(
        "differences",
        gettext("Largest differences from the stated total"),
        [
            Column(gettext("Store")),
            Column(gettext("Order number")),
            Column(gettext("Difference"), term="total_difference"),
        ],
        off,
    )
    reconciled = Table(
        "unreconciled",
        gettext("Parts differ from the stated total"),
        [Column(gettext("Store")), Column(gettext("Share of orders"), "share")],
        [
            Row(
                (_name(store, names), share("unreconciled_share", store.unreconciled, report.as_of))
            )
            for store in report.stores
        ],
    )
    return Section(gettext("Amounts"), tables=[currencies, reconciled, differences])


def _name(store: StoreQuality, names: dict[int, str]) -> str:
    return names.get(store.store_id, str(store.store_id))
