"""The one product that a message may add to what somebody bought, with the reason for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from joren.collect.customers import selectors as people
from joren.collect.orders import selectors as facts
from joren.collect.orders.contracts import LOST_STATUSES
from joren.collect.products import selectors as products
from joren.core.ids import CustomerId
from joren.plumbing.warehouse import warehouse


def suggestions_of(last_orders: Mapping[int, Mapping[str, Any]]) -> dict[int, dict[str, str]]:
    """By customer, from their last orders: at most one, and only what the catalogue has a name for.

    Nothing that stands in the place of what was just bought, and what they own already only where
    it fills up again.
    """
    names = {item["sku"]: item["name"] for one in last_orders.values() for item in one["items"]}
    bought = {
        number: [item["sku"] for item in one["items"] if item["sku"]]
        for number, one in last_orders.items()
    }
    if not products.pairs_about({sku for some in bought.values() for sku in some}):
        return {}
    found = products.suggestions(bought, _owned(list(bought)))
    called = products.names_of({one.sku for one in found.values()})
    return {
        number: {
            "name": called[one.sku], "sku": one.sku, "relation": one.kind,
            "because": names.get(one.because, one.because),
        }
        for number, one in found.items()
        if one.sku in called
    }  # fmt: skip


def _owned(customers: Sequence[int]) -> dict[int, set[str]]:
    """Everything that each ever bought and kept, by product code."""
    house = warehouse()
    known = people.identities_among([CustomerId(one) for one in customers])
    owners = {int(identity.id): number for number, some in known.items() for identity in some}

    def lines() -> Any:
        every = facts.orders(house)
        kept = every.filter(every.status.isnull() | ~every.status.isin(LOST_STATUSES))
        mine = kept.semi_join(house.questions.given("identity_id"), "identity_id")
        both = facts.order_lines(house).inner_join(
            mine.select("order_id", "identity_id"), "order_id"
        )
        return both.filter(both.sku.notnull()).select("identity_id", "sku").distinct()

    found: dict[int, set[str]] = {}
    for row in house.questions.rows("products_owned_by", lines, identity_id=list(owners)):
        found.setdefault(owners[row["identity_id"]], set()).add(row["sku"])
    return found
