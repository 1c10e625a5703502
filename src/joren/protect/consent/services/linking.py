"""Links by which people refuse and choose, without a sign-in."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from django.core import signing
from django.db import connection

from joren.core.people import people
from joren.plumbing.addresses import address_of
from joren.protect.consent import contracts, models, selectors
from joren.protect.consent.contracts import Links, Matter
from joren.protect.consent.selectors.links import SIGNED

ONE_CLICK: Final = "List-Unsubscribe=One-Click"

# 122 bits of chance on PostgreSQL, 128 on SQLite.
_CHANCE: Final = {
    "sqlite": "lower(hex(randomblob(16)))",
    "postgresql": "replace(gen_random_uuid()::text, '-', '')",
}
_WANTED: Final = {
    "sqlite": "SELECT value AS customer_id FROM json_each(%s)",
    "postgresql": "SELECT unnest(%s::bigint[]) AS customer_id",
}


def links_for(customer: int, *, channel: str, purpose: str) -> Links:
    """What a message to this customer carries."""
    return links_of(handle_of(selectors.person_now(customer)), Matter(channel, purpose))


def links_of(handle: str, matter: Matter, *, leaves: bool = True) -> Links:
    """The same by the handle, for the many of ``handles_for``. No database is asked.

    A message that does not leave the house may show links that only open on this machine.
    """
    token = _signer(settings.SECRET_KEY).sign(f"{handle}.{matter.channel}.{matter.purpose}")
    one_click = address_of("consent_unsubscribe", token)
    if leaves and not one_click.startswith("https://"):
        raise contracts.NoPublicAddress(
            f"{one_click.partition('/consent')[0]} is no HTTPS address, which RFC 8058 asks for",
            hint="set JOREN_URL to the address under which customers reach this installation",
        )
    headers = {
        "List-Unsubscribe": f"<{one_click}>",
        "List-Unsubscribe-Post": ONE_CLICK,
    }
    return Links(one_click, address_of("consent_preferences", token), headers)


@lru_cache(maxsize=2)
def _signer(secret: str) -> signing.Signer:
    """Made once for each key, and not for each message."""
    return signing.Signer(key=secret, salt=SIGNED)


def handle_of(customer: int) -> str:
    """The customer's handle, made when it is first asked for."""
    row, _ = models.Recipient.objects.get_or_create(
        customer_id=customer, defaults={"handle": secrets.token_hex(16)}
    )
    return row.handle


def handles_for(customers: Sequence[int]) -> Mapping[int, str]:
    """The handles of many in two statements; who is not there gets none."""
    vendor = connection.vendor
    wanted: Any = json.dumps(list(customers)) if vendor == "sqlite" else list(customers)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO consent_recipient (customer_id, handle) "
            f"SELECT w.customer_id, {_CHANCE[vendor]} FROM ({_WANTED[vendor]}) AS w "
            f"JOIN ({people().everybody}) AS c ON c.customer_id = w.customer_id WHERE TRUE "
            "ON CONFLICT DO NOTHING",
            [wanted],
        )
        cursor.execute(
            f"SELECT r.customer_id, r.handle FROM consent_recipient AS r "
            f"JOIN ({_WANTED[vendor]}) AS w ON w.customer_id = r.customer_id",
            [wanted],
        )
        return dict(cursor.fetchall())
