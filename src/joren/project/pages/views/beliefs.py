"""How surely the past speaks: hills over what may be so."""

from __future__ import annotations

from django.utils.translation import gettext

from joren.project import showing
from joren.project.pages.charts import Chart, hill
from joren.project.pages.sections import Section, word
from joren.project.pages.tables import Column, Row, Table
from joren.understand.ltv.contracts import Belief, ModelReport

OF_NEWCOMERS = ("newcomer_orders_365d", "newcomer_share_365d")


def newcomers(report: ModelReport) -> Section:
    """What the settings that fit the past say of a new customer."""
    title = gettext("How sure the forecast of a new customer is")
    hills = [one for one in report.beliefs if one.name in OF_NEWCOMERS]
    if not hills:
        why = report.mean_error.why or gettext("not yet known: it comes with the next refresh")
        return Section(title, showing.reason(why), name="sure")
    said = gettext(
        "Many settings of the model fit your past orders about equally well, and each says "
        "something a little different of somebody who comes today. Where the hill is high, many "
        "of them agree. A narrow hill: the past speaks clearly. A wide one: wait for more orders "
        "before much hangs on the number. The dark part holds 90 percent of the hill. It knows "
        "the model's settings, not next year's campaigns."
    )
    return Section(
        title,
        said,
        name="sure",
        figures=[one.figure for one in hills],
        charts=[_hill(one, word(one.name)) for one in hills],
    )


def letters(report: ModelReport) -> list[Section]:
    """The same for each parameter, by its letter."""
    hills = [_hill(one, one.name) for one in report.beliefs if one.name not in OF_NEWCOMERS]
    if not hills:
        return []
    said = gettext(
        "What is believed of each letter of the model of orders after the orders were seen (the "
        "posterior), from a weak prior: docs/science/posterior.md."
    )
    title = gettext("How sure each parameter is")
    return [Section(title, said, charts=hills, folded=True, name="letters")]


def _hill(one: Belief, title: str) -> Chart:
    form = ".1%" if one.figure.unit == "share" else ",.3~r"
    columns = [
        Column(title, one.figure.unit if one.figure.unit == "share" else "count"),
        Column(gettext("Height of the hill"), "count"),
    ]
    term = one.name if one.name in OF_NEWCOMERS else "model_parameter"
    model, n = one.figure.model, one.figure.n
    low, high = one.figure.low or 0.0, one.figure.high or 0.0
    between = gettext("With 90 percent between %(low)s and %(high)s.") % {
        "low": _said(low, one.figure.unit),
        "high": _said(high, one.figure.unit),
    }
    pairs = list(zip(one.at, one.density, strict=True))
    return Chart(
        f"sure-{one.name}",
        title,
        between,
        hill(
            [{"value": at, "height": height} for at, height in pairs],
            x="value", y="height",
            low=low, high=high, x_format=form,
        ),
        Table(
            f"sure-{one.name}", title, columns, [Row(pair) for pair in pairs],
            term=term, model=model, n=n,
        ),
        term=term,
        model=model,
        n=n,
    )  # fmt: skip


def _said(value: float, unit: str) -> str:
    return f"{value:.1%}" if unit == "share" else f"{value:,.3g}"
