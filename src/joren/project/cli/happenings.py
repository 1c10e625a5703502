"""What happened with one customer, line by line, as the timeline of their page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils import translation
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from joren.core.ids import CustomerId
from joren.project import showing
from joren.project.cli.printing import print_json, print_wide
from joren.project.pages.tables import Linked
from joren.project.timeline import plain, timeline_of


def print_timeline(
    customer: CustomerId, *, kinds: Sequence[str], after: str, limit: int, as_json: bool
) -> None:
    """A slice of it, the newest first, and where it goes on."""
    from joren.project.pages.views import happening  # late: the pages load for long

    found = timeline_of(customer, kinds=kinds, after=after, limit=limit)
    if as_json:
        print_json({"items": [plain(one) for one in found.items], "next": found.next})
        return
    table = Table("at", "kind", "what", box=None, header_style="bold")
    with translation.override("en"):
        for one in happening.shown(found.items):
            first, *more = _LINES[one["kind"]](one["what"])
            table.add_row(showing.moment(one["at"]), one["kind"], escape(first))
            for line in more:
                table.add_row("", "", escape(f"  {line}"))
    console = Console()
    if found.items:
        print_wide(table)
    else:
        console.print("nothing of it yet")
    if found.next:
        console.print(f"older: the same with --after {found.next}", soft_wrap=True)


def _order(order: Mapping[str, Any]) -> Iterator[str]:
    currency = order["currency"]
    yield _joined(
        order["order_number"], showing.amount(order["total"], currency), order["status"],
        order.get("source"), order.get("medium"),
    )  # fmt: skip
    for item in order["items"]:
        name = item["product_name"] or item["sku"] or showing.NOTHING
        amount = showing.amount(item["amount"], currency)
        yield f"{name} × {item['quantity'] or showing.NOTHING} · {amount}"
    for name, value in (*order["parts"], *order["texts"]):
        yield f"{name}: {value}"
    for refund in order["refunds"]:
        yield f"{refund['refunded_on']} {next(_refund(refund))}"


def _refund(refund: Mapping[str, Any]) -> Iterator[str]:
    yield _joined("refund", showing.amount(refund["amount"], refund["currency"]), refund["reason"])


def _event(one: Any) -> Iterator[str]:
    event = one.event
    value = showing.amount(event.value, event.currency) if event.value is not None else ""
    yield _joined(one.what, event.product, event.order_number, value, event.path, one.source)


def _message(one: Mapping[str, Any]) -> Iterator[str]:
    message = one["message"]
    name = message.shown if isinstance(message, Linked) else message
    yield _joined(name, one["channel"], one["state"], one["why"], showing.minute(one["sent"]))


def _consent(one: Mapping[str, Any]) -> Iterator[str]:
    yield _joined(one["act"], one["channel"], one["purpose"], one["source"])


def _move(one: Mapping[str, Any]) -> Iterator[str]:
    yield f"{one['before']} → {one['now']}"


def _joined(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part)


_LINES: Final[Mapping[str, Callable[[Any], Iterator[str]]]] = {
    "orders": _order,
    "refunds": _refund,
    "events": _event,
    "messages": _message,
    "consents": _consent,
    "moves": _move,
}
