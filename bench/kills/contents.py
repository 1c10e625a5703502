"""All that a state says, without the numbers that another run would have given otherwise."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Final

from joren.collect.connectors.models import Import, QuarantinedRow
from joren.collect.connectors.opening import opened
from joren.collect.customers.contracts import TRAITS
from joren.collect.customers.models import Customer, Identity, Merge, Store
from joren.collect.customers.selectors import customers_among
from joren.collect.customers.selectors.keyring import keys_in
from joren.collect.orders import selectors as facts
from joren.decide.segments.contracts import PURCHASED
from joren.plumbing.warehouse import warehouse
from joren.project.snapshot_shelf import INSIGHTS
from joren.warehouse.snapshots import FIGURES

_GIVEN: Final = ("import_id", "content", "refund_id", "spend_id")
_COUNTS: Final = ("rows_read", "accepted", "updated", "unchanged", "quarantined")
_PERSON: Final = (
    "name", "name_kana", "email", "phone", "postal_code", "prefecture", "birthday", "gender",
    "acquisition_source", "registered_at",
)  # fmt: skip


def _waiting() -> list[dict[str, Any]]:
    """What the rows say, which lies sealed, each time by another chance."""
    rows = list(QuarantinedRow.objects.filter(state="waiting"))
    return [
        {"row": one.row.row, "line": one.row.line, "group": one.row.group,
         "column": one.row.column, "expected": one.row.expected, "value": one.value,
         "reason": one.reason, "raw": [*one.cells.items()]}
        for one in opened(rows)
    ]  # fmt: skip


def content() -> dict[str, Any]:
    """By part: a short list as it is, a long one as its hash."""
    stores = dict(Store.objects.values_list("pk", "name"))
    rows = list(Identity.objects.all())
    opened = zip(rows, keys_in(rows), strict=True)
    keys = {row.pk: _key(key, stores) for row, key in opened}
    return {
        **{name: _short(rows) for name, rows in _facts(stores, keys).items()},
        "people": _short(_people(keys)),
        "merges": _short(_merges(keys)),
        "imports": _imports(),
        "quarantine": _short(_waiting()),
        "retried": QuarantinedRow.objects.filter(state="retried").count(),
        "snapshots": _snapshots(),
    }


def _facts(stores: dict[int, str], keys: dict[int, str]) -> dict[str, list[Any]]:
    house = warehouse()
    asked = {
        "orders": facts.orders, "lines": facts.order_lines, "refunds": facts.refunds,
        "products": facts.products, "ad spend": facts.ad_spend,
    }  # fmt: skip
    found = {name: house.engine.rows(table(house)) for name, table in asked.items()}
    numbers = {
        row["order_id"]: (stores[row["store_id"]], row["order_number"]) for row in found["orders"]
    }

    def plain(row: dict[str, Any]) -> dict[str, Any]:
        said = {name: value for name, value in row.items() if name not in _GIVEN}
        if "order_id" in said:
            said["order_id"] = numbers.get(said["order_id"], "of no order")
        if "store_id" in said:
            said["store_id"] = stores[said["store_id"]]
        if said.get("identity_id"):
            said["identity_id"] = keys.get(said["identity_id"], "an identity that is not there")
        return said

    return {name: [plain(row) for row in rows] for name, rows in found.items()}


def _people(keys: dict[int, str]) -> list[Any]:
    known_by: dict[int, list[str]] = {}
    for pk, customer in Identity.objects.values_list("pk", "customer_id"):
        known_by.setdefault(customer, []).append(keys[pk])
    known = customers_among(Customer.objects.values_list("pk", flat=True))
    return [
        [sorted(known_by.get(row["pk"], [])), row["merged_into"] is not None,
         [getattr(known[row["pk"]], name) for name in _PERSON]]
        for row in Customer.objects.values("pk", "merged_into")
    ]  # fmt: skip


def _merges(keys: dict[int, str]) -> list[Any]:
    rows = Merge.objects.values_list("identities", "undone_at")
    return [[sorted(keys[pk] for pk in moved), undone is not None] for moved, undone in rows]


def _imports() -> list[Any]:
    """What came in, and what is open; an attempt that came to nothing is no part of the state."""
    rows = Import.objects.exclude(status="failed").order_by("pk")
    return [list(row) for row in rows.values_list("kind", "file_name", "status", *_COUNTS)]


def _snapshots() -> list[Any]:
    house = warehouse()
    found = []
    for one in house.snapshots.all():
        said: list[Any] = [str(one.as_of), dict(one.facts), dict(one.settings)]
        for (room, name), document in sorted(house.snapshots.figures(one.id).items()):
            said.append([room, name, _without_number(document)])
        for spec in INSIGHTS:
            # What rules are asked of goes from older snapshots after the newer one is seen.
            if spec not in (FIGURES, PURCHASED, TRAITS):
                said.append(
                    [spec.name, _short(house.engine.rows(house.snapshots.table(one.id, spec)))]
                )
        found.append(_short(said))
    return found


def _without_number(document: Any) -> Any:
    if isinstance(document, dict):
        return {name: value for name, value in document.items() if name != "snapshot_id"}
    return document


def _key(key: str, stores: dict[int, str]) -> str:
    kind, _, rest = key.partition(":")
    if kind != "n":
        return key
    store, _, number = rest.partition(":")
    return f"n:{stores.get(int(store), store)}:{number}"


def _short(rows: Any) -> list[Any]:
    lines = sorted(json.dumps(row, default=str, sort_keys=True, ensure_ascii=False) for row in rows)
    return [len(lines), hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]]
