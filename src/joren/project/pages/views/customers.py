"""Finding a customer, and all that is known of one. Every look at one person is written down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_noop
from django.views.decorators.http import require_POST

from joren.collect.customers import selectors as people
from joren.collect.customers import services
from joren.collect.customers.contracts import Customer, NoSuchMerge
from joren.collect.orders import selectors as facts
from joren.core.figures import Figure
from joren.core.ids import CustomerId, IdentityId
from joren.core.money import UNKNOWN_CURRENCY
from joren.plumbing.access import caller, needs
from joren.plumbing.warehouse import warehouse
from joren.project.pages.tables import Column, Linked, Row, Table
from joren.protect.audit import services as audit
from joren.understand.ltv import selectors as values
from joren.understand.ltv.contracts import NoSnapshot, NoValue
from joren.understand.ranks import selectors as ranks
from joren.understand.ranks.contracts import CPM_GROUPS, STAGES, Standing
from joren.warehouse import Snapshot

PAGE: Final = 50
SHOWN_ORDERS: Final = 100

_STATUSES: Final = {
    "open": gettext_noop("Received"),
    "paid": gettext_noop("Paid"),
    "shipped": gettext_noop("Shipped"),
    "completed": gettext_noop("Completed"),
    "cancelled": gettext_noop("Cancelled"),
    "returned": gettext_noop("Returned"),
}
_KINDS: Final = {
    "number": gettext_noop("Customer number"),
    "email": gettext_noop("E-mail"),
    "phone": gettext_noop("Phone"),
}


@dataclass(frozen=True)
class Worth:
    """What the newest snapshot says of one customer."""

    figures: tuple[Figure, ...]
    standing: Standing | None
    stage: str
    cpm: str


@needs("view_personal")
def customers(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()
    after = _number(request.GET.get("after", ""))
    found = people.search(words, limit=PAGE + 1, after=after)
    more, found = len(found) > PAGE, found[:PAGE]
    last = found[-1].id if found else 0
    if words and not after:
        known = {one.id for one in found}
        found = [one for one in _who_ordered(words) if one.id not in known] + found
    shown = {
        "words": words,
        "found": _table(found),
        "any": bool(found),
        "empty": not words and not after and not found,
        "next": last if more else 0,
    }
    return render(request, "pages/customers.html", shown)


@needs("view_personal")
def customer(request: HttpRequest, customer_id: int) -> HttpResponse:
    person = people.customer(CustomerId(customer_id))
    if person.id != customer_id:
        return HttpResponseRedirect(reverse("customer", args=[person.id]))
    audit.record(
        "customers.seen",
        actor=caller(request).name,
        subject_kind="customer",
        subject_id=person.id,
    )
    orders = facts.orders_under(warehouse(), people.identity_ids_of(person.id))
    shown = {
        "person": person,
        "worth": _worth(person.id),
        "orders": [_order(order) for order in orders[:SHOWN_ORDERS]],
        "order_count": len(orders),
        "left_out": max(0, len(orders) - SHOWN_ORDERS),
        "identities": [
            (gettext(_KINDS[one.kind]), one.store, one.value)
            for one in people.identities_of(person.id)
        ],
        "merges": people.merges_of(person.id),
        "may_undo": caller(request).may("import"),
    }
    return render(request, "pages/customers_one.html", shown)


@needs("import")
@require_POST
def undo_merge(request: HttpRequest, customer_id: int, merge_id: int) -> HttpResponse:
    if merge_id not in {merge.id for merge in people.merges_of(CustomerId(customer_id))}:
        raise NoSuchMerge(f"no merge {merge_id} made customer {customer_id}")
    by = caller(request).name
    with transaction.atomic():
        services.undo_merge(merge_id, by=by)
        audit.record(
            "customers.merge_undone",
            actor=by,
            subject_kind="customer",
            subject_id=customer_id,
            merge=merge_id,
        )
    back = "customer" if caller(request).may("view_personal") else "home"
    return HttpResponseRedirect(reverse(back, args=[customer_id] if back == "customer" else []))


def _who_ordered(number: str) -> list[Customer]:
    identities = facts.identities_with_order(warehouse(), number)
    owners = {people.customer_of(IdentityId(identity)) for identity in identities}
    found = people.customers_among([owner for owner in owners if owner is not None])
    return [found[one] for one in sorted(found)]


def _table(found: list[Customer]) -> Table:
    columns = [
        Column(gettext("Name")),
        Column(gettext("Kana")),
        Column(gettext("E-mail")),
        Column(gettext("Phone")),
        Column(gettext("Prefecture")),
    ]
    rows = [
        Row(
            (
                Linked(one.name or f"#{one.id}", reverse("customer", args=[one.id])),
                one.name_kana,
                one.email,
                one.phone,
                one.prefecture,
            )
        )
        for one in found
    ]
    return Table("customers", gettext("Customers"), columns, rows)


def _order(order: dict[str, Any]) -> dict[str, Any]:
    currency = order["currency"] or UNKNOWN_CURRENCY
    status = _STATUSES.get(order["status"] or "")
    return {**order, "currency": currency, "status": gettext(status) if status else ""}


def _worth(customer_id: CustomerId) -> Worth | None:
    """None before the first refresh, and for somebody who has not bought by then."""
    try:
        snapshot = values.snapshot()
        row = values.value_of(customer_id, snapshot)
    except (NoSnapshot, NoValue):
        return None
    standing = ranks.standing_of(customer_id, snapshot)
    japanese = (get_language() or "ja").startswith("ja")
    return Worth(
        _figures(row, snapshot),
        standing,
        STAGES[standing.stage][0 if japanese else 1] if standing else "",
        (standing.cpm if japanese else CPM_GROUPS[standing.cpm]) if standing else "",
    )


def _figures(row: dict[str, Any], snapshot: Snapshot) -> tuple[Figure, ...]:
    currency = str(snapshot.settings.get("currency") or UNKNOWN_CURRENCY)
    cost = gettext("not every order states its cost of goods")
    early = gettext("the orders do not reach far enough for a prediction")
    asked = (
        ("orders", "orders", ""),
        ("revenue_past", currency, ""),
        ("profit_past", currency, cost),
        ("revenue_365d", currency, early),
        ("profit_365d", currency, early),
        ("p_alive", "share", early),
    )
    return tuple(
        Figure(
            name,
            row[name],
            unit,
            n=row["orders"],
            as_of=snapshot.as_of.isoformat(),
            why=why if row[name] is None else "",
        )
        for name, unit, why in asked
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
