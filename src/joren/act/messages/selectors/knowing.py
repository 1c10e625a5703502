"""What is known of those who get a message: asked in sets, a few statements for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date
from typing import Any, Final

import ibis

from joren.accounts.selectors import business
from joren.act.messages.contracts import KNOWERS
from joren.act.messages.rules.reasons import reason_of
from joren.act.messages.selectors.senders import sender
from joren.act.messages.selectors.suggesting import suggestions_of
from joren.collect.customers import selectors as people
from joren.collect.customers.contracts import Customer
from joren.collect.orders import selectors as facts
from joren.collect.orders.contracts import LOST_STATUSES
from joren.core import clock
from joren.core.ids import CustomerId
from joren.core.money import UNKNOWN_CURRENCY, Money
from joren.plumbing.warehouse import warehouse
from joren.understand.ltv.contracts import CUSTOMER_VALUES
from joren.understand.ranks.contracts import CUSTOMER_RANKS, STAGES
from joren.warehouse import Snapshot

_STAGES: Final[Mapping[str, tuple[str, str]]] = {str(code): words for code, words in STAGES.items()}


EVERYTHING: Final = frozenset(("customer", "orders", "value", "suggestion", "reason",
                              "attributes"))  # fmt: skip


def known_of(
    customers: Iterable[Customer], *, language: str, asked: Set[str] = EVERYTHING
) -> dict[int, dict[str, Any]]:
    """What a template may ask for of these, by number; what it does not ask for is not looked up,
    and may be empty."""
    who = {int(one.id): one for one in customers}
    of_orders = asked & {"orders", "suggestion", "reason"}
    orders = _last_orders(list(who), language) if of_orders else {}
    worth = _worth(list(who), language) if asked & {"orders", "value"} else {}
    offers = suggestions_of(orders)
    more = {name: KNOWERS[name](list(who)) for name in sorted(asked & KNOWERS.keys())}
    return {
        number: {
            "customer": _person(one),
            "orders": {
                "last": orders.get(number),
                **worth.get(number, {}).get("orders", {}),
            },
            "value": worth.get(number, {}).get("value", {}),
            "suggestion": offers.get(number, {}),
            "reason": reason_of(orders.get(number), offers.get(number, {}), language),
            **{name: known.get(number, {}) for name, known in more.items()},
        }
        for number, one in who.items()
    }


def shop_as_known() -> dict[str, Any]:
    """What is the same for everybody."""
    here, who = business(), sender()
    shop = {
        "name": here.name or (who.name if who else ""),
        "email": (who.reply_to or who.email) if who else "",
        "postal_address": who.postal_address if who else "",
    }
    return {"shop": shop, "today": _today().isoformat()}


def _today() -> date:
    return clock.shop_day(clock.now(), business().time_zone)


def _person(one: Customer) -> dict[str, Any]:
    said = {
        "name": one.name,
        "name_kana": one.name_kana,
        "email": one.email,
        "prefecture": one.prefecture,
        "birthday": f"{one.birthday:%m-%d}" if one.birthday else "",
        "registered_on": f"{one.registered_at:%Y-%m-%d}" if one.registered_at else "",
    }
    return {name: value for name, value in said.items() if value}


def _worth(customers: Sequence[int], language: str) -> dict[int, dict[str, Any]]:
    """By the newest snapshot; who had not bought by then is left out."""
    house = warehouse()
    snapshot = house.snapshots.latest()
    if snapshot is None or not customers:
        return {}
    currency = str(snapshot.settings.get("currency") or UNKNOWN_CURRENCY)
    values = _of_these(snapshot, CUSTOMER_VALUES, customers)
    ranks = _of_these(snapshot, CUSTOMER_RANKS, customers)
    return {
        number: {
            "orders": {"count": row["orders"], "first_on": row["first_on"].isoformat()},
            "value": {
                "revenue": _money(row["revenue_past"], currency, language),
                **_standing(ranks.get(number), language),
            },
        }
        for number, row in values.items()
    }


def _of_these(
    snapshot: Snapshot, table: Any, customers: Sequence[int]
) -> dict[int, dict[str, Any]]:
    house = warehouse()
    rows = house.questions.rows(
        ("known_of", table.name, snapshot.id),
        lambda: house.snapshots.table(snapshot.id, table).semi_join(
            house.questions.given("customer_id"), "customer_id"
        ),
        customer_id=list(customers),
    )
    return {row["customer_id"]: row for row in rows}


def _standing(row: Mapping[str, Any] | None, language: str) -> dict[str, Any]:
    if row is None:
        return {}
    stage = _STAGES.get(row["stage"] or "")
    fifths = [row["rfm_r"], row["rfm_f"], row["rfm_m"]]
    return {
        "stage": stage[0 if language == "ja" else 1] if stage else "",
        "rfm": "-".join(map(str, fifths)) if all(fifths) else "",
        "decile": row["decile"],
        "vip": bool(row["vip"]),
    }


def _last_orders(customers: Sequence[int], language: str) -> dict[int, dict[str, Any]]:
    """The newest order of each with its items, as a template asks for it."""
    house = warehouse()
    owners = {
        int(identity.id): number
        for number, known in people.identities_among([CustomerId(one) for one in customers]).items()
        for identity in known
    }
    if not owners:
        return {}
    newest: dict[int, dict[str, Any]] = {}
    for row in house.questions.rows("last_orders_of", _newest_of_each, identity_id=list(owners)):
        number = owners[row["identity_id"]]
        if number not in newest or row["ordered_at"] > newest[number]["ordered_at"]:
            newest[number] = row
    lines: dict[int, list[dict[str, Any]]] = {}
    ids = [row["order_id"] for row in newest.values()]
    for line in house.questions.rows("lines_of_orders", _lines, order_id=ids):
        lines.setdefault(line["order_id"], []).append(line)
    stores = {int(one.id): one.name for one in people.stores()}
    today = _today()
    return {
        number: _order(row, lines.get(row["order_id"], []), stores, today, language)
        for number, row in newest.items()
    }


def _newest_of_each() -> Any:
    house = warehouse()
    every = facts.orders(house)
    kept = every.filter(every.status.isnull() | ~every.status.isin(LOST_STATUSES))
    mine = kept.semi_join(house.questions.given("identity_id"), "identity_id")
    place = ibis.row_number().over(
        group_by=mine.identity_id, order_by=[ibis.desc(mine.ordered_at), mine.order_id]
    )
    return mine.mutate(_place=place).filter(ibis._._place == 0).drop("_place")


def _lines() -> Any:
    house = warehouse()
    every = facts.order_lines(house)
    return every.semi_join(house.questions.given("order_id"), "order_id").order_by("line")


def _order(
    row: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]],
    stores: Mapping[int, str],
    today: date,
    language: str,
) -> dict[str, Any]:
    return {
        "number": row["order_number"],
        "ordered_on": row["ordered_on"].isoformat(),
        "days_ago": max(0, (today - row["ordered_on"]).days),
        "total": _money(row["total"], row["currency"] or UNKNOWN_CURRENCY, language),
        "store": stores.get(row["store_id"], ""),
        "items": [
            {
                "name": one["product_name"] or one["sku"] or "",
                "sku": one["sku"] or "",
                "quantity": one["quantity"],
            }
            for one in lines
        ],
    }


def _money(minor: int | float | None, currency: str, language: str) -> str:
    if minor is None:
        return ""
    amount = Money(round(minor), currency)
    return f"{amount.major:,}円" if (language, currency) == ("ja", "JPY") else str(amount)
