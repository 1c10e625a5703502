"""By which models the predictions are made, why, and how far they were right before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext, gettext_noop

from joren.core.figures import Figure
from joren.plumbing.access import needs
from joren.project import showing
from joren.project.pages.charts import Chart, grid, lines
from joren.project.pages.sections import Section, of_the_latest, show, word
from joren.project.pages.tables import Column, Row, Table
from joren.project.pages.views import beliefs, paths
from joren.understand.ltv import selectors
from joren.understand.ltv.contracts import (
    CalibrationClass,
    CandidateMarks,
    ModelReport,
    ValueReport,
    reasons,
)
from joren.warehouse import Snapshot

_VERDICTS = {
    "chosen": gettext_noop("Chosen"),
    "out": gettext_noop("Said less well who would come"),
    "farther": gettext_noop("Its totals were farther off"),
    "ranks worse": gettext_noop("Told good customers from others less well"),
    "more complex": gettext_noop("As good, but less simple"),
}
_FORMULAS = {
    "nbd": "E[X(t)] = (r + x) · t / (α + T),  P(alive) = 1",
    "bg_nbd": (
        "E[X(t)] = P(alive) · E[…]:  λ ~ Gamma(r, α),  p ~ Beta(a, b);  "
        "P(alive) = 1 / (1 + a / (b + x − 1) · ((α + T) / (α + t_x))^(r + x)),  1 for x = 0"
    ),
    "mbg_nbd": (
        "E[X(t)] = P(alive) · E[…]:  λ ~ Gamma(r, α),  p ~ Beta(a, b);  "
        "P(alive) = 1 / (1 + a / (b + x) · ((α + T) / (α + t_x))^(r + x))"
    ),
    "pareto_nbd": (
        "E[X(t)] = P(alive) · E[…]:  λ ~ Gamma(r, α),  μ ~ Gamma(s, β);  P(alive) = 1 / (1 + D),  "
        "D = s ∫ ((α + T) / (α + y))^(r + x) · ((β + T) / (β + y))^s dy / (β + y),  y: t_x … T"
    ),
}


@needs("view_figures")
@of_the_latest(gettext_noop("Models"))
def models(request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    report, worth = selectors.model_report(snapshot), selectors.value_report(snapshot)
    asked, path = paths.asked(request, snapshot)
    sections = [
        _history(report),
        _tracking(report),
        calibration(worth),
        *_single(worth),
        beliefs.newcomers(report),
        _map(report),
        path,
        *_season(report),
        _candidates(report),
        _parameters(report),
        *beliefs.letters(report),
    ]
    return show(
        request,
        "pages/models.html",
        sections,
        figures_as_of=snapshot.as_of,
        headline=[report.mean_error, report.revenue_error, *_foretold(worth)],
        chosen=showing.model(report.model),
        why=showing.reason(report.why),
        alarm=showing.reason(report.alarm),
        asked=asked,
        verdicts=report.verdicts,
    )


def _foretold(worth: ValueReport) -> Sequence[Figure]:
    return [worth.total("expected_orders_365d"), worth.total("revenue_365d")]


def _history(report: ModelReport) -> Section:
    title, rests = gettext("Forecasts of the past, and what came"), _rests(report)
    if not report.history:
        return Section(title, showing.reason(report.mean_error.why), name="history")
    money = report.currency
    columns = [
        Column(word("cut_off")),
        Column(gettext("Up to")),
        Column(gettext("Customers"), "count"),
        Column(gettext("Predicted orders"), "figure"),
        Column(gettext("At least"), "count"),
        Column(gettext("At most"), "count"),
        Column(gettext("Actual orders"), "count"),
        Column(word("bias"), "share"),
        Column(gettext("In the interval")),
        Column(gettext("Predicted revenue"), money),
        Column(gettext("Actual revenue"), money),
        Column(word("revenue_bias"), "share"),
    ]
    rows = [
        Row([
            one.cutoff, one.last, one.customers, one.orders, _whole(one.orders.low),
            _whole(one.orders.high), one.orders_actual, one.error,
            gettext("yes") if one.hit else gettext("no"),
            one.revenue, one.revenue_actual, one.revenue_error,
        ])
        for one in report.history
    ]  # fmt: skip
    said = gettext(
        "Each time from the orders up to that day alone, for the %(weeks)s weeks after; the "
        "intervals (90%%) from what could be checked by then. Judged on %(n)s customers."
    ) % {"weeks": report.window_days // 7, "n": f"{report.judged_on:,}"}
    drawn = [
        {"cutoff": one.cutoff, "orders": number, "kind": kind, "low": low, "high": high}
        for one in reversed(report.history)
        for kind, number, low, high in (
            (gettext("Predicted orders"), one.orders.value, one.orders.low, one.orders.high),
            (gettext("Actual orders"), one.orders_actual, None, None),
        )
    ]
    chart = Chart(
        "history",
        title,
        said,
        lines(drawn, x="cutoff", y="orders", color="kind", low="low", high="high",
              x_title=word("cut_off")),
        Table("history", title, columns, rows, term="back_test", **rests),
        term="back_test",
        **rests,
    )  # fmt: skip
    return Section(title, name="history", charts=[chart])


class _Rests(TypedDict):
    model: str
    n: int


def _rests(report: ModelReport) -> _Rests:
    """By which model of orders a picture is, and on how many customers it rests."""
    return {"model": report.orders_model, "n": report.judged_on}


def _whole(value: float | None) -> float | None:
    return None if value is None else round(value)


def _tracking(report: ModelReport) -> Section:
    title = gettext("Repeat orders over time")
    if not report.tracking:
        return Section(title, showing.reason(report.mean_error.why))
    columns = [
        Column(gettext("From")),
        Column(gettext("Up to")),
        Column(gettext("Actual orders"), "count"),
        Column(gettext("Expected orders"), "count"),
        Column(gettext("Known when it was made")),
    ]
    rows = [
        Row([
            one.first, one.last, one.actual, round(one.expected, 1),
            gettext("no") if one.ahead else gettext("yes"),
        ])
        for one in report.tracking
    ]  # fmt: skip
    newest = report.history[0].cutoff
    said = gettext(
        "Every four weeks, of the customers known on %(cutoff)s; what lies after that day the "
        "model had not seen."
    ) % {"cutoff": newest}
    drawn = [
        {"day": one.last, "orders": number, "kind": kind}
        for one in report.tracking
        for kind, number in (
            (gettext("Expected orders"), one.expected),
            (gettext("Actual orders"), one.actual),
        )
    ]
    rests = _rests(report)
    table = Table("tracking", title, columns, rows, term="repeat_tracking", **rests)
    form = lines(drawn, x="day", y="orders", color="kind")
    chart = Chart("tracking", title, said, form, table, term="repeat_tracking", **rests)
    return Section(title, charts=[chart])


def calibration(worth: ValueReport) -> Section:
    """Orders after the newest cut-off by the repeats before it, predicted and actual."""
    test = worth.backtest
    title = gettext("Orders per customer, predicted and actual")
    if test.why:
        return Section(title, showing.reason(test.why))
    model = test.bias.model
    columns = [
        Column(word("frequency")),
        Column(gettext("Customers"), "count", term="customers"),
        Column(gettext("Predicted orders"), "count", term="predicted_orders", model=model),
        Column(gettext("Actual orders"), "count", term="actual_orders"),
    ]
    rows = [
        Row([one.frequency, one.customers, round(one.predicted, 3), round(one.actual, 3)])
        for one in test.calibration
    ]
    said = gettext("Predicted as if on %(cutoff)s, judged by the %(weeks)s weeks after.") % {
        "cutoff": test.cutoff,
        "weeks": test.weeks,
    }
    chart = Chart(
        "calibration",
        title,
        said,
        lines(_both(test.calibration), x="frequency", y="orders", color="kind",
              x_title=word("frequency")),
        Table("calibration", title, columns, rows),
        term="back_test",
        model=model,
    )  # fmt: skip
    return Section(title, figures=[test.bias, test.revenue_bias], charts=[chart])


def _single(worth: ValueReport) -> list[Section]:
    """How far off single customers were, at the same cut-off."""
    test = worth.backtest
    if test.why:
        return []
    asked = (("mae", test.mae, "orders"), ("rmse", test.rmse, "orders"),
             ("spearman", test.spearman, "ratio"), ("gini", test.gini, "ratio"))  # fmt: skip
    figures = [
        Figure(name, value, unit, test.customers, as_of=test.cutoff, model=test.bias.model,
               why="" if value is not None else reasons.NOTHING_THEN)
        for name, value, unit in asked
    ]  # fmt: skip
    said = gettext(
        "A total may be right where single customers are not: of one customer, the number of "
        "orders in %(weeks)s weeks is mostly chance."
    ) % {"weeks": test.weeks}
    return [Section(gettext("Error per customer"), said, figures=figures, name="single")]


def _both(classes: Sequence[CalibrationClass]) -> list[dict[str, object]]:
    return [
        {"frequency": one.frequency, "orders": number, "kind": kind}
        for one in classes
        for kind, number in (
            (gettext("Predicted orders"), one.predicted),
            (gettext("Actual orders"), one.actual),
        )
    ]


def _map(report: ModelReport) -> Section:
    title = gettext("What repeats and silence say")
    if not report.map:
        return Section(title, showing.reason(report.mean_error.why))
    said = gettext(
        "Of somebody who first bought %(days)s days before the as-of day, by repeat purchases and "
        "by the days since the last purchase."
    ) % {"days": report.map_tenure_days}
    return Section(
        title,
        said,
        charts=[
            _cells("p_alive", report, [one.p_alive for one in report.map], ".0%", "share"),
            _cells(
                "expected_orders_365d",
                report,
                [one.expected_orders_365d for one in report.map],
                ".1f",
                "count",
            ),
        ],
    )


def _cells(name: str, report: ModelReport, values: Sequence[float], form: str, unit: str) -> Chart:
    rests = _rests(report)
    columns = [
        Column(word("frequency"), "count"),
        Column(gettext("Days since the last purchase"), "count"),
        Column(word(name), unit),
    ]
    pairs = list(zip(report.map, values, strict=True))
    rows = [Row([one.frequency, one.silent_days, round(value, 4)]) for one, value in pairs]
    drawn = [
        {"silent": one.silent_days, "frequency": one.frequency, "value": round(value, 4)}
        for one, value in pairs
    ]
    return Chart(
        f"map-{name}",
        word(name),
        "",
        grid(drawn, x="silent", y="frequency", value="value", value_format=form,
             x_title=gettext("Days since the last purchase"), y_title=word("frequency")),
        Table(f"map-{name}", word(name), columns, rows, term=name, **rests),
        term=name,
        **rests,
    )  # fmt: skip


def _season(report: ModelReport) -> list[Section]:
    """The calendar, where one was chosen."""
    if not report.season:
        return []
    title = gettext("The season that was seen")
    columns = [Column(gettext("Up to")), Column(gettext("Pace against the mean"), "ratio")]
    rows = [Row([day, round(speed, 3)]) for day, speed in report.season.items()]
    drawn = [{"day": day, "pace": speed} for day, speed in report.season.items()]
    said = gettext("How fast all customers together bought in each four weeks; 1 is the mean.")
    chart = Chart(
        "season",
        title,
        said,
        lines(drawn, x="day", y="pace", y_format=".2f"),
        Table("season", title, columns, rows, term="season_pace", n=report.judged_on),
        term="season_pace",
        n=report.judged_on,
    )
    return [Section(title, charts=[chart])]


def candidates_of(
    name: str, title: str, candidates: Sequence[CandidateMarks], *, n: int | None = None
) -> Table:
    """How the candidates stood, and which was chosen."""
    columns = [
        Column(gettext("Model")),
        Column(word("log_score"), "count", term="log_score", n=n),
        Column(gettext("Behind the best, in thousandths"), "count", term="score_behind", n=n),
        Column(gettext("Mean error of totals"), "figure"),
        Column(gettext("Outcome")),
    ]
    rows = [
        Row([
            showing.model(one.name), round(one.score, 4), round(1000 * one.behind, 1),
            one.error, gettext(_VERDICTS[one.verdict]),
        ])
        for one in candidates
    ]  # fmt: skip
    return Table(name, title, columns, rows)


def _candidates(report: ModelReport) -> Section:
    title = gettext("The models that were compared")
    if not report.candidates:
        return Section(title, showing.reason(report.why))
    said = gettext(
        "Out is whose forecasts of single customers were clearly less good; of the others the "
        "simplest is chosen whose totals were as near as the nearest, within noise."
    )
    orders, money = gettext("Models of orders"), gettext("Models of spend")
    return Section(
        title,
        said,
        tables=[
            candidates_of("candidates", orders, report.candidates, n=report.judged_on),
            candidates_of("spend-candidates", money, report.spend_candidates, n=report.judged_on),
        ],
    )


def _parameters(report: ModelReport) -> Section:
    title = gettext("Parameters and formula")
    columns = [
        Column(gettext("Model")),
        Column(gettext("Letter")),
        Column(gettext("Value"), "count"),
        Column(gettext("At least"), "count"),
        Column(gettext("At most"), "count"),
    ]
    rows = [
        Row([one.model, one.letter, _digits(one.value), _digits(one.low), _digits(one.high)])
        for one in report.parameters
    ]
    said = gettext("90%% intervals; time in days. Derivation: docs/science/%(page)s.md") % {
        "page": report.page
    }
    table = Table(
        "parameters", title, columns, rows, _FORMULAS[report.page], term="model_parameter",
        model=report.model, n=report.judged_on,
    )  # fmt: skip
    return Section(title, said, tables=[table], folded=True, name="formula")


def _digits(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")
