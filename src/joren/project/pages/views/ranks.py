"""Where customers stand: RFM, deciles, CPM, stages, F2, VIPs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext, gettext_noop

from joren.plumbing.access import needs
from joren.project import showing
from joren.project.pages.charts import Chart, grid, lines, lying_bars
from joren.project.pages.sections import Section, of_the_latest, partner, show, word
from joren.project.pages.tables import Column, Row, Table
from joren.understand.ranks import selectors
from joren.understand.ranks.contracts import CPM_GROUPS, STAGES, RankGroup, RankReport
from joren.warehouse import Snapshot

_ALARMS = {
    "concentrated": gettext_noop("Much of the revenue hangs on few customers."),
    "falling": gettext_noop("The share of the VIPs in the revenue is falling."),
}
_STAGES = {str(code): words for code, words in STAGES.items()}


@needs("view_figures")
@of_the_latest(gettext_noop("Ranks"))
def ranks(request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    report = selectors.rank_report(snapshot)
    sections = [
        _rfm(report),
        _deciles(report),
        _cpm(report),
        Section(word("stage"), tables=[_groups(report, "stage", report.stages, _stage)]),
        _survival(report),
        _first_months(report),
        _vip(report),
        *_moves(report),
    ]
    headline = list(report.figures.values())
    return show(request, "pages/ranks.html", sections, headline=headline)


def _rfm(report: RankReport) -> Section:
    people: Counter[tuple[int, int]] = Counter()
    money: Counter[tuple[int, int]] = Counter()
    for one in report.rfm:
        people[one.r, one.f] += one.customers
        money[one.r, one.f] += one.revenue
    rows = [{"R": r, "F": f, "customers": n} for (r, f), n in sorted(people.items())]
    columns = [
        Column("R", "count"),
        Column("F", "count"),
        Column(gettext("Customers"), "count"),
        Column(gettext("Revenue"), report.currency),
    ]
    cells = [Row([r, f, n, money[r, f]]) for (r, f), n in sorted(people.items())]
    table = Table("rfm", gettext("Customers by R and F"), columns, cells)
    best = gettext("%(n)s customers stand at R 5 and F 5.") % {"n": f"{people[5, 5]:,}"}
    drawn = grid(rows, x="R", y="F", value="customers", x_title="R", y_title="F")
    return Section(
        "RFM", charts=[Chart("rfm", gettext("Customers by R and F"), best, drawn, table)]
    )


def _deciles(report: RankReport) -> Section:
    points = [
        {"customers": round(one.customer_share * 100, 2), "share": one.share}
        for one in report.pareto
        if one.share is not None
    ]
    title = gettext("Revenue share of the best customers")
    said = _said(report, "top_fifth_revenue_share")
    drawn = lines(
        points,
        x="customers",
        y="share",
        y_format=".0%",
        x_title=gettext("Best customers, per cent"),
        y_title=gettext("Share of revenue"),
    )
    chart = Chart("pareto", title, said, drawn)
    table = _groups(report, "decile", report.deciles, str)
    return Section(word("decile"), charts=[chart], tables=[table])


def _cpm(report: RankReport) -> Section:
    rows = [{"group": _portfolio(one.code), "customers": one.customers} for one in report.cpm]
    lapsed = sum(one.customers for one in report.cpm if one.code.endswith("離脱"))
    said = gettext("%(n)s of %(all)s customers have lapsed.") % {
        "n": f"{lapsed:,}",
        "all": f"{report.customers:,}",
    }
    drawn = lying_bars(rows, y="group", x="customers", x_title=gettext("Customers"))
    table = _groups(report, "cpm", report.cpm, _portfolio)
    return Section(word("cpm"), charts=[Chart("cpm", word("cpm"), said, drawn, table)])


def _groups(
    report: RankReport, way: str, groups: Sequence[RankGroup], named: Callable[[str], str]
) -> Table:
    columns = [
        Column(gettext("Group")),
        Column(gettext("Customers"), "count"),
        Column(gettext("Share of customers"), "share"),
        Column(gettext("Revenue"), report.currency),
        Column(gettext("Share of revenue"), "share"),
        Column(gettext("Purchases per customer"), "orders"),
        Column(gettext("Revenue per customer"), report.currency),
    ]
    rows = [
        Row([
            named(one.code), one.customers, one.customer_share, one.revenue, one.revenue_share,
            one.mean_purchases, one.mean_revenue,
        ])
        for one in groups
    ]  # fmt: skip
    return Table(way, word(way), columns, rows)


def _survival(report: RankReport) -> Section:
    rows = [
        {"k": f"F{step.k}", "share": step.reached.value, "window": _within(one.window)}
        for one in report.survival
        for step in one.steps
        if step.reached.value is not None
    ]
    columns = [Column(gettext("Window")), Column(gettext("Purchase"))]
    columns += [Column(word("fk_reached"), "share"), Column(gettext("Onward"), "share")]
    cells = [
        Row([_within(one.window), f"F{step.k}", step.reached, step.onward])
        for one in report.survival
        for step in one.steps
    ]
    table = Table("survival", word("fk_reached"), columns, cells)
    said = _said(report, "f2_rate")
    drawn = lines(rows, x="k", y="share", color="window", y_format=".0%")
    return Section(
        word("fk_reached"), charts=[Chart("survival", "F1 → F2 → F3 …", said, drawn, table)]
    )


def _first_months(report: RankReport) -> Section:
    title = gettext("F2 rate by month of first purchase")
    windows = sorted({window for one in report.first_months for window in one.rates})
    columns = [Column(gettext("Month")), Column(gettext("Customers"), "count")]
    columns += [Column(_within(window), "share") for window in windows]
    rows = [
        Row([f"{one.month:%Y-%m}", one.customers, *(one.rates.get(days) for days in windows)])
        for one in report.first_months
    ]
    return Section(title, tables=[Table("first-months", title, columns, rows)])


def _vip(report: RankReport) -> Section:
    vip = report.vip
    columns = [Column(gettext("Figure")), Column(gettext("Value now"), "count")]
    rows = [
        Row([gettext("Customers"), vip.customers]),
        Row([gettext("Entered since the figures before"), vip.entered]),
        Row([gettext("Left since the figures before"), vip.left]),
    ]
    text = gettext("Revenue of 365 days that makes a VIP: %(enter)s; that keeps one: %(keep)s.") % {
        "enter": showing.amount(vip.bounds.enter, report.currency),
        "keep": showing.amount(vip.bounds.keep, report.currency),
    }
    alarms = [gettext(_ALARMS[one]) for one in vip.alarms]
    return Section(
        "VIP", text, alarms, [vip.share_of_sales], (), [Table("vip", "VIP", columns, rows)]
    )


def _moves(report: RankReport) -> list[Section]:
    if report.movement is None:
        return []
    title = gettext("Who moved since the figures before")
    columns = [
        Column(f"{report.movement.before}"),
        Column(f"{report.movement.after}"),
        Column(gettext("Customers"), "count"),
    ]
    rows = [
        Row([_stage(one.before), _stage(one.after), one.customers])
        for one in report.movement.moves.get("stage", ())
    ]
    return [Section(title, tables=[Table("moves", title, columns, rows)])]


def _said(report: RankReport, name: str) -> str:
    return f"{word(name)}: {showing.text(report.figures[name])}"


def _within(days: int) -> str:
    return gettext("within %(days)s days") % {"days": days}


def _stage(code: str | None) -> str:
    return partner(_STAGES[code]) if code in _STAGES else showing.NOTHING


def _portfolio(code: str) -> str:
    return partner((code, CPM_GROUPS[code]))
