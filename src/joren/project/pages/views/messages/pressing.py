"""How hard the shop presses with messages; and the guard on refusals and reports of spam."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from joren.act.messages.contracts import KIND_NAMES
from joren.act.pressure import selectors, services
from joren.act.pressure.contracts import (
    MEASURE_NAMES,
    VERDICT_NAMES,
    WATCHED_DAYS,
    WINDOWS,
    Alarm,
    BadLimits,
    Band,
    Judged,
    Limits,
    Pressure,
    Spread,
    Watched,
)
from joren.core.figures import Figure
from joren.plumbing.access import caller, needs
from joren.project.pages.charts import Chart, bars
from joren.project.pages.deeds import carry_out
from joren.project.pages.sections import Section, show, tabs
from joren.project.pages.tables import Column, Linked, Row, Table, csv_asked
from joren.project.pages.typed import must_be_whole
from joren.project.showing import minute

_USUAL: Final = 30


@needs("view_figures")
def pressure(request: HttpRequest) -> HttpResponseBase:
    """How pressure lies over all customers."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked in {f"{one}" for one in WINDOWS} else _USUAL
    found = selectors.spread(days)
    labels = {f"{one}": gettext("%(n)s days") % {"n": one} for one in WINDOWS}
    table = _bands(found)
    chart = Chart(
        "pressure",
        gettext("Customers by promotion pressure"),
        gettext("How many customers lie in each band; those who got no message are left out."),
        bars(_bars(found), x="band", y="customers", y_title=gettext("Customers")),
        table,
    )
    return show(
        request,
        "pages/messages/pressure.html",
        [Section(gettext("How it lies over the customers"), charts=[chart])] if found.bands else [],
        choice=tabs(request, "days", labels, f"{days}"),
        headline=_figures(found),
        spread=found,
        weights=[
            (kind, gettext(KIND_NAMES[kind]), f"{weight:g}")
            for kind, weight in selectors.weights().items()
        ],
        changes=caller(request).may("change_settings"),
    )


@needs("change_settings")
@require_POST
def set_weights(request: HttpRequest) -> HttpResponse:
    def deed() -> str:
        said = {kind: _number(request.POST.get(kind, "")) for kind in selectors.weights()}
        services.set_weights(said, by=caller(request).name)
        return gettext("Saved. Segments follow with the next refresh.")

    return carry_out(request, deed, then="message_pressure")


@needs("view_figures")
def guard(request: HttpRequest) -> HttpResponseBase:
    """Refusals and reports of spam against their limits, and what is held back."""
    found = selectors.watched()
    table = _table(found)
    own = {(one.source, one.source_id): one for one in found if not one.step}
    shown = {
        "table": table,
        "any": len(found) > 1,
        "days": WATCHED_DAYS,
        "open": _open(),
        "past": [_alarm(one) for one in selectors.alarms(20) if one.ended_at],
        "limits": _typed(selectors.limits_of()),
        "actions": [
            (f"{source}:{number}", one.name, one.own_limits)
            for (source, number), one in own.items()
            if source
        ],
        "changes": caller(request).may("treat"),
    }
    return csv_asked(request, table) or render(request, "pages/messages/guard.html", shown)


@needs("treat")
@require_POST
def set_limits(request: HttpRequest) -> HttpResponse:
    """Of the shop, or of one action in their place."""
    sent = request.POST
    source, _, number = sent.get("of", "").partition(":")
    key = {"source": source, "source_id": must_be_whole(number) if number else 0}

    def deed() -> str:
        by = caller(request).name
        if sent.get("do") == "forget":
            services.forget_limits(**key, by=by)  # type: ignore[arg-type]  # the key is of these two fields
            return gettext("The limits of the shop hold for it again.")
        said = Limits(
            _number(sent.get("unsubscribes", "")) / 100, _number(sent.get("complaints", "")) / 100,
            round(_number(sent.get("least", ""))), sent.get("stops") == "yes",
        )  # fmt: skip
        services.set_limits(said, **key, by=by)  # type: ignore[arg-type]  # the key is of these two fields
        return gettext("Saved. It holds from now on.")

    return carry_out(request, deed, then="message_guard")


@needs("treat")
@require_POST
def settle(request: HttpRequest, number: int) -> HttpResponse:
    def deed() -> str:
        services.settle(number, why=request.POST.get("why", ""), by=caller(request).name)
        return gettext("Settled. What was held back leaves again, and counts anew from now on.")

    return carry_out(request, deed, then="message_guard")


def panel(customer: int) -> dict[str, Any]:
    """The pressure on one customer, for their page."""
    found = selectors.pressure_of(customer)
    if not found[-1].messages:
        return {}
    return {"pressure": [(gettext("%(n)s days") % {"n": one.days}, _of_one(one)) for one in found]}


def _of_one(one: Pressure) -> Figure:
    why = "" if one.allowed else gettext("no cap over everything says how much is allowed")
    return Figure("promo_pressure", one.share, "share", n=one.messages, why=why)


def _figures(found: Spread) -> list[Figure]:
    why = "" if found.allowed else gettext("no cap over everything says how much is allowed")
    over = float(found.over) if found.allowed else None
    return [
        Figure("pressed", float(found.reached), "customers", n=found.everybody),
        Figure("median_pressure", found.median, "share", n=found.reached,
               why=why or gettext("no message has left")),
        Figure("over_pressed", over, "customers", n=found.reached, why=why),
    ]  # fmt: skip


def _bars(found: Spread) -> list[dict[str, Any]]:
    return [
        {"band": _band(one), "customers": one.customers}
        for one in found.bands
        if one.low is not None  # whoever got none would hide all others
    ]


def _bands(found: Spread) -> Table:
    return Table(
        "pressure",
        gettext("Customers by promotion pressure"),
        [
            Column(gettext("Pressure")), Column(gettext("Customers"), "count"),
            Column(gettext("Share"), "share"),
        ],
        [
            Row([_band(one), one.customers, one.customers / found.everybody
                 if found.everybody else None])
            for one in found.bands
        ],
    )  # fmt: skip


def _band(one: Band) -> str:
    if one.low is None:
        return gettext("no message")
    if one.high is None:
        return gettext("more than %(low)s") % {"low": f"{one.low:.0%}"}
    return gettext("up to %(high)s") % {"high": f"{one.high:.0%}"}


def _table(found: list[Watched]) -> Table:
    columns = [
        Column(gettext("Sent by")), Column(gettext("Delivered"), "count"),
        Column(gettext("What is watched")), Column(gettext("Cases"), "count"),
        Column(gettext("Share"), "share"), Column(gettext("Lower end"), "share"),
        Column(gettext("Upper end"), "share"), Column(gettext("Limit"), "share"),
        Column(gettext("Verdict")), Column(gettext("Held back since")),
    ]  # fmt: skip
    rows = [
        Row(
            [
                _name(one), one.delivered, gettext(MEASURE_NAMES[judged.measure]), judged.bad,
                judged.share, judged.low, judged.high, judged.limit,
                gettext(VERDICT_NAMES[judged.verdict]), minute(one.held_at),
            ],
            thin=judged.verdict == "few",
        )
        for one in found
        for judged in _told(one)
    ]  # fmt: skip
    return Table(
        "guard",
        gettext("Refusals and reports of spam"),
        columns,
        rows,
        note=gettext(
            "Beyond the limit is what lies above it with its whole interval (95%). Grey rows are "
            "of too few messages to tell."
        ),
    )


def _told(one: Watched) -> tuple[Judged, ...]:
    return one.judged


def _name(one: Watched) -> Linked | str:
    if not one.source:
        return gettext("The whole shop")
    known = {"campaign": "campaign", "journey": "journey"}
    if one.source not in known:
        return one.name
    return Linked(one.name, reverse(known[one.source], args=[one.source_id]))


def _open() -> list[dict[str, Any]]:
    """Open alarms, those of one action together: they are settled together."""
    found: dict[tuple[str, int, str], dict[str, Any]] = {}
    for one in selectors.open_alarms():
        told = found.setdefault((one.source, one.source_id, one.step), _alarm(one) | {"all": []})
        told["all"].append(_alarm(one))
    return list(found.values())


def _alarm(one: Alarm) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name or gettext("The whole shop"),
        "step": one.step,
        "measure": gettext(MEASURE_NAMES[one.measure]),
        "bad": one.bad,
        "of": one.of,
        "low": f"{one.low:.2%}",
        "limit": f"{one.limit:.2%}",
        "raised": minute(one.raised_at),
        "stopped": one.stopped,
        "ended": minute(one.ended_at),
        "by": one.ended_by,
        "why": one.why,
    }


def _typed(limits: Limits) -> dict[str, Any]:
    return {
        "unsubscribes": f"{100 * limits.unsubscribes:g}",
        "complaints": f"{100 * limits.complaints:g}",
        "least": limits.least,
        "stops": limits.stops,
    }


def _number(text: str) -> float:
    try:
        return float(text.strip())
    except ValueError:
        raise BadLimits(f"{text!r} is no number", hint="such as 0.5") from None
