"""定期: how contracts go on, how many start and end, and what those that run may bring."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from joren.decide.segments import selectors as segments
from joren.plumbing.access import needs
from joren.project import showing
from joren.project.pages.charts import Chart, lines
from joren.project.pages.sections import Section, of_the_latest, show, word
from joren.project.pages.tables import Column, Row, Table
from joren.project.pages.views.models import candidates_of
from joren.understand.ltv import selectors
from joren.understand.ltv.contracts import SubscriptionReport
from joren.warehouse import Snapshot

AT_RISK: Final = "Subscription about to stop"
"""The ready-made segment, by its English name."""
_THIN: Final = 30


@needs("view_figures")
@of_the_latest(gettext_noop("Subscriptions"))
def subscriptions(request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    report = selectors.contract_report(snapshot)
    found = bool(report.figures)
    sections = []
    if found:
        sections = [_curve(report), _months(report), _tenures(report), *_history(report)]
        sections.append(_composition(report))
        sections += [_candidates(report), _parameters(report)]
    return show(
        request,
        "pages/subscriptions.html",
        sections,
        headline=list(report.figures.values()),
        found=found,
        model=report.model,
        why=showing.reason(report.why),
        at_risk=_address_at_risk(),
        verdicts=report.verdicts,
    )


def _address_at_risk() -> str:
    place = next(n for n, one in enumerate(segments.READY_MADE) if one.en == AT_RISK)
    return f"{reverse('segment_new')}?ready={place}"


def _curve(report: SubscriptionReport) -> Section:
    title = word("renewal_rate")
    seen, modelled = gettext("Observed"), gettext("By the model")
    drawn = [
        {"delivery": one.number, "rate": figure.value, "line": name,
         "low": figure.value if figure.low is None else figure.low,
         "high": figure.value if figure.high is None else figure.high}
        for name, figures in (
            (seen, [(one, one.observed) for one in report.curve if one.due >= _THIN]),
            (modelled, [(one, one.model) for one in report.curve]),
        )
        for one, figure in figures
        if figure.value is not None
    ]  # fmt: skip
    columns = [
        Column(gettext("Delivery"), "count"),
        Column(gettext("Decided contracts"), "count"),
        Column(seen, "figure"),
        Column(gettext("from"), "share"),
        Column(gettext("to"), "share"),
        Column(modelled, "figure"),
        Column(word("contract_survival"), "share"),
    ]
    rows = [
        Row(
            [one.number, one.due, one.observed, one.observed.low, one.observed.high, one.model,
             one.survival.value],
            thin=one.due < _THIN,
        )
        for one in report.curve
    ]  # fmt: skip
    note = gettext(
        "Bands are 90%% intervals. Rows of fewer than %(n)s contracts are grey and not drawn."
    ) % {"n": _THIN}
    table = Table("renewals", title, columns, rows, note)
    first = report.curve[0] if report.curve else None
    said = gettext("Of %(n)s contracts, %(rate)s went on after the first delivery.") % {
        "n": f"{first.due if first else 0:,}",
        "rate": showing.text(first.observed) if first else showing.NOTHING,
    }
    if not drawn:
        return Section(title, said, tables=[table], name="renewals")
    picture = lines(
        drawn, x="delivery", y="rate", color="line", low="low", high="high",
        x_title=gettext("Delivery"), y_format=".0%",
    )  # fmt: skip
    return Section(title, charts=[Chart("renewals", title, said, picture, table)], name="renewals")


def _months(report: SubscriptionReport) -> Section:
    title = gettext("Contracts that start and end")
    labels = {"started": gettext("Started"), "ended": gettext("Ended")}
    drawn = [
        {"month": f"{one.month:%Y-%m}", "contracts": getattr(one, name), "kind": label}
        for one in report.months[-24:]
        for name, label in labels.items()
    ]
    columns = [
        Column(gettext("Month")),
        Column(labels["started"], "count"),
        Column(labels["ended"], "count"),
        Column(gettext("At the end of the month"), "count"),
    ]
    rows = [Row([f"{one.month:%Y-%m}", one.started, one.ended, one.running])
            for one in report.months]  # fmt: skip
    note = gettext(
        "A contract that ends in silence ends when the delivery was due that did not come, which "
        "is known only 1.5 intervals later: the newest months still grow."
    )
    table = Table("contract-months", title, columns, rows, note)
    last = report.months[-1]
    said = gettext("This month %(started)s started and %(ended)s ended.") % {
        "started": f"{last.started:,}",
        "ended": f"{last.ended:,}",
    }
    picture = lines(drawn, x="month", y="contracts", color="kind")
    return Section(title, charts=[Chart("contract-months", title, said, picture, table)])


def _tenures(report: SubscriptionReport) -> Section:
    title = gettext("What contracts may bring, by running number")
    columns = [
        Column(gettext("Delivery"), "count"),
        Column(gettext("Contracts"), "count"),
        Column(word("contract_p_cancel"), "figure"),
        Column(word("contract_renewals_365d"), "figure"),
        Column(word("contract_renewals_5y"), "figure"),
        Column(word("contract_lifetime"), "figure"),
        Column(word("contract_revenue_365d"), "figure"),
    ]
    rows = [
        Row(
            [one.number, one.contracts, one.p_cancel, one.renewals_365d, one.renewals_5y,
             one.lifetime_days, one.revenue_365d],
            thin=one.contracts < _THIN,
        )
        for one in report.tenures
    ]  # fmt: skip
    note = gettext("Means per contract; the longer a contract has lasted, the longer it goes on.")
    return Section(title, tables=[Table("tenures", title, columns, rows, note)])


def _history(report: SubscriptionReport) -> list[Section]:
    if not report.history:
        return []
    title = gettext("Renewals foretold in the past, and what came")
    columns = [
        Column(word("cut_off")),
        Column(gettext("Up to")),
        Column(gettext("Decided contracts"), "count"),
        Column(gettext("Renewals foretold"), "count"),
        Column(gettext("Renewals made"), "count"),
        Column(word("bias"), "figure"),
    ]
    rows = [
        Row([one.cutoff, one.last, one.due, round(one.foretold), one.made, one.error])
        for one in report.history
    ]
    return [Section(title, tables=[Table("renewal-history", title, columns, rows)])]


def _composition(report: SubscriptionReport) -> Section:
    """Of what the 12 months of a customer with a contract are made, and which way was nearer."""
    title = gettext("What the prediction of these customers is made of")
    composition, money = report.composition, report.currency
    said = showing.reason(composition.why)
    if composition.parts:
        said += " " + gettext(
            "The prediction of a customer whose contract runs is the contracts' deliveries plus "
            "the orders beside them; nothing is counted twice. Predictions of all others are "
            "multiplied by %(scale)s."
        ) % {"scale": f"{composition.scale:.3f}"}
    columns = [
        Column(word("cut_off")),
        Column(gettext("Customers"), "count"),
        Column(gettext("Days with an order that came"), "count"),
        Column(gettext("Told by one model"), "count"),
        Column(gettext("Told with contracts apart"), "count"),
        Column(gettext("of these by contracts"), "count"),
        Column(gettext("Revenue that came"), money),
        Column(gettext("Told by one model"), money),
        Column(gettext("Told with contracts apart"), money),
    ]
    rows = [
        Row(
            [one.cutoff, one.customers, one.orders, round(one.orders_one_model),
             round(one.orders_apart), round(one.orders_of_contracts), one.revenue,
             one.revenue_one_model, one.revenue_apart]
        )
        for one in composition.history
    ]  # fmt: skip
    tables = []
    if rows:
        tables.append(Table("ways-history", gettext("Both ways in the past"), columns, rows))
        tables.append(candidates_of("ways", gettext("Both ways compared"), composition.candidates))
    return Section(title, said, figures=composition.parts, tables=tables, name="composition")


def _candidates(report: SubscriptionReport) -> Section:
    title = gettext("The models that were compared")
    if not report.candidates:
        return Section(title, showing.reason(report.why))
    return Section(title, tables=[candidates_of("renewal-candidates", title, report.candidates)])


def _parameters(report: SubscriptionReport) -> Section:
    title = gettext("Parameters and formula")
    columns = [
        Column(gettext("Model")),
        Column(gettext("Letter")),
        Column(gettext("Value"), "count"),
        Column(gettext("At least"), "count"),
        Column(gettext("At most"), "count"),
    ]
    rows = [Row([one.model, one.letter, *(_digits(x) for x in (one.value, one.low, one.high))])
            for one in report.parameters]  # fmt: skip
    said = gettext("Derivation: docs/science/contracts.md and docs/science/retention.md")
    table = Table("renewal-parameters", title, columns, rows)
    return Section(title, said, tables=[table], folded=True)


def _digits(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")
