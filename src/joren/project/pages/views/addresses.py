"""Where a customer lives and lived, and what told it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from joren.collect.customers import selectors as people
from joren.core.ids import CustomerId
from joren.project.pages.tables import Column, Linked, Row, Table


def panel(customer_id: CustomerId, *, personal: bool) -> dict[str, Any]:
    """What the customer's page shows; nothing where no street is known."""
    rows = []
    for place, one in enumerate(people.addresses_of(customer_id)):
        seen = one if personal else one.masked()
        cells = [
            gettext("lives here") if place == 0 else gettext("lived here"),
            seen.postal_code,
            " ".join(
                part for part in (seen.prefecture, seen.city, seen.street, seen.building) if part
            ),
            brought_by(one.import_id),
            one.first_on,
            one.last_on,
        ]
        rows.append(Row(cells))
    if not rows:
        return {}
    columns = [
        Column(""),
        Column(gettext("Postal code")),
        Column(gettext("Postal address")),
        Column(gettext("Came with")),
        Column(gettext("First given on")),
        Column(gettext("Last given on")),
    ]
    note = gettext("Letters go to the one that was given last, by an order, a file or an event.")
    table = Table("addresses", gettext("Postal addresses"), columns, rows, note, file=False)
    return {"addresses": table}


def brought_by(import_id: int | None) -> str | Linked | None:
    """The import that told something, or live events."""
    if import_id is None:
        return None
    if import_id < 0:
        return gettext("live events")
    address = reverse("data_import", args=[import_id])
    return Linked(gettext("Import %(n)s") % {"n": import_id}, address)
