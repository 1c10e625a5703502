"""KPIツリー: what customers came for, its results by step, targets, and where most is lost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST

from joren.measure.indicators import selectors, services
from joren.measure.indicators.contracts import (
    BRANCHES,
    GOAL,
    GROWTHS,
    INDICATORS,
    PART_NAMES,
    PLACES,
    VERDICT_NAMES,
    WAYS,
    FunnelLoss,
    IndicatorFunnel,
    IndicatorPlan,
    IndicatorStanding,
    KpiTree,
    NoIndicatorsYet,
    Way,
)
from joren.plumbing.access import caller, needs
from joren.project import showing
from joren.project.pages.aims import plan_sent, target_of, typed_target
from joren.project.pages.charts import Chart, bars, lines
from joren.project.pages.codes import partner
from joren.project.pages.deeds import carry_out
from joren.project.pages.sections import Section, of_the_latest, show, word
from joren.project.pages.tables import Column, Row, Table, Value
from joren.warehouse import Snapshot

_TITLE: Final = gettext_noop("KPI tree")


@needs("view_figures")
@of_the_latest(_TITLE)
def indicators(request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    """All of it; ?period= shows an earlier month, a quarter or a year."""
    asked = request.GET.get("period", "").strip()
    tree = selectors.tree(asked or None)
    held = selectors.plan()
    months = selectors.months()
    return show(
        request,
        "pages/indicators.html",
        [*_gaps(tree), *_funnel(snapshot, held.plan), *_over_time(months)],
        tree=tree,
        asked=asked,
        growth=partner(*GROWTHS[tree.growth]),
        loss=tree.loss and _loss(tree.loss),
        holes=[_named(one) for one in tree.nodes if one.hole],
        changes=caller(request).may("treat"),
        rows=_aims(tree),
        choices=_choices(held.plan),
        plan=held,
        months=[one.period for one in reversed(months)],
        history=[_said(one, tree.currency) for one in selectors.target_history(limit=20)],
    )


@needs("treat")
@require_POST
def aim(request: HttpRequest) -> HttpResponse:
    """Say the targets of a period; an empty place takes one back."""

    def deed() -> str:
        tree, sent = selectors.tree(), request.POST
        said = {
            one.code: typed_target(one, sent[one.code], label(one), tree.currency)
            for one in tree.nodes
            if one.code in sent
        }
        services.aim(sent.get("period", ""), said, by=caller(request).name)
        return gettext("The targets are kept.")

    return carry_out(request, deed, then="indicators")


@needs("treat")
@require_POST
def write(request: HttpRequest) -> HttpResponse:
    """Say how far the shop is, what counts as use and as achieved, and what is its KPI."""

    def deed() -> str:
        services.write_plan(plan_sent(request.POST), by=caller(request).name)
        return gettext("Kept. The next refresh counts by it.")

    return carry_out(request, deed, then="indicators")


def label(one: IndicatorStanding) -> str:
    """What it is called; a goal of the shop's own by its name."""
    return one.label or word(one.code)


def way_name(way: Way) -> str:
    """認知 → 開始"""
    first, last = (partner(*PLACES[place]) for place in WAYS[way])
    return f"{first} → {last}"


def gap(one: IndicatorStanding) -> str | None:
    """How far it is off: in points of a share, in the unit of all else."""
    if one.gap is None:
        return None
    if one.actual.unit == "share":
        return gettext("%(points)s points") % {"points": f"{100 * one.gap:+.1f}"}
    sign = "+" if one.gap > 0 else ""
    return sign + showing.amount(one.gap, one.actual.unit)


def _gaps(tree: KpiTree) -> list[Section]:
    cautions = []
    if not tree.counted_by_the_plan:
        cautions.append(gettext("The plan was changed: the next refresh counts by it."))
    return [
        Section(
            gettext("KPI: do customers get what they came for?"),
            gettext("Only an achievement can be a KPI. Users, continuation and revenue are its "
                    "results and stand below."),
            cautions,
            tables=[_table("kpi", gettext("KPI"), [one for one in tree.nodes if not one.result])],
            name="kpi",
        ),
        Section(
            gettext("Result indicators by step"),
            gettext("What follows when customers get what they came for. They have targets, and "
                    "are not steered by."),
            tables=[_table("results", gettext("Result indicators by step"),
                           [one for one in tree.nodes if one.result])],
            name="results",
        ),
    ]  # fmt: skip


def _table(name: str, caption: str, nodes: Sequence[IndicatorStanding]) -> Table:
    columns = [
        Column(gettext("Step")), Column(gettext("Indicator")), Column(gettext("Is so")),
        Column(gettext("95% interval")), Column(gettext("n"), "count"), Column(gettext("Target")),
        Column(gettext("Gap")), Column(gettext("Gap in %"), "share"), Column(gettext("Verdict")),
    ]  # fmt: skip
    note = gettext(
        "Gap: what is so less the target. Met or missed is what the whole interval says; a count "
        "of all orders has none and decides by itself."
    )
    return Table(name, caption, columns, [_row(one) for one in nodes], note)


def _row(one: IndicatorStanding) -> Row:
    target: Value = None
    if one.target is not None:
        target = f"{showing.amount(one.target, one.actual.unit)} ({one.target_period})"
    called = f"{label(one)} · KPI" if one.kpi else label(one)
    return Row(
        [
            partner(*BRANCHES[one.branch]), called, one.actual,
            showing.interval(one.actual) or None, one.actual.n, target, gap(one), one.gap_share,
            gettext(VERDICT_NAMES[one.verdict]),
        ]
    )  # fmt: skip


def _funnel(snapshot: Snapshot, plan: IndicatorPlan) -> list[Section]:
    try:
        drawn = selectors.funnel(snapshot)
    except NoIndicatorsYet:
        return []
    columns = [
        Column(gettext("From → to")), Column(gettext("Part that is tuned")),
        Column(gettext("Came there"), "count"), Column(gettext("Went on"), "count"),
        Column(gettext("Share that went on")), Column(gettext("95% interval")),
    ]  # fmt: skip
    rows = [
        Row(
            [
                way_name(one.way), gettext(PART_NAMES[plan.parts[one.way]]), one.entered, one.gone,
                one.share, showing.interval(one.share) or None,
            ]
        )
        for one in drawn.steps
    ]  # fmt: skip
    note = gettext(
        "Of those who came there within a year and have had %(days)s days since to go on."
    ) % {"days": drawn.plan.days}
    table = Table("funnel", gettext("From knowing the shop to buying again"), columns, rows, note)
    return [
        Section(
            gettext("From knowing the shop to buying again"),
            charts=_drawn(drawn),
            tables=[table],
            name="funnel",
        )
    ]


def _drawn(drawn: IndicatorFunnel) -> list[Chart]:
    points: list[dict[str, Any]] = [
        {"place": partner(*PLACES[one.place]), "people": one.people} for one in drawn.places
    ]
    columns = [Column(gettext("Place")), Column(gettext("People who ever came there"), "count")]
    table = Table(
        "places", gettext("People who ever came there"), columns,
        [Row([one["place"], one["people"]]) for one in points],
    )  # fmt: skip
    said = gettext("One bar for each place of the way: how many people ever came there.")
    form = bars(points, x="place", y="people")
    return [Chart("places", gettext("People who ever came there"), said, form, table)]


_SHOWN: Final = ("achievement_rate", "f2_90d", "continuation_365d")


def _over_time(months: Sequence[KpiTree]) -> list[Section]:
    if len(months) < 2:
        return []
    nodes = {one.period: {node.code: node for node in one.nodes} for one in months}
    columns = [
        Column(gettext("Month")),
        *(Column(word(code), "share") for code in _SHOWN),
        Column(word("formula_ltv")),
    ]
    rows = [
        Row([period, *(of[code].actual for code in _SHOWN), of["formula_ltv"].actual])
        for period, of in nodes.items()
    ]
    table = Table("months", gettext("By month"), columns, rows)
    points = [
        {"month": period, "share": of[code].actual.value, "what": word(code)}
        for period, of in nodes.items()
        for code in _SHOWN
        if of[code].actual.value is not None
    ]
    said = gettext("One line for each share, by the last snapshot of each month.")
    form = lines(points, x="month", y="share", color="what", y_format=".0%")
    charts = [Chart("months", gettext("By month"), said, form, table)] if points else []
    return [Section(gettext("By month"), charts=charts, tables=[] if charts else [table])]


def _loss(loss: FunnelLoss) -> dict[str, Any]:
    return {
        "way": way_name(loss.way),
        "part": gettext(PART_NAMES[loss.part]),
        "lost": loss.lost,
        "sure": loss.sure,
        "gain": f"{loss.gain:.1%}",
        "unknown": [way_name(one) for one in loss.unknown],
    }


def _named(one: IndicatorStanding) -> dict[str, str]:
    return {
        "branch": partner(*BRANCHES[one.branch]),
        "name": label(one),
        "what": gettext("no figure: %(why)s") % {"why": showing.reason(one.actual.why)}
        if one.verdict == "not_yet"
        else gettext("no target"),
    }


def _aims(tree: KpiTree) -> list[dict[str, Any]]:
    return [
        {
            "code": one.code,
            "name": label(one),
            "branch": partner(*BRANCHES[one.branch]),
            "unit": _unit(one, tree.currency),
            "value": target_of(one, tree.currency) if one.target_period == tree.period else "",
            "held": one.target_period if one.target_period != tree.period else "",
        }
        for one in tree.nodes
    ]


def _unit(one: IndicatorStanding, currency: str) -> str:
    unit = one.actual.unit
    if unit == "share":
        return "%"
    return currency if unit == "money" or unit.isupper() else ""


def _choices(plan: IndicatorPlan) -> dict[str, Any]:
    marked = [
        ("achievement_rate", word("achievement_rate")),
        ("use_achieve", word("use_achieve")),
        *((f"{GOAL}{one.code}", one.name or one.event) for one in plan.goals),
    ]
    return {
        "growths": [
            (code, partner(*words), code == plan.growth) for code, words in GROWTHS.items()
        ],
        "kpis": [(code, words, code in plan.kpis) for code, words in marked],
        "parts": [
            {
                "way": way,
                "name": way_name(way),
                "options": [
                    (code, gettext(words), code == plan.parts[way])
                    for code, words in PART_NAMES.items()
                ],
            }
            for way in WAYS
        ],
        "use_events": "\n".join(plan.use_events),
        "goals": "\n".join(
            f"{one.code} = {one.event} = {one.name}".rstrip(" =") for one in plan.goals
        ),
    }


def _said(one: Any, currency: str) -> dict[str, Any]:
    unit = INDICATORS[one.indicator].unit if one.indicator in INDICATORS else "share"
    shown = currency if unit == "money" else unit
    name = word(one.indicator) if one.indicator in INDICATORS else one.indicator
    value = gettext("taken back") if one.value is None else showing.amount(one.value, shown)
    return {"one": one, "name": name, "value": value}
