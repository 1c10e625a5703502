"""All that is known of one customer. Every look at one person is written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST

from joren.collect.customers import selectors as people
from joren.collect.customers import services
from joren.collect.customers.contracts import Customer, Joined, NoSuchMerge, mask
from joren.collect.orders import selectors as facts
from joren.collect.quality.contracts import Verdict
from joren.collect.quality.selectors import verdicts_in
from joren.core.figures import Figure
from joren.core.ids import CustomerId
from joren.core.money import UNKNOWN_CURRENCY
from joren.plumbing.access import caller, needs
from joren.plumbing.warehouse import warehouse
from joren.project import selection
from joren.project.pages import codes
from joren.project.pages.sections import word
from joren.project.pages.tables import Column, Row, Table
from joren.project.pages.views import addresses, consents, happening, life_stages, privacy, shifts
from joren.project.pages.views.doubles import EVIDENCE, LIKELIHOODS
from joren.project.pages.views.messages import history, pressing
from joren.project.pages.views.messages.words import spoken
from joren.protect.audit import services as audit
from joren.understand.ltv import selectors as values
from joren.understand.ltv.contracts import NoSnapshot, NoValue, reasons
from joren.understand.ltv.services import worth_of
from joren.understand.ranks import selectors as ranks
from joren.understand.ranks.contracts import Standing
from joren.warehouse import Snapshot

_KINDS: Final = {
    "number": gettext_noop("Customer number"),
    "user": gettext_noop("User id"),
    "line": gettext_noop("LINE id"),
    "email": gettext_noop("E-mail"),
    "phone": gettext_noop("Phone"),
}

_CONFIDENCE: Final = {
    "certain": gettext_noop("certain"),
    "good": gettext_noop("good: a household may share it"),
    "fair": gettext_noop("fair"),
}

_NEWEST_ABOVE: Final = gettext_noop(
    "each row rests on the purchases beside it, and the newest prediction stands above with its "
    "interval where one is known"
)


@dataclass(frozen=True)
class Worth:
    """What the newest snapshot says of one customer."""

    figures: tuple[Figure, ...]
    terms: tuple[Figure, ...]  # between revenue and profit
    next_order: tuple[Figure, ...]
    next_on: date | None
    standing: Standing | None
    stage: str
    cpm: str
    verdicts: tuple[Verdict, ...]


@needs("view_figures")
def customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    person = people.customer(CustomerId(customer_id))
    if person.id != customer_id:
        return HttpResponseRedirect(reverse("customer", args=[person.id]))
    audit.customer_seen(person.id, actor=caller(request).name)
    personal = caller(request).may("view_personal")
    identities = people.identity_ids_of(person.id)
    near = _doubles(person.id)
    shown = {
        "person": person if personal else person.masked(),
        "number": person.id,
        "language": spoken(person.language),
        "personal": personal,
        "worth": (worth := _worth(person.id)),
        "figures_as_of": worth.figures[0].as_of if worth else "",
        "identities": _identities(person, identities, personal=personal),
        "history": _history(person.id),
        "merges": _merges(person.id),
        "doubles": [one for one in near if not one.household],
        "households": [one for one in near if one.household],
        "may_undo": caller(request).may("edit_people"),
        **addresses.panel(person.id, personal=personal),
        **consents.panel(person.id, request),
        **privacy.panel(person.id, request),
        **history.panel(person.id),
        **history.ways(person.id),
        **history.kept(person.id),
        **pressing.panel(person.id),
        **life_stages.panel(person.id, request),
        **shifts.panel(person.id),
        **happening.panel(person.id, request),
    }
    return render(request, "pages/customers_one.html", shown)


@needs("view_figures")
def customer_timeline(request: HttpRequest, customer_id: int) -> HttpResponse:
    """What the page asks again while it is looked at; the look itself was written down."""
    person = people.customer(CustomerId(customer_id))
    if not request.headers.get("HX-Request"):  # opened by itself
        audit.customer_seen(person.id, actor=caller(request).name)
    personal = caller(request).may("view_personal")
    shown = {**happening.panel(person.id, request), "personal": personal}
    return render(request, "pages/_moments.html", shown)


@needs("edit_people")
@require_POST
def undo_merge(request: HttpRequest, customer_id: int, merge_id: int) -> HttpResponse:
    if merge_id not in {merge.id for merge in people.merges_of(CustomerId(customer_id))}:
        raise NoSuchMerge(f"no merge {merge_id} made customer {customer_id}")
    services.undo_merge(merge_id, by=caller(request).name)
    return HttpResponseRedirect(reverse("customer", args=[customer_id]))


def _identities(person: Customer, identities: Sequence[int], *, personal: bool) -> Table:
    """As what somebody is known, what brought each, and which orders said so."""
    carried = facts.carried_by(warehouse(), identities)
    columns = [
        Column(gettext("Kind")),
        Column(gettext("Number or address")),
        Column(gettext("Store")),
        Column(gettext("Confidence")),
        Column(gettext("Came with")),
        Column(gettext("First heard")),
        Column(gettext("Last heard")),
        Column(gettext("Orders"), "count", term="orders"),
        Column(gettext("First order")),
        Column(gettext("Last order")),
    ]
    rows = []
    for one in people.identities_of(person.id):
        seen: Mapping[str, Any] = carried.get(one.id, {})
        shown = one if personal else one.masked()
        rows.append(
            Row(
                [
                    gettext(_KINDS[one.kind]),
                    shown.value,
                    one.store,
                    gettext(_CONFIDENCE[one.confidence]),
                    addresses.brought_by(one.import_id),
                    one.first_seen_on,
                    one.last_seen_on,
                    seen.get("orders", 0),
                    seen.get("first"),
                    seen.get("last"),
                ]
            )
        )
    device = gettext("Device")
    for anonymous in people.devices_of(person.id):
        word = anonymous if personal else mask(anonymous)
        rows.append(Row([device, word, "", gettext(_CONFIDENCE["fair"]), gettext("live events"),
                         None, None, None, None, None]))  # fmt: skip
    note = gettext("An order carries one of them; the others came with customer files or merges.")
    return Table("identities", gettext("Known as"), columns, rows, note, file=False)


@dataclass(frozen=True)
class Told:
    """A merge in the reader's words."""

    merge: Joined
    by: str
    because: tuple[str, ...]


def _merges(customer_id: CustomerId) -> list[Told]:
    return [
        Told(
            one,
            gettext("by itself") if one.by.startswith(("import:", "live")) else one.by,
            tuple(gettext(EVIDENCE[name]) for name in one.evidence if name in EVIDENCE),
        )
        for one in people.merges_of(customer_id)
    ]


@dataclass(frozen=True)
class Near:
    """Somebody who may be the same person, or of the same household."""

    number: CustomerId
    words: str
    because: tuple[str, ...]
    household: bool


def _doubles(customer_id: CustomerId) -> list[Near]:
    return [
        Near(
            one.other if one.one == customer_id else one.one,
            gettext(LIKELIHOODS[one.likelihood]),
            tuple(gettext(EVIDENCE[name]) for name in one.evidence),
            one.likelihood == "household",
        )
        for one in people.doubles_of(customer_id)
    ]


def _history(customer_id: CustomerId) -> Table | None:
    """Where they stood on the days of the snapshots."""
    rows = selection.history_of(customer_id)
    if not rows:
        return None
    currency = str(values.snapshot().settings.get("currency") or UNKNOWN_CURRENCY)
    columns = [
        Column(gettext("As of")),
        Column(gettext("Stage"), term="stage"),
        Column("RFM", term="rfm"),
        Column(gettext("Decile"), "count", term="decile"),
        Column("CPM", term="cpm"),
        Column(gettext("Purchases"), "count", term="purchases"),
        Column(gettext("Revenue to date"), currency, term="revenue_past"),
        Column(word("revenue_365d"), currency, term="revenue_365d", why=_NEWEST_ABOVE),
    ]
    made = [
        Row(
            [
                one["as_of"],
                f"{codes.stage(one['stage'])} · VIP" if one["vip"] else codes.stage(one["stage"]),
                codes.fifths(one),
                one["decile"],
                codes.portfolio(one["cpm"]),
                *(one[name] for name in ("orders", "revenue_past", "revenue_365d")),
            ]
        )
        for one in rows
    ]
    return Table("history", gettext("Where they stood"), columns, made, file=False)


def _worth(customer_id: CustomerId) -> Worth | None:
    """None before the first refresh, and for somebody who has not bought by then."""
    try:
        snapshot = values.snapshot()
        row = worth_of(customer_id, snapshot)
    except (NoSnapshot, NoValue):
        return None
    standing = ranks.standing_of(customer_id, snapshot)
    return Worth(
        _figures(row, snapshot),
        row["terms"],
        _next_order(row, snapshot),
        _on(row, snapshot),
        standing,
        codes.stage(standing.stage) if standing else "",
        codes.portfolio(standing.cpm) if standing else "",
        verdicts_in(warehouse(), snapshot, "rfm", "predictions", "profit"),
    )


def _figures(row: dict[str, Any], snapshot: Snapshot) -> tuple[Figure, ...]:
    currency = str(snapshot.settings.get("currency") or UNKNOWN_CURRENCY)
    early = gettext("the orders do not reach far enough for a prediction")
    if row["p_alive"] == 1 and row["frequency"] == 0:  # BG/NBD says so of everybody, for ever
        row, alike = (
            {**row, "p_alive": None},
            gettext("the model takes everybody for a customer until their second purchase"),
        )
    else:
        alike = early
    unknown = row["interval_why"]
    known = {
        "revenue_365d": unknown or reasons.CHANCE_OF_ONE,
        "profit_365d": unknown or reasons.AT_THE_MARGIN,
        "profit_past": row["profit_past_why"],
    }
    asked = (
        ("orders", "orders", ""),
        ("revenue_past", currency, ""),
        ("profit_past", currency, row["profit_past_why"]),
        ("revenue_365d", currency, early),
        ("profit_365d", currency, early),
        ("expected_orders_365d", "orders", early),
        ("p_alive", "share", alike),
    )
    report = values.value_report(snapshot)
    models = {one.name: one.model for one in report.totals}
    models["p_alive"] = models["expected_orders_365d"]
    return tuple(
        Figure(
            name,
            row[name],
            unit,
            n=row["orders"],
            low=row.get(f"{name}_low"),
            high=row.get(f"{name}_high"),
            level=row["level"] if f"{name}_low" in row else None,
            as_of=snapshot.as_of.isoformat(),
            model=models.get(name, ""),
            why=why if row[name] is None else known.get(name, ""),
        )
        for name, unit, why in asked
    )


def _next_order(row: Mapping[str, Any], snapshot: Snapshot) -> tuple[Figure, ...]:
    """When it is to be expected, and how likely none comes; () without a model of orders."""
    if row["no_further_order"] is None:
        return ()
    model = values.model_report(snapshot).orders_model
    days, never = "next_order_days", "no_further_order"
    day, n = snapshot.as_of.isoformat(), row["orders"]
    low, high = row[f"{days}_low"], row[f"{days}_high"]
    whole = low is not None and high is not None
    far = "" if row[days] is not None else gettext("more than twenty years from now")
    return (
        Figure(
            days, row[days], "days", n, low if whole else None, high if whole else None,
            row["level"] if whole else None, day, model, far,
        ),
        Figure(never, row[never], "share", n, as_of=day, model=model),
    )  # fmt: skip


def _on(row: Mapping[str, Any], snapshot: Snapshot) -> date | None:
    days = row["next_order_days"]
    return None if days is None else snapshot.as_of + timedelta(days=days)
