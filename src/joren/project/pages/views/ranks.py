"""Where customers stand: RFM, deciles, CPM, stages, F2, VIPs. Each number leads to its people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext, gettext_noop

from joren.core.errors import BadInput
from joren.plumbing.access import needs
from joren.plumbing.warehouse import warehouse
from joren.project import showing
from joren.project.pages import codes
from joren.project.pages.charts import Chart, bars, lines, lying_bars
from joren.project.pages.sections import Section, of_the_latest, show, tabs, word
from joren.project.pages.tables import Column, Heat, Linked, Row, Table, Value
from joren.understand.ranks import selectors
from joren.understand.ranks.contracts import WINDOWS, RankGroup, RankReport
from joren.warehouse import Snapshot

VIP_ALARMS = {
    "concentrated": gettext_noop("Much of the revenue hangs on few customers."),
    "falling": gettext_noop("The share of the VIPs in the revenue is falling."),
}
_FIFTHS = (1, 2, 3, 4, 5)
_THIN = 30


@needs("view_figures")
@of_the_latest(gettext_noop("Ranks"))
def ranks(request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    report = selectors.rank_report(snapshot)
    window = _window(request.GET.get("window", str(report.rules.f2_days)))
    monetary = request.GET.get("m", "")
    measure = "revenue" if request.GET.get("show") == "revenue" else "customers"
    sections = [
        _rfm(request, report, monetary, measure),
        _deciles(report),
        _cpm(report),
        Section(gettext("Stage"), tables=[_groups(report, "stage", report.stages, codes.stage)]),
        _survival(request, report, window),
        _first_months(report),
        _vip(report, _previous(report)),
    ]
    headline = list(report.figures.values())
    return show(
        request, "pages/ranks.html", sections, headline=headline, verdicts=report.verdicts,
        figures_as_of=report.as_of,
    )  # fmt: skip


def _window(text: str) -> int:
    for days in WINDOWS:
        if text == str(days):
            return days
    raise BadInput(f"no window {text!r}", hint=f"known: {', '.join(map(str, WINDOWS))}")


def _rfm(request: HttpRequest, report: RankReport, monetary: str, measure: str) -> Section:
    """R downwards, F to the right, of everybody or of one M."""
    people: Counter[tuple[int, int]] = Counter()
    money: Counter[tuple[int, int]] = Counter()
    for one in report.rfm:
        if monetary in ("", str(one.m)):
            people[one.r, one.f] += one.customers
            money[one.r, one.f] += one.revenue
    counted, unit = (money, report.currency) if measure == "revenue" else (people, "count")
    deepest = max(counted.values(), default=0)
    m = {"rfm_m": monetary} if monetary else {}
    rows = [
        Row(
            [
                f"R {r}",
                *(
                    _heat(counted[r, f], deepest, people[r, f], rfm_r=r, rfm_f=f, **m)
                    for f in _FIFTHS
                ),
                codes.whoever(sum(counted[r, f] for f in _FIFTHS), rfm_r=r, **m),
            ]
        )
        for r in reversed(_FIFTHS)
    ]
    columns = [
        Column(gettext("R downwards, F to the right")),
        *(Column(f"F {f}", unit) for f in _FIFTHS),
        Column(gettext("All"), unit),
    ]
    best = gettext("%(n)s customers stand at R 5 and F 5.") % {"n": f"{people[5, 5]:,}"}
    note = gettext("Each number leads to its customers. 5 is best. ") + _bounds(report)
    choices = [
        tabs(request, "m", {"": gettext("All M"), **{str(m): f"M {m}" for m in _FIFTHS}}, monetary),
        tabs(
            request,
            "show",
            {"customers": gettext("Customers"), "revenue": gettext("Revenue")},
            measure,
        ),
    ]
    table = Table("rfm", gettext("Customers by R and F"), columns, rows, note, term="rfm")
    return Section("RFM", best, tables=[table], choices=choices)


def _heat(value: int, deepest: int, people: int, **choices: int | str) -> Value | Heat | Linked:
    if not people:
        return 0
    level = int(9 * value / deepest) if deepest > 0 else 0
    return Linked(Heat(value, max(0, min(9, level))), codes.who(**choices))


def _bounds(report: RankReport) -> str:
    """What it takes to be a five."""
    days, times, money = (
        one[-1] if one else None
        for one in (report.edges.recency_days, report.edges.purchases, report.edges.revenue)
    )
    return gettext("R 5: within %(days)s days. F 5: %(times)s or more. M 5: %(money)s or more.") % {
        "days": showing.NOTHING if days is None else days,
        "times": showing.NOTHING if times is None else times,
        "money": showing.amount(money, report.currency),
    }


def _deciles(report: RankReport) -> Section:
    points = [
        {"customers": round(one.customer_share * 100, 2), "share": one.share}
        for one in report.pareto
        if one.share is not None
    ]
    title = gettext("Revenue share of the best customers")
    drawn = lines(
        points,
        x="customers",
        y="share",
        y_format=".0%",
        x_title=gettext("Best customers, per cent"),
        y_title=gettext("Share of revenue"),
    )
    columns = [
        Column(gettext("Best customers"), "count", term="pareto"),
        Column(gettext("Share of customers"), "share", term="group_customer_share"),
        Column(gettext("Revenue"), report.currency, term="revenue_past"),
        Column(gettext("Share of revenue"), "share", term="group_revenue_share"),
    ]
    rows = [
        Row([one.customers, one.customer_share, one.revenue, one.share]) for one in report.pareto
    ]
    said = _said(report, "top_fifth_revenue_share")
    listed = Table("pareto", title, columns, rows)
    chart = Chart("pareto", title, said, drawn, listed, term="pareto")
    table = _groups(report, "decile", report.deciles, str)
    return Section(word("decile"), charts=[chart], tables=[table])


def _cpm(report: RankReport) -> Section:
    rows = [{"group": codes.portfolio(one.code), "customers": one.customers} for one in report.cpm]
    lapsed = sum(one.customers for one in report.cpm if one.code.endswith("離脱"))
    said = gettext("%(n)s of %(all)s customers have lapsed.") % {
        "n": f"{lapsed:,}",
        "all": f"{report.customers:,}",
    }
    drawn = lying_bars(rows, y="group", x="customers", x_title=gettext("Customers"))
    table = _groups(report, "cpm", report.cpm, codes.portfolio)
    return Section(
        word("cpm"), charts=[Chart("cpm", word("cpm"), said, drawn, term="cpm")], tables=[table]
    )


def _groups(
    report: RankReport, way: str, groups: Sequence[RankGroup], named: Callable[[str], str]
) -> Table:
    columns = [
        Column(gettext("Group")),
        Column(gettext("Customers"), "count", term="customers"),
        Column(gettext("Share of customers"), "share"),
        Column(gettext("Revenue"), report.currency, term="revenue_past"),
        Column(gettext("Share of revenue"), "share"),
        *([Column(gettext("Cumulative share"), "share")] if way == "decile" else []),
        Column(gettext("Purchases per customer"), "orders"),
        Column(gettext("Revenue per customer"), report.currency),
    ]
    rows = [
        Row(
            [
                named(one.code), codes.whoever(one.customers, **{way: one.code}),
                one.customer_share, one.revenue, one.revenue_share,
                *([one.cumulative_share] if way == "decile" else []),
                one.mean_purchases, one.mean_revenue,
            ],
            thin=one.customers < _THIN,
        )
        for one in groups
    ]  # fmt: skip
    return Table(way, word(way), columns, rows)


def _survival(request: HttpRequest, report: RankReport, window: int) -> Section:
    chosen = next(one for one in report.survival if one.window == window)
    rows = [
        {"k": f"F{step.k}", "share": step.reached.value}
        for step in chosen.steps
        if step.reached.value is not None
    ]
    columns = [
        Column(gettext("Purchase")),
        Column(word("fk_reached"), "share"),
        Column(gettext("Onward"), "share"),
        Column("n", "count", term="cases"),
    ]
    cells = [
        Row(
            [f"F{step.k}", step.reached, step.onward, step.onward.n],
            thin=(step.onward.n or 0) < _THIN,
        )
        for step in chosen.steps
    ]
    title = f"{word('fk_reached')} · {_within(window)}"
    table = Table("survival", title, columns, cells)
    said = f"{word('f2_rate')}: {showing.text(chosen.steps[0].onward)}"
    drawn = bars(rows, x="k", y="share", y_format=".0%")
    choice = tabs(request, "window", {str(days): _within(days) for days in WINDOWS}, str(window))
    return Section(
        word("fk_reached"),
        charts=[Chart("survival", "F1 → F2 → F3 …", said, drawn, term="fk_reached")],
        tables=[table],
        choices=[choice],
    )


def _first_months(report: RankReport) -> Section:
    title = gettext("F2 rate by month of first purchase")
    columns = [Column(gettext("Month")), Column(gettext("Customers"), "count", term="customers")]
    columns += [Column(_within(window), "share") for window in WINDOWS]
    rows = [
        Row(
            [
                f"{one.month:%Y-%m}",
                codes.whoever(one.customers, **codes.began_in(one.month)),
                *(one.rates.get(days) for days in WINDOWS),
            ],
            thin=one.customers < _THIN,
        )
        for one in report.first_months
    ]
    return Section(title, tables=[Table("first-months", title, columns, rows)])


def _vip(report: RankReport, previous: int | None) -> Section:
    vip = report.vip
    columns = [Column(gettext("Figure")), Column(gettext("Value now"), "count", term="vip")]
    since = {} if previous is None else {"since": previous}
    entered = codes.whoever(vip.entered, vip="yes", was_vip=["no", "-"], **since)
    left = codes.whoever(vip.left, vip="no", was_vip="yes", **since)
    rows = [
        Row([gettext("VIP customers"), codes.whoever(vip.customers, vip="yes")]),
        Row([gettext("Entered since the figures before"), entered if since else vip.entered]),
        Row([gettext("Left since the figures before"), left if since else vip.left]),
    ]
    text = gettext("Revenue of 365 days that makes a VIP: %(enter)s; that keeps one: %(keep)s.") % {
        "enter": showing.amount(vip.bounds.enter, report.currency),
        "keep": showing.amount(vip.bounds.keep, report.currency),
    }
    if vip.share_before is not None and vip.compared_with is not None:
        text += " " + gettext("Their share of sales on %(day)s: %(share)s.") % {
            "day": vip.compared_with,
            "share": showing.amount(vip.share_before, "share"),
        }
    text += " " + gettext("It alarms above %(most)s, or when it falls by %(fall)s in a month.") % {
        "most": showing.amount(report.rules.vip_share_alarm / 10_000, "share"),
        "fall": showing.amount(report.rules.vip_share_fall / 10_000, "share"),
    }
    alarms = [gettext(VIP_ALARMS[one]) for one in vip.alarms]
    return Section(
        "VIP",
        text,
        alarms,
        [vip.share_of_sales],
        (),
        [Table("vip", "VIP", columns, rows)],
        name="vip",
    )


def _previous(report: RankReport) -> int | None:
    """The number of the snapshot that this one was compared with."""
    if report.movement is None:
        return None
    before = [s for s in warehouse().snapshots.all() if s.as_of == report.movement.before]
    return before[-1].id if before else None


def _said(report: RankReport, name: str) -> str:
    return f"{word(name)}: {showing.text(report.figures[name])}"


def _within(days: int) -> str:
    return gettext("within %(days)s days") % {"days": days}
