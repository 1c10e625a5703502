"""What customers were worth and may be worth."""

from __future__ import annotations

from itertools import pairwise

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext, gettext_noop

from joren.plumbing.access import needs
from joren.project import showing
from joren.project.pages import codes
from joren.project.pages.charts import Chart, bars
from joren.project.pages.sections import Section, of_the_latest, show, word
from joren.project.pages.tables import Column, Linked, Row, Table, Value
from joren.project.pages.views.models import calibration
from joren.understand.ltv import selectors
from joren.understand.ltv.contracts import Conversion, Distribution, GroupValue, ValueReport
from joren.warehouse import Snapshot

_LEFT_OUT = {
    "lost": gettext_noop("Cancelled or returned"),
    "free": gettext_noop("Samples that cost nothing"),
    "currency": gettext_noop("In a currency without a rate"),
    "nobody": gettext_noop("Of nobody known"),
    "credit": gettext_noop("Credit notes of somebody without an order"),
}
_BY = {
    "store": gettext_noop("By first store"),
    "sku": gettext_noop("By first product"),
    "category": gettext_noop("By first category"),
    "source": gettext_noop("By first source"),
}


@needs("view_figures")
@of_the_latest(gettext_noop("Value"))
def value(request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    report = selectors.value_report(snapshot)
    sections = [
        Section(gettext("Per customer"), figures=report.means),
        moved(report),
        _spread(report),
        _costs(report),
        *_currencies(report),
        _formula(report),
        calibration(report),
        *_stores(report),
        *(_groups(report, by, groups) for by, groups in report.groups.items() if groups),
    ]
    return show(
        request,
        "pages/value.html",
        sections,
        headline=report.totals,
        verdicts=report.verdicts,
        figures_as_of=report.as_of,
    )


def moved(report: ValueReport) -> Section:
    """The totals against those of the snapshot before."""
    movement, money = report.movement, report.currency
    title = gettext("Since the figures before")
    if not movement.changes:
        return Section(title, showing.reason(movement.why))
    columns = [
        Column(gettext("Figure")),
        Column(movement.previous_as_of, "figure"),
        Column(report.as_of, "figure"),
        Column(gettext("Since then"), "figure"),
    ]
    rows = [Row([word(one.name), one.before, one.now, one.change]) for one in movement.changes]
    return Section(title, tables=[Table("movement", f"{title} ({money})", columns, rows)])


def _spread(report: ValueReport) -> Section:
    title = gettext("How value is spread over customers")
    return Section(title, charts=[_histogram(one) for one in report.distributions if one.customers])


def _histogram(spread: Distribution) -> Chart:
    counted = [
        (_range(low, high, spread.unit), count)
        for (low, high), count in zip(pairwise(spread.edges), spread.counts, strict=False)
    ]
    columns = [Column(word(spread.name)), Column(gettext("Customers"), "count", term="customers")]
    table = Table(
        f"spread-{spread.name}",
        word(spread.name),
        columns,
        [Row(pair) for pair in counted],
    )
    middle = spread.quantiles.get("p50")
    said = gettext("Half of %(n)s customers lie below %(middle)s.") % {
        "n": f"{spread.customers:,}",
        "middle": showing.amount(middle, spread.unit),
    }
    rows = [{"range": range_, "customers": count} for range_, count in counted]
    drawn = bars(rows, x="range", y="customers", y_title=gettext("Customers"))
    return Chart(f"spread-{spread.name}", word(spread.name), said, drawn, table, term=spread.name)


def _range(low: float, high: float, unit: str) -> str:
    return f"{showing.amount(low, unit)} – {showing.amount(high, unit)}"


def _costs(report: ValueReport) -> Section:
    title = gettext("From revenue to profit")
    columns = [
        Column(gettext("Cost")),
        Column(gettext("Amount"), report.currency),
        Column(word("coverage"), "share"),
    ]
    rows = [Row([word(one.name), one.amount, one.coverage]) for one in report.costs]
    return Section(title, tables=[Table("costs", title, columns, rows)], name="costs")


def _currencies(report: ValueReport) -> list[Section]:
    """What was converted, and what counts for nothing."""
    sections = []
    if report.conversions:
        title = gettext("Converted from other currencies")
        columns = [
            Column(gettext("Currency")),
            Column(gettext("Orders"), "count", term="orders"),
            Column(gettext("In their currency")),
            Column(gettext("Converted"), report.currency, term="revenue"),
            Column(gettext("Rate")),
            Column(gettext("Rates of")),
        ]
        rows = [Row(_converted(one)) for one in report.conversions]
        note = gettext(
            "Each order at the rate of its day, or of the newest day before with a rate."
        )
        sections.append(Section(title, note, tables=[Table("conversions", title, columns, rows)]))
    if report.left_out:
        title = gettext("Left out")
        columns = [
            Column(gettext("Why")),
            Column(gettext("Currency")),
            Column(gettext("Orders"), "count", term="orders"),
            Column(gettext("Amount")),
        ]
        rows = [
            Row([
                gettext(_LEFT_OUT.get(one.reason, one.reason)), one.currency, one.orders,
                showing.amount(one.revenue, one.currency),
            ])
            for one in report.left_out
        ]  # fmt: skip
        foreign = any(one.reason == "currency" for one in report.left_out)
        said = gettext("Take in exchange rates from before these orders, and they count.")
        cautions = [said] if foreign else []
        table = Table("left-out", title, columns, rows)
        sections.append(Section(title, cautions=cautions, tables=[table], name="left-out"))
    return sections


def _converted(one: Conversion) -> list[Value]:
    days = one.first_rate_on
    if one.last_rate_on != days:
        days = f"{days} – {one.last_rate_on}"
    own = showing.amount(one.amount, one.currency)
    return [one.currency, one.rows, own, one.converted, one.rates, days]


def _formula(report: ValueReport) -> Section:
    now, before = report.formula.now, report.formula.before
    columns = [
        Column(gettext("Term")),
        Column(f"{before.first} – {before.last}", "figure"),
        Column(f"{now.first} – {now.last}", "figure"),
        Column(gettext("Part in the change"), report.currency, term="formula_ltv"),
    ]
    parts = {one.name: one for one in report.formula.parts}
    terms = (
        (now.order_value, before.order_value),
        (now.frequency, before.frequency),
        (now.duration, before.duration),
        (now.value, before.value),
    )
    rows = [
        Row([
            word(this.name),
            that,
            this,
            report.formula.change if this is now.value else parts.get(this.name),
        ])
        for this, that in terms
    ]  # fmt: skip
    return Section(
        word("formula_ltv"), tables=[Table("formula", word("formula_ltv"), columns, rows)]
    )


def _people(by: str, one: GroupValue) -> Value | Linked:
    """The group's customers, and the way to them; the long tail has none."""
    if one.value == codes.REST:
        return one.customers
    return codes.whoever(one.customers, **{by: codes.known_or_not(one.value)})


def _stores(report: ValueReport) -> list[Section]:
    """Of a shop with several: what their buyers brought at each, also those who began elsewhere."""
    if not report.stores:
        return []
    title = gettext("By store of purchase")
    money = report.currency
    columns = [
        Column(gettext("Store")),
        Column(gettext("Buyers"), "count", term="buyers"),
        Column(gettext("Orders"), "count", term="orders"),
        Column(gettext("Revenue there"), money, term="revenue_there"),
        Column(gettext("Revenue per buyer"), money, term="revenue_there"),
        Column(gettext("Profit per buyer"), money),
        Column(word("store_elsewhere"), "figure"),
    ]
    rows = [
        Row([codes.group(one.label), one.customers, one.orders, one.revenue, one.revenue_past,
             one.profit_past, one.elsewhere], thin=one.thin)
        for one in report.stores
    ]  # fmt: skip
    note = gettext("Whoever bought at two stores counts at both, with what they brought there.")
    table = Table("stores", title, columns, rows, note)
    return [Section(title, tables=[table], name="stores")]


def _groups(report: ValueReport, by: str, groups: tuple[GroupValue, ...]) -> Section:
    title = gettext(_BY[by]) if by in _BY else by
    names = ("revenue_past", "profit_past", "revenue_365d", "profit_365d")
    columns = [
        Column(gettext("Group")),
        Column(gettext("Customers"), "count", term="customers"),
        *(Column(word(name), report.currency) for name in names),
    ]
    rows = [
        Row([
            codes.group(one.label, one.value), _people(by, one), one.revenue_past,
            one.profit_past, one.revenue_365d, one.profit_365d,
        ], thin=one.thin)
        for one in groups
    ]  # fmt: skip
    note = gettext("Per customer; grey rows rest on too few customers.")
    return Section(title, tables=[Table(f"by-{by}", title, columns, rows, note)])
