"""What the project itself holds of people, what facts say of them, and how all is held still."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from typing import Any, Final

import ibis
import pyarrow.compute as pc
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils.translation import gettext

from joren.accounts.selectors import business
from joren.collect.customers import selectors as people
from joren.collect.inbox.contracts import EVENTS
from joren.collect.orders import selectors as facts
from joren.collect.orders.contracts import ORDERS
from joren.collect.orders.services import recover
from joren.collect.webhooks import selectors as webhooks
from joren.core.erasing import Eraser, Retention, Traces
from joren.core.ids import IdentityId
from joren.core.people import people as room_of_people
from joren.core.words import gettext_noop
from joren.plumbing.warehouse import warehouse
from joren.protect.consent import selectors as consents
from joren.protect.erasure.contracts import BY_AGE
from joren.protect.erasure.services import ask, forget_many

_AT_ONCE: Final = 200
_MOST_LEADS: Final = 500


@contextmanager
def hold_still(wait: float) -> Iterator[None]:
    """No import, refresh or live event is written meanwhile, and none is half written."""
    house = warehouse()
    with house.journal.lock(wait=wait):
        recover(house)
        yield


def _orders(traces: Traces) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after = ""
    ids = [IdentityId(one) for one in traces.identities]
    while ids:
        part = facts.orders_under(warehouse(), ids, after=after, limit=_AT_ONCE)
        found.extend(part.items)
        after = part.next
        if not after:
            break
    return found


def _events(traces: Traces) -> Any:
    house = warehouse()
    events = house.embedded.files(house.lake.files(EVENTS), EVENTS)
    return events.filter(events.identity_id.isin([*traces.identities, *traces.devices] or [0]))


def _stay(traces: Traces) -> dict[str, int]:
    """Facts carry a number that nobody answers to from then on."""
    counted = {gettext_noop("orders, by number only"): len(_orders(traces))}
    if warehouse().lake.files(EVENTS):
        events = _events(traces)
        (row,) = warehouse().embedded.rows(events.agg(n=events.count()))
        counted[gettext_noop("events, by number only")] = int(row["n"])
    return counted


def _facts(traces: Traces) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = [
        {
            gettext("Order"): one["order_number"],
            gettext("Day"): one["ordered_on"],
            gettext("Total (minor unit)"): one["total"],
            gettext("Currency"): one["currency"],
            gettext("Items"): [
                {key: item[key] for key in ("product_name", "sku", "quantity", "amount")}
                for item in one["items"]
            ],
        }
        for one in _orders(traces)
    ]
    if warehouse().lake.files(EVENTS):
        for event in warehouse().embedded.rows(_events(traces).order_by("occurred_at")):
            rows.append({key: value for key, value in event.items() if value is not None})
    return rows


def _searches(traces: Traces) -> Iterator[Session]:
    """Sessions of members who typed an address, a phone or the name of the person to find them."""
    words = {*traces.emails, *traces.names, *traces.phones}
    for row in Session.objects.iterator():
        typed = row.get_decoded().get("searches", {}).values()
        if any(word in said or said in word for said in typed if said for word in words):
            yield row


def _forget_searches(traces: Traces) -> dict[str, int]:
    gone = 0
    for row in list(_searches(traces)):
        session = SessionStore(session_key=row.session_key)
        session["searches"] = {}
        session.save()
        gone += 1
    return {"searches of members": gone}


FACTS: Final = Eraser(gettext_noop("Orders and events"), (), stays=_stay, export=_facts)
SEARCHES: Final = Eraser(
    gettext_noop("Searches"),
    ("sessions.session",),
    goes=lambda traces: {gettext_noop("searches of members"): sum(1 for _ in _searches(traces))},
    erase=_forget_searches,
)


def leads(day: date) -> list[int]:
    """Who registered before it, never bought, did nothing since, and agreed to nothing."""
    house = warehouse()
    with house.embedded.session() as holding:
        known = holding.take(people.person_of(house))
        traits = holding.take(people.traits(house, business().time_zone))
        quiet = traits.filter(traits.registered_on < ibis.literal(day)).select("customer_id")
        events = house.facts(EVENTS)
        since = events.filter(events.occurred_at >= ibis.literal(_begin(day)))
        for rows in (house.facts(ORDERS), since):
            theirs = known.semi_join(rows.select("identity_id").distinct(), "identity_id")
            quiet = quiet.anti_join(theirs.select("customer_id").distinct(), "customer_id")
        found = [row["customer_id"] for row in holding.engine.rows(quiet.order_by("customer_id"))]
    for matter in consents.choices().offered:
        may = consents.may_be_written_to(found, channel=matter.channel, purpose=matter.purpose)
        found = may.filter(pc.not_equal(may["why"], "granted"))["customer_id"].to_pylist()
    return found


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _forget_leads(moment: datetime) -> int:
    """Some hundreds a night: the rest of a long list comes the nights after."""
    found = leads(moment.date())[:_MOST_LEADS]
    if found:
        forget_many(found, by=BY_AGE, note="")
    return len(found)


LEADS: Final = Retention(
    gettext_noop("People who registered and never bought"),
    days=None,
    count=lambda moment: len(leads(moment.date())),
    purge=_forget_leads,
    least=30,
    note=gettext_noop("Whoever agreed to news, or was seen on the website since, stays."),
)


def hear_of_a_request(_announcement: str, content: dict[str, Any]) -> None:
    """A shop passed on that somebody asked: it is a request like any other, if we know them."""
    asked = webhooks.privacy_request(int(content["request"]))
    kind = {"access": "export", "erase_customer": "erasure"}.get(asked.kind)
    if kind is None:
        return
    known = room_of_people()
    found = known.by_number(asked.store, [asked.customer_number]) or known.by_email(
        [asked.email.lower()]
    )
    for customer in found.values():
        ask(customer, kind, by=f"webhook:{asked.id}")
