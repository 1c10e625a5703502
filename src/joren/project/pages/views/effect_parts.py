"""What a holdout's page says of its effect: arms, curve, cost, and how it is reckoned."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext, gettext_noop

from joren.core.figures import Figure
from joren.core.money import Money
from joren.measure.experiments import selectors
from joren.measure.experiments.contracts import (
    COST_KINDS,
    EVIDENCE_NAMES,
    AdjustedMetric,
    CostKind,
    Point,
    Result,
)
from joren.project import showing
from joren.project.pages import charts
from joren.project.pages.charts import Chart
from joren.project.pages.sections import major
from joren.project.pages.tables import Column, Linked, Row, Table
from joren.project.pages.views.effect_arms import arms_of
from joren.project.pages.views.effect_ratios import ratios_of
from joren.project.pages.views.effects import METRICS, done, verdict
from joren.understand.ltv.contracts import NoSnapshot

COSTS: Final[dict[CostKind, str]] = {
    "messages": gettext_noop("Messages (postage, printing, sending)"),
    "coupons": gettext_noop("Coupons"),
    "points": gettext_noop("Points"),
    "goods": gettext_noop("Goods given away"),
    "other": gettext_noop("Anything else"),
}
_ADJUSTED: Final[dict[AdjustedMetric, str]] = {
    "bought": gettext_noop("Share who bought"),
    "revenue": gettext_noop("Revenue"),
    "capped": gettext_noop("Revenue, the highest spends capped"),
    "profit": gettext_noop("Orders' profit"),
}
_METHODS: Final[dict[str, str]] = {
    "welch": gettext_noop("The interval is Welch's: difference of means, each arm's own spread."),
    "two_part": gettext_noop(
        "The arms are unequal and buyers few, where the usual interval calls gains proven that are "
        "none. So it is put together of the share who buy and the size of an order."
    ),
}


@dataclass(frozen=True)
class Said:
    """A cost of a kind as the form shows it."""

    kind: CostKind
    label: str
    typed: str


@dataclass(frozen=True)
class Parts:
    """All that the page shows of the effect."""

    result: Result
    verdict: str
    metric: str
    done: Linked | None
    told: tuple[Figure, ...]
    more: tuple[Figure, ...]
    arms: Table
    costs: Table
    said: tuple[Said, ...]
    words: tuple[str, ...]
    plan: str
    looks: Table | None = None
    ratios: Table | None = None
    adjusted: Table | None = None
    sizes: str = ""  # are the arms as large as they were drawn
    causes: tuple[str, ...] = ()
    checked: Table | None = None
    horizons: Table | None = None
    chart: Chart | None = None
    tables: list[Table] = field(default_factory=list)


def parts_of(number: int) -> Parts | None:
    """None before the first refresh."""
    try:
        found = selectors.result(number)
    except NoSnapshot:
        return None
    arms, costs = _arms(found), _costs(found)
    horizons = _horizons(number) if found.days else None
    chart = _chart(selectors.curve(number)) if found.days else None
    curve = chart.table if chart else None
    looks = _looks(found) if found.planned and found.planned.looks else None
    adjusted = _adjusted(number) if found.days else None
    ratios = ratios_of(number) if found.days else None
    sizes, causes, checked = arms_of(number) if found.days else ("", [], None)
    told = [found.realised, found.realised_per_customer, found.roi, found.held_back]
    if found.projection:
        told.append(found.projection.together)
    more = (found.together, found.per_customer, *([found.lift] if found.lift else []),
            found.conversion, found.profit_per_customer)  # fmt: skip
    names = {one.name for one in told}
    return Parts(
        found, verdict(found), gettext(METRICS[found.metric]), done(found.action),
        tuple(told), tuple(one for one in more if one.name not in names),
        arms, costs, _said(found), _words(found), _plan(found), looks, ratios, adjusted,
        sizes, tuple(causes), checked, horizons, chart,
        [one for one in (arms, costs, looks, ratios, adjusted, checked, horizons, curve) if one],
    )  # fmt: skip


def _arms(found: Result) -> Table:
    unit = found.together.unit
    return Table(
        "arms",
        gettext("Both arms since that day"),
        [
            Column(gettext("Arm")), Column(gettext("Customers"), "count"),
            Column(gettext("Buyers"), "count"), Column(gettext("Orders"), "count"),
            Column(gettext("Revenue"), unit), Column(gettext("Profit"), unit),
        ],
        [
            Row(
                [
                    gettext("treated") if one.arm == "treated" else gettext("left out"),
                    one.customers, one.buyers, one.orders, one.revenue, one.profit,
                ]
            )
            for one in found.arms
        ],
    )  # fmt: skip


def _adjusted(number: int) -> Table | None:
    """None where customers are too few for it, or the arms are broken."""
    found = selectors.adjusted(number)
    if not found:
        return None
    caps = [Money(one.cap, one.plain.unit) for one in found if one.cap]
    note = gettext(
        "Adjusted: less what each customer's revenue and orders of the year before the first day, "
        "and orders of its last 90 days, let expect (CUPED); these columns are the same for every "
        "action and were chosen before anything was seen. The unadjusted difference decides what "
        "is called proven. Variance saved: so much smaller a group would have shown as much. By "
        "decile: customers against those of the same decile of value on the day of the lot."
    )
    if caps:
        words = gettext("Capped: whoever spent more than %(cap)s counts as that, in both groups.")
        note = f"{note} {words % {'cap': showing.amount(caps[0].minor, caps[0].currency)}}"
    return Table(
        "adjusted",
        gettext("Adjusted by what was known before"),
        [
            Column(gettext("Difference per customer")), Column(gettext("Unadjusted")),
            Column(gettext("Its 95% interval"), below=True), Column(gettext("Adjusted")),
            Column(gettext("Its 95% interval"), below=True),
            Column(gettext("Variance saved"), "share"), Column(gettext("By decile")),
            Column(gettext("Its 95% interval"), below=True),
        ],
        [
            Row(
                [
                    gettext(_ADJUSTED[one.metric]), one.plain, showing.interval(one.plain),
                    one.adjusted, showing.interval(one.adjusted), one.saved, one.stratified,
                    showing.interval(one.stratified) if one.stratified else None,
                ]
            )
            for one in found
        ],
        note=note,
    )  # fmt: skip


def _costs(found: Result) -> Table:
    cost, unit = found.cost, found.realised.unit
    rows = []
    if cost.sent and "messages" not in cost.said:
        label = gettext("%(n)s messages that left") % {"n": f"{cost.sent:,}"}
        rows.append(Row([label, cost.ledger]))
    rows += [
        Row([gettext(COSTS[kind]), cost.said[kind]]) for kind in COST_KINDS if kind in cost.said
    ]
    note = showing.reason(cost.why) if cost.why else ""
    return Table(
        "costs", gettext("What it cost"), [Column(gettext("Kind")), Column(gettext("Cost"), unit)],
        [*rows, Row([gettext("together"), cost.total])], note=note,
    )  # fmt: skip


def _said(found: Result) -> tuple[Said, ...]:
    said, unit = found.cost.said, found.realised.unit
    return tuple(
        Said(kind, gettext(COSTS[kind]), str(Money(said[kind], unit).major) if kind in said else "")
        for kind in COST_KINDS
    )


def _plan(found: Result) -> str:
    """When it is to be read, in a sentence."""
    if not found.planned:
        return gettext("No look was planned: it is read on any day, with a wider interval.")
    plan = found.planned.plan
    said = {
        "days": plan.horizon_days, "n": f"{plan.customers:,}", "ripe": f"{found.planned.ripe:,}",
        "looks": len(plan.looks), "by": plan.made_by, "on": plan.made_on,
    }  # fmt: skip
    if len(plan.looks) == 1:
        words = gettext(
            "Planned by %(by)s on %(on)s: one look, when %(n)s customers have had their first "
            "%(days)s days; so far %(ripe)s have. Nothing is called proven before."
        )
    else:
        words = gettext(
            "Planned by %(by)s on %(on)s: %(looks)s looks until %(n)s customers have had their "
            "first %(days)s days; so far %(ripe)s have. Nothing is called proven between them."
        )
    return words % said


def _looks(found: Result) -> Table:
    looks = found.planned.looks if found.planned else ()
    note = gettext("A look stays as it was; its interval holds over all looks together.")
    if found.recosted:
        looks = (*looks, found.recosted)
        note += gettext(
            " The last row is the newest look by what the action is known to cost now: the cost "
            "moves what it brought and its interval, and it is no further look."
        )
    return Table(
        "looks",
        gettext("Planned looks"),
        [
            Column(gettext("Look"), "count"), Column(gettext("Day")),
            Column(gettext("Customers who have had them"), "count"), Column(gettext("Evidence")),
            Column(gettext("Measured in")), Column(gettext("Per customer treated")),
            Column(gettext("Its 95% interval")),
        ],
        [
            Row([one.number, one.on, one.customers, gettext(EVIDENCE_NAMES[one.evidence]),
                 gettext(METRICS[one.metric]), one.per_customer,
                 showing.interval(one.per_customer)])
            for one in looks
        ],
        note=note,
    )  # fmt: skip


def _words(found: Result) -> tuple[str, ...]:
    """How it is reckoned, in sentences."""
    method = found.method.split("_any_time")[0].split("_look_")[0]
    told = [
        gettext(
            "By lot a part of the customers was left out. All who were drawn count, whether or not "
            "anything reached them, and all who were treated, not a sample of them."
        ),
        gettext(
            "Realised is what has come until the day of the figures: the difference in profit per "
            "customer times the customers treated, less what the action cost. No model is in it."
        ),
    ]
    if found.known is not None and found.known < 1:
        known = gettext(
            "What orders cost the shop (goods, shipping, payment) is known of %(share)s of the "
            "revenue; the rest is taken at the margin of these, in both arms alike. Below 80 "
            "percent there is no profit."
        )
        told.append(known % {"share": showing.amount(found.known, "share")})
    if found.projection:
        words = gettext(
            "What is expected over a year adds to the realised part what the models expect of each "
            "customer until their first year is over. They know of no action: orders pulled "
            "forward look like better customers. So %(n)s matured actions are held against what "
            "came, and below ten of them the interval is wide and the figure not yet validated."
        )
        told.append(words % {"n": found.projection.actions})
    if found.projection and found.projection.basis == "repeats":
        told.append(
            gettext(
                "As ten repeats of this action have had their year, and its first weeks look like "
                "theirs, what they brought says more surely what this one will bring: their mean, "
                "and how much they differ."
            )
        )
    if method in _METHODS:
        told.append(gettext(_METHODS[method]))
    told += [
        gettext(
            "It is widened so that it holds on all days together: you may look as often as you "
            "like, and stop when you like. A look that was planned needs less, and alone decides."
        ),
        gettext(
            "With few buyers, the lot dealt anew thousands of times has to agree before anything "
            "is called proven, and then the list of all effects as well: of many, some look good "
            "by chance."
        ),
        gettext(
            "Nothing is concluded when the arms are not those that were drawn: wrong sizes, a log "
            "that the lot does not give again, or too many persons in both arms."
        ),
    ]
    return tuple(told)


def _horizons(number: int) -> Table:
    found = selectors.horizons(number)
    return Table(
        "horizons",
        gettext("Over a fixed time"),
        [
            Column(gettext("First days of each customer"), "count"),
            Column(gettext("Customers who have had them"), "count"), Column(gettext("Evidence")),
            Column(gettext("Revenue per customer treated")),
            Column(gettext("Interval, of all four together 95%")),
            Column(gettext("Incremental revenue")), Column(gettext("Measured in")),
            Column(gettext("Kept per customer treated")),
            Column(gettext("Interval, of all four together 95%")),
            Column(gettext("Evidence of what is kept")),
        ],
        [
            Row(
                [
                    one.days, one.customers, gettext(EVIDENCE_NAMES[one.evidence]),
                    one.per_customer, showing.interval(one.per_customer), one.together,
                    gettext(METRICS[one.metric]), one.kept, showing.interval(one.kept),
                    gettext(EVIDENCE_NAMES[one.kept_evidence]),
                ],
                thin=one.customers < one.drawn,
            )
            for one in found
        ],
        note=gettext(
            "A lift that is gone after 90 days was brought forward, or wore off. Kept: profit less "
            "what the action cost, as far as both are known. Grey: some have not had so many days "
            "yet."
        ),
    )  # fmt: skip


def _chart(points: list[Point]) -> Chart | None:
    """The difference per customer by the days since each one's beginning: profit, else revenue."""
    if not points:
        return None
    in_profit = any(one.profit.value is not None for one in points)
    title = (
        gettext("Difference in profit per customer, by days since the beginning")
        if in_profit
        else gettext("Difference in revenue per customer, by days since the beginning")
    )
    figures = [(one, one.profit if in_profit else one.revenue) for one in points]
    rows = [
        {
            gettext("days"): one.days,
            gettext("difference"): major(figure.value, figure.unit),
            "low": major(figure.low, figure.unit),
            "high": major(figure.high, figure.unit),
        }
        for one, figure in figures
        if figure.value is not None
    ]
    table = Table(
        "curve",
        title,
        [
            Column(gettext("First days of each customer"), "count"),
            Column(gettext("Customers who have had them"), "count"),
            Column(gettext("Difference in revenue")), Column(gettext("Difference in profit")),
            Column(gettext("Its 95% interval")),
        ],
        [
            Row([one.days, one.customers, one.revenue, one.profit, showing.interval(figure)],
                thin=one.customers < points[0].customers)
            for one, figure in figures
        ],
    )  # fmt: skip
    drawn = charts.lines(
        rows, x=gettext("days"), y=gettext("difference"), low="low", high="high",
        x_title=gettext("days"), y_title=points[0].revenue.unit,
    )  # fmt: skip
    told = gettext("The band is the 95% interval. Before the cost of the action.")
    return Chart("curve", title, told, drawn, table)
