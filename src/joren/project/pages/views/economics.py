"""Whether winning a customer pays."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext, gettext_noop

from joren.core.errors import BadInput
from joren.plumbing.access import needs
from joren.project.pages import codes
from joren.project.pages.charts import Chart, lines
from joren.project.pages.sections import Section, major, of_the_latest, show, word
from joren.project.pages.tables import Column, Linked, Row, Table, Value
from joren.project.showing import profile_name
from joren.understand.economics import selectors
from joren.understand.economics.contracts import EconomicsReport
from joren.warehouse import Snapshot

_MONTHS: Final = 13
_TOUCHES = {
    "paid": gettext_noop("By ads"),
    "unpaid": gettext_noop("Without ads"),
    "unknown": gettext_noop("unknown"),
}


@needs("view_figures")
@of_the_latest(gettext_noop("Economics"))
def economics(request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    report = selectors.economics_report(snapshot)
    whole, ads = report.whole, report.dependence
    headline = [
        whole.cac, whole.ltv_cac, whole.ltv_cac_expected, whole.payback_months,
        whole.allowed_cac_payback, whole.allowed_cac_ratio, whole.revenue_first_year,
        whole.profit_first_year,
    ]  # fmt: skip
    sections = [
        _channels(report),
        _allowed(request, report),
        _payback(report),
        _months(report),
        Section(
            gettext("With ads and without"),
            name="ads",
            figures=[ads.new_customers, ads.revenue, ads.unknown, ads.difference],
            tables=[_touches(report)],
        ),
        _profile(report),
    ]
    return show(
        request,
        "pages/economics.html",
        sections,
        headline=headline,
        verdicts=report.verdicts,
        figures_as_of=report.as_of,
    )


def _channels(report: EconomicsReport) -> Section:
    title, money = gettext("By source, last twelve full months"), report.currency
    columns = [
        Column(gettext("Source")),
        Column(gettext("Touch")),
        Column(gettext("New customers"), "count", term="new_customers"),
        Column(gettext("Ad spend"), money, term="ad_spend"),
        Column(word("cac"), money),
        Column(word("ltv_cac"), "ratio"),
        Column(word("payback_months"), "months"),
        Column(word("allowed_cac_payback"), money),
        Column(word("allowed_cac_ratio"), money),
    ]
    rows = [
        Row([
            _source(one.source), _touch(one.touch), one.new_customers, one.spend,
            one.cac, one.ltv_cac, one.payback_months, one.allowed_cac_payback,
            one.allowed_cac_ratio,
        ])
        for one in report.channels
    ]  # fmt: skip
    cautions = [
        gettext("%(n)s rows of spend in %(currency)s are left out: no rate is known.")
        % {"n": one.rows, "currency": one.currency}
        for one in report.spend_left_out
    ] + [
        gettext("%(n)s rows of spend in %(currency)s are converted at %(rates)s.")
        % {"n": one.rows, "currency": one.currency, "rates": one.rates}
        for one in report.spend_converted
    ]
    note = gettext("A dash is not known, never zero.")
    table = Table("channels", title, columns, rows, note)
    by_month = _by_month(report)
    tables = [table, by_month] if by_month.rows else [table]
    return Section(title, "", cautions, tables=tables, name="sources")


def _by_month(report: EconomicsReport) -> Table:
    """CAC of each source whose spend is known, the newest month first."""
    months = sorted({one.month for each in report.channels for one in each.months}, reverse=True)
    months = months[:_MONTHS]
    rows = []
    for each in report.channels:
        cost = {one.month: one.cac for one in each.months}
        told = [cost.get(month) for month in months]
        if any(one is not None and one.value is not None for one in told):
            rows.append(Row([_source(each.source), _touch(each.touch), *told]))
    columns = [Column(gettext("Source")), Column(gettext("Touch"))]
    columns += [Column(f"{month:%Y-%m}", report.currency) for month in months]
    title = gettext("What a new customer cost, by source and month")
    note = gettext("Of a month that has not fully passed the cost is of its days so far.")
    return Table("cac_by_month", title, columns, rows, note)


def _allowed(request: HttpRequest, report: EconomicsReport) -> Section:
    """What a customer may cost for the target that was typed in."""
    months, ratio = (request.GET.get(name, "").strip() for name in ("months", "ratio"))
    if not months and not ratio:
        months = str(report.rules.payback_months)
    found = selectors.allowed_cac(
        report,
        months=None if ratio else int(_typed("months", months)),
        ratio=_typed("ratio", ratio) if ratio else None,
    )
    whole, *channels = found
    title = gettext("What a new customer may cost")
    columns = [
        Column(gettext("Source")),
        Column(gettext("Touch")),
        Column(word(whole.figure.name), report.currency),
        Column(word("cac"), report.currency),
    ]
    cost = {(one.source, one.touch): one.cac for one in (report.whole, *report.channels)}
    rows = [Row([gettext("All"), "", whole.figure, cost.get((None, None))])]
    rows += [
        Row([_source(one.source), _touch(one.touch), one.figure, cost.get((one.source, one.touch))])
        for one in channels
    ]
    note = gettext("A source whose CAC lies above what is allowed costs more than it brings back.")
    return Section(
        title,
        tables=[Table("allowed", title, columns, rows, note)],
        name="allowed",
        asks=(
            ("months", gettext("Paid back within months"), "" if ratio else months),
            ("ratio", gettext("or LTV:CAC of at least"), ratio),
        ),
    )


def _typed(name: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise BadInput(f"{name} is {text!r}", hint="a number such as 12") from None


def _source(source: str | None) -> Value | Linked:
    """The source, and the way to its customers."""
    if source == codes.REST:
        return codes.group(source)
    return Linked(codes.group(source), codes.who(source=codes.known_or_not(source)))


def _payback(report: EconomicsReport) -> Section:
    title, money = gettext("What a customer has brought after so many months"), report.currency
    columns = [
        Column(gettext("Month"), "count", term="age_months"),
        Column(gettext("Customers"), "count", term="cases"),
        Column(gettext("Revenue"), money, term="cumulative_revenue"),
        Column(gettext("Profit"), money, term="cumulative_profit"),
    ]
    curve = report.whole.curve
    rows = [Row([one.month, one.n, one.revenue, one.profit]) for one in curve]
    drawn = [
        {"month": one.month, "amount": major(amount, money), "kind": kind}
        for one in curve
        for kind, amount in ((gettext("Revenue"), one.revenue), (gettext("Profit"), one.profit))
        if amount is not None
    ]
    said = gettext("Mean per customer for whom the months have passed.")
    chart = Chart(
        "payback",
        title,
        said,
        lines(drawn, x="month", y="amount", color="kind", x_title=gettext("Months")),
        Table("payback", title, columns, rows),
        term="payback_months",
    )
    return Section(title, charts=[chart] if curve else [])


def _months(report: EconomicsReport) -> Section:
    title, money = gettext("New customers against repeat, by month"), report.currency
    columns = [
        Column(gettext("Month")),
        Column(gettext("New customers"), "count", term="new_customers"),
        Column(gettext("Repeat orders"), "count", term="repeat_orders"),
        Column(gettext("Spend for new"), money, term="spend_new"),
        Column(gettext("Spend for repeat"), money, term="spend_repeat"),
        Column(gettext("Spend not split"), money, term="spend_unsplit"),
        Column(word("cac"), money),
        Column(word("repeat_cost"), money),
        Column(word("repeat_cost_ratio"), "ratio"),
    ]
    rows = [
        Row(
            [
                f"{one.month:%Y-%m}", one.new_customers, one.repeat_orders, one.spend_new,
                one.spend_repeat, one.spend_unsplit, one.cac, one.repeat_cost,
                one.repeat_cost_ratio,
            ],
            thin=not one.complete,
        )
        for one in report.months
    ]  # fmt: skip
    note = gettext("A grey month has not fully passed.")
    return Section(title, tables=[Table("months", title, columns, rows, note)])


def _touches(report: EconomicsReport) -> Table:
    columns = [
        Column(gettext("Touch")),
        Column(gettext("New customers"), "count", term="new_customers"),
        Column(word("touch_customer_share"), "share"),
        Column(word("touch_revenue_share"), "share"),
        Column(word("revenue_first_year"), report.currency),
        Column(word("profit_first_year"), report.currency),
        Column(word("repeat_rate"), "share"),
    ]
    rows = [
        Row([
            _touch(one.touch), one.new_customers, one.customer_share, one.revenue_share,
            one.revenue_first_year, one.profit_first_year, one.repeat_rate,
        ])
        for one in report.touches
    ]  # fmt: skip
    return Table("touches", gettext("With ads and without"), columns, rows)


def _profile(report: EconomicsReport) -> Section:
    profile = report.profile
    title = gettext("Kind of business")
    columns = [
        Column(gettext("Category")),
        Column(title),
        Column(gettext("Customers"), "count", term="customers"),
        Column(word("repeat_rate"), "share"),
        Column(word("subscription_share"), "share"),
        Column(word("interval_days"), "days"),
        Column(word("mean_order"), report.currency),
    ]
    rows = [
        Row([
            one.category or gettext("All"), _kind(one.kind), one.customers, one.repeat_rate,
            one.subscription_share, one.interval_days, one.mean_order,
        ])
        for one in (profile.whole, *profile.categories)
    ]  # fmt: skip
    steer = gettext("Steer by: %(figures)s") % {
        "figures": ", ".join(word(name) for name in profile.kpis)
    }
    return Section(
        title,
        steer if profile.kpis else "",
        tables=[Table("profile", title, columns, rows)],
        name="kind",
    )


def _kind(kind: str | None) -> str:
    return profile_name(kind) if kind else gettext("not yet known")


def _touch(touch: str | None) -> str:
    return gettext(_TOUCHES[touch or "unknown"])
