"""The form in which a marketer says which customers to list, and the list's table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from joren.collect.customers.contracts import Customer
from joren.core.figures import Figure
from joren.project import selection, showing
from joren.project.pages import codes
from joren.project.pages.tables import Column, Linked, Row, Table
from joren.project.selection import NOT_KNOWN, Wanted
from joren.understand.ltv.contracts import ValueReport

_FIRST = ("stage", "vip", "rfm_r", "rfm_f", "rfm_m", "decile", "cpm")
_SHOPS_OWN = ("store", "source", "category")
_LEGENDS = {
    "stage": gettext_noop("Stage"),
    "vip": gettext_noop("VIP"),
    "rfm_r": gettext_noop("R"),
    "rfm_f": gettext_noop("F"),
    "rfm_m": gettext_noop("M"),
    "decile": gettext_noop("Decile"),
    "cpm": gettext_noop("CPM"),
    "store": gettext_noop("First store"),
    "source": gettext_noop("First source"),
    "category": gettext_noop("First category"),
    "subscriber": gettext_noop("Subscriber"),
    "revenue": gettext_noop("Revenue to date"),
    "profit": gettext_noop("Profit to date"),
    "predicted": gettext_noop("Predicted revenue, 365 days"),
    "orders": gettext_noop("Purchases"),
    "first": gettext_noop("First purchase"),
    "last": gettext_noop("Last purchase"),
}


@dataclass(frozen=True)
class Option:
    """One box to tick."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Choice:
    """Boxes of one field."""

    name: str
    legend: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Between:
    """Two bounds of one field, as they were typed."""

    name: str
    legend: str
    kind: str
    low: str
    high: str


@dataclass(frozen=True)
class Chip:
    """One condition that holds, and the address without it."""

    text: str
    without: str


@dataclass(frozen=True)
class Form:
    """Everything that the filter's form shows."""

    choices: tuple[Choice, ...]
    ranges: tuple[Between, ...]
    chips: tuple[Chip, ...]
    all: str  # the address of the list's beginning


def form(asked: QueryDict, wanted: Wanted, report: ValueReport) -> Form:
    """The form with what is asked for filled in."""
    own = {name: _own(report, name) for name in _SHOPS_OWN}
    fixed = {
        name: {value: _said(name, value) for value in selection.CHOICES[name]}
        for name in (*_FIRST, "subscriber")
    }
    fields = {**{name: fixed[name] for name in _FIRST}, **own, "subscriber": fixed["subscriber"]}
    choices = tuple(
        _choice(name, known, wanted.choices.get(name, ())) for name, known in fields.items()
    )
    ranges = tuple(
        Between(
            name,
            gettext(_LEGENDS[name]),
            "date" if kind == "day" else "number",
            asked.get(f"{name}_from", ""),
            asked.get(f"{name}_to", ""),
        )
        for name, kind in selection.RANGES.items()
    )
    whole = _without(asked).removeprefix("?")
    return Form(choices, ranges, tuple(_chips(asked, wanted, own)), whole)


def table(
    rows: Sequence[Mapping[str, Any]],
    people: Mapping[int, Customer],
    *,
    currency: str,
    sort: str | None,
    asked: QueryDict,
    personal: bool,
    file: bool,
    report: ValueReport | None = None,
    n: int | None = None,
) -> Table:
    """The customers of one page; ``report`` says by which model each figure is predicted, and ``n``
    how many the list holds on all its pages; with ``sort`` None the heads order nothing."""
    models = {one.name: one.model for one in report.totals} if report else {}
    head = _heads(asked, sort, models, n)
    columns = [
        head(gettext("Customer"), "", "customer_id"),
        Column(gettext("Stage"), term="stage", n=n),
        head(gettext("Purchases"), "count", "orders"),
        head(gettext("Last purchase"), "", "last_on"),
        head(gettext("Revenue to date"), currency, "revenue_past"),
        head(gettext("Predicted revenue"), currency, "revenue_365d"),
        Column(interval := _interval(rows), below=True),
        head(gettext("Predicted profit"), currency, "profit_365d"),
        Column(interval, below=True),
        Column("RFM", term="rfm", n=n),
        Column(gettext("Decile"), "count", term="decile", n=n),
        Column("CPM", term="cpm", n=n),
        Column(gettext("E-mail")),  # last: on a narrow screen the figures come first
    ]
    made = [_row(row, people.get(row["customer_id"]), currency, personal=personal) for row in rows]
    note = _without_interval(rows)
    return Table("customers", gettext("Customers"), columns, made, note, file=file)


def _interval(rows: Sequence[Mapping[str, Any]]) -> str:
    """``90% interval``, where there is one."""
    level = next((row["level"] for row in rows if row.get("level")), None)
    return "" if level is None else gettext("%(level)s interval") % {"level": f"{level:.0%}"}


def _without_interval(rows: Sequence[Mapping[str, Any]]) -> str:
    """Why some have none."""
    why = {row["interval_why"]: None for row in rows if row.get("interval_why")}
    if not why:
        return ""
    because = "; ".join(map(showing.reason, why))
    return gettext("Intervals that are not yet known: %(because)s.") % {"because": because}


def _between(row: Mapping[str, Any], name: str, currency: str) -> str:
    """The interval of what is predicted; of nothing there is none."""
    if row.get(name) is None:
        return ""
    low, high = row.get(f"{name}_low"), row.get(f"{name}_high")
    shown = showing.interval(Figure(name, row[name], currency, low=low, high=high))
    return shown or gettext("not yet known")


def _row(row: Mapping[str, Any], person: Customer | None, currency: str, *, personal: bool) -> Row:
    number = row["customer_id"]
    if person and not personal:
        person = person.masked()
    name = person.name if person else ""
    stage, none = codes.stage(row.get("stage")), row.get("why_none")
    if none == selection.NO_ORDER:
        stage = gettext("No order yet")
    money = {
        name: Figure(name, None, currency) if none else row.get(name)
        for name in ("revenue_past", "revenue_365d", "profit_365d")
    }
    return Row(
        [
            Linked(name or f"#{number}", reverse("customer", args=[number])),
            f"{stage} · VIP" if row.get("vip") else stage,
            *(row.get(name) for name in ("orders", "last_on")),
            *(money[name] for name in ("revenue_past", "revenue_365d")),
            _between(row, "revenue_365d", currency),
            money["profit_365d"],
            _between(row, "profit_365d", currency),
            codes.fifths(row),
            row.get("decile"),
            codes.portfolio(row.get("cpm")),
            person.email if person else "",
        ]
    )


_INTERVALS = gettext_noop("the interval of each stands below it, where one is known")
_TERMS = {
    "orders": "purchases", "revenue_past": "revenue_past", "revenue_365d": "revenue_365d",
    "profit_365d": "profit_365d",
}  # fmt: skip


def _heads(
    asked: QueryDict, sort: str | None, models: Mapping[str, str], n: int | None
) -> Callable[[str, str, str], Column]:
    """Columns by which the list can be ordered: the greatest first, and again the least."""

    def head(label: str, unit: str, name: str) -> Column:
        order = {name: "ascending", f"-{name}": "descending"}.get(sort or "", "")
        query = asked.copy()
        query.pop("after", None)
        query["sort"] = name if order == "descending" else f"-{name}"
        address = "" if sort is None else f"?{query.urlencode()}"
        term = _TERMS.get(name, "")
        model = models.get(name, "")
        return Column(
            label, unit, address, order,
            term=term, model=model, n=n, why=_INTERVALS if model else "",
        )  # fmt: skip

    return head


def _choice(name: str, known: Mapping[str, str], asked: Sequence[str]) -> Choice:
    shown = {**known, **{value: _said(name, value) for value in asked if value not in known}}
    return Choice(
        name,
        gettext(_LEGENDS[name]),
        tuple(Option(value, label, value in asked) for value, label in shown.items()),
    )


def _own(report: ValueReport, name: str) -> dict[str, str]:
    """The shop's own words, those with the most customers."""
    return {
        codes.known_or_not(one.value): codes.group(one.label, one.value)
        for one in report.groups.get(name, ())
        if one.value != codes.REST
    }


def _said(name: str, value: str) -> str:
    if value == NOT_KNOWN:
        return gettext("not yet a customer") if name.startswith("was_") else gettext("unknown")
    way = name.removeprefix("was_")
    return codes.flag(value) if value in ("yes", "no") else codes.place(way, value)


def _chips(
    asked: QueryDict, wanted: Wanted, own: Mapping[str, Mapping[str, str]]
) -> Iterable[Chip]:
    for name, values in wanted.choices.items():
        legend = _legend(name)
        words = [own.get(name, {}).get(value) or _said(name, value) for value in values]
        yield Chip(f"{legend}: {', '.join(words)}", _without(asked, name))
    for name in wanted.ranges:
        low, high = asked.get(f"{name}_from", ""), asked.get(f"{name}_to", "")
        yield Chip(
            f"{_legend(name)}: {low} – {high}", _without(asked, f"{name}_from", f"{name}_to")
        )


def _legend(name: str) -> str:
    if name.startswith("was_"):
        return gettext("%(field)s before") % {"field": gettext(_LEGENDS[name[4:]])}
    return gettext(_LEGENDS[name])


def _without(asked: QueryDict, *names: str) -> str:
    rest = [
        (name, value)
        for name, values in asked.lists()
        if name not in (*names, "after", "format", "table")
        for value in values
    ]
    return f"?{urlencode(rest)}"
