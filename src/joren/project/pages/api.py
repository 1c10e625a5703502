"""What the pages of customers and of home say, for programs. Money is in minor units."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from joren.act.journeys import selectors as journeys
from joren.act.journeys.contracts import Place, Word
from joren.act.messages import selectors as ledger
from joren.act.messages.contracts import Sent
from joren.collect.customers import selectors as people
from joren.collect.orders import selectors as facts
from joren.collect.quality.contracts import Verdict
from joren.collect.quality.selectors import verdicts_in
from joren.core.errors import BadInput
from joren.core.ids import CustomerId
from joren.plumbing.access import Scope, caller
from joren.plumbing.cursor import Slice
from joren.plumbing.http import FigureListing, Listing
from joren.plumbing.warehouse import warehouse
from joren.project import selection
from joren.project.home import Home, home_of
from joren.project.pages import searches
from joren.project.selection import Totals, Wanted
from joren.project.timeline import plain, timeline_of
from joren.protect.audit import services as audit
from joren.understand.ltv import selectors as values

router = Router()


class WantedIn(Schema):
    """The filter. Choices may be repeated; ``-`` is who has no value there."""

    stage: list[str] | None = None
    rfm_r: list[str] | None = None
    rfm_f: list[str] | None = None
    rfm_m: list[str] | None = None
    decile: list[str] | None = None
    cpm: list[str] | None = None
    vip: list[str] | None = None
    store: list[str] | None = None
    source: list[str] | None = None
    category: list[str] | None = None
    subscriber: list[str] | None = None
    revenue_from: int | None = None
    revenue_to: int | None = None
    profit_from: int | None = None
    profit_to: int | None = None
    predicted_from: int | None = None
    predicted_to: int | None = None
    orders_from: int | None = None
    orders_to: int | None = None
    first_from: date | None = None
    first_to: date | None = None
    last_from: date | None = None
    last_to: date | None = None
    since: int | None = None
    was_stage: list[str] | None = None
    was_rfm_r: list[str] | None = None
    was_rfm_f: list[str] | None = None
    was_rfm_m: list[str] | None = None
    was_decile: list[str] | None = None
    was_cpm: list[str] | None = None
    was_vip: list[str] | None = None


class KindsIn(Schema):
    """Kinds of moments, repeated; none: all."""

    kind: list[str] | None = None


class MemberOut(Schema):
    customer_id: int
    first_on: date
    last_on: date
    orders: int
    revenue_past: int
    profit_past: int | None
    revenue_365d: float | None
    revenue_365d_low: float | None
    revenue_365d_high: float | None
    profit_365d: float | None
    profit_365d_low: float | None
    profit_365d_high: float | None
    level: float | None
    interval_why: str
    p_alive: float | None
    first_store_id: int | None
    first_source: str | None
    first_category: str | None
    subscriber: bool | None
    stage: str
    rfm_r: int | None
    rfm_f: int | None
    rfm_m: int | None
    decile: int | None
    cpm: str
    vip: bool


class KnownAsOut(Schema):
    id: int
    kind: str
    store: str
    value: str


class PersonOut(Schema):
    id: int
    name: str
    name_kana: str
    email: str
    phone: str
    postal_code: str
    prefecture: str
    city: str
    street: str
    building: str
    acquisition_source: str
    language: str
    time_zone: str
    registered_at: datetime | None
    known_as: list[KnownAsOut]


class FoundOut(PersonOut):
    """``why_none``: why they have no figures, ``no_order_yet`` or ``not_yet_known`` until the next
    refresh; "" where they have some."""

    why_none: str


class CauseOut(Schema):
    say: str
    what: str
    at: datetime | None
    words: str


class WhereaboutsOut(Schema):
    """One journey: ``place`` is waiting, done, goal, left or never; ``causes`` say why."""

    journey: int
    name: str
    state: str
    place: Place
    causes: list[CauseOut]
    since: datetime | None
    ended: datetime | None


class SearchIn(Schema):
    """Words are sent in the body: an address stays in logs."""

    words: str
    after: str = ""
    limit: int = 50


class StoodOut(Schema):
    snapshot_id: int
    as_of: date
    stage: str | None
    rfm_r: int | None
    rfm_f: int | None
    rfm_m: int | None
    decile: int | None
    cpm: str | None
    vip: bool | None
    orders: int
    revenue_past: int
    revenue_365d: float | None


@router.get("/home", response=Home)
def home(request: HttpRequest, snapshot: int | None = None) -> Any:
    """What the customer base is worth, how it moved, and what to do next, the most pressing
    first."""
    return home_of(values.snapshot(snapshot))


@router.get("/customers", response=FigureListing[MemberOut, Verdict])
def customers(
    request: HttpRequest,
    wanted: Query[WantedIn],
    sort: str = "-revenue_past",
    after: str = "",
    limit: int = 100,
    snapshot: int | None = None,
) -> Any:
    """The customers that a filter chooses, without names; ``sort`` begins with - to fall. Of the
    year ahead each has the interval (``…_low``, ``…_high`` at ``level``), or ``interval_why`` not.
    """
    chosen = values.snapshot(snapshot)
    found = selection.members(
        chosen, _read(wanted), sort=sort, after=after, limit=max(1, min(limit, 1000))
    )
    enough = verdicts_in(warehouse(), chosen, "rfm", "predictions", "profit")
    shown = selection.with_bounds(chosen, found.items)
    return {"items": shown, "next": found.next, "verdicts": enough}


@router.get("/customers/totals", response=Totals)
def totals(request: HttpRequest, wanted: Query[WantedIn], snapshot: int | None = None) -> Any:
    """How many a filter chooses, and what they add up to."""
    return selection.totals(values.snapshot(snapshot), _read(wanted))


@router.post("/customers/search", response=Listing[FoundOut], auth=Scope("view_personal"))
def search(request: HttpRequest, body: SearchIn) -> Any:
    """People by any part of a name or kana, e-mail, last digits of a phone, customer number or
    order number, whether they have bought yet or not."""
    if not body.words.strip():
        raise BadInput("nothing was asked for", hint='{"words": "…"} in the body')
    found = selection.by_words(
        warehouse().snapshots.latest(), searches.found(body.words.strip()),
        after=body.after, limit=max(1, min(body.limit, 200)),
    )  # fmt: skip
    why = {row["customer_id"]: row["why_none"] for row in found.items}
    audit.record(
        "customers.searched",
        actor=caller(request).name,
        subject_kind="customers",
        customers=list(why),
    )
    told = [{**_person(CustomerId(one)), "why_none": none} for one, none in why.items()]
    return Slice(tuple(told), found.next)


@router.get("/customers/{customer_id}", response=PersonOut, auth=Scope("view_personal"))
def person(request: HttpRequest, customer_id: int) -> Any:
    """Who that is."""
    known = _person(CustomerId(customer_id))
    return known


@router.get(
    "/customers/{customer_id}/orders",
    response=Listing[dict[str, Any]],
    auth=Scope("view_personal"),
)
def orders(request: HttpRequest, customer_id: int, after: str = "", limit: int = 50) -> Any:
    """The customer's orders with lines and refunds, newest first."""
    known = people.customer(CustomerId(customer_id)).id
    identities = people.identity_ids_of(known)
    return facts.orders_under(warehouse(), identities, after=after, limit=max(1, min(limit, 500)))


@router.get(
    "/customers/{customer_id}/messages", response=Listing[Sent], auth=Scope("view_personal")
)
def messages_of(request: HttpRequest, customer_id: int, after: str = "", limit: int = 100) -> Any:
    """Every message that was to reach the customer, newest first, and why it did or did not."""
    person = people.customer(CustomerId(customer_id))
    return ledger.part_of_customer(person.id, after=after, limit=max(1, min(limit, 500)))


class MomentOut(Schema):
    """One moment: ``kind`` is orders, refunds, events, messages, consents or moves (from one stage
    to another); ``what`` is what that kind tells."""

    at: datetime
    kind: str
    number: int
    what: dict[str, Any]


@router.get(
    "/customers/{customer_id}/timeline", response=Listing[MomentOut], auth=Scope("view_personal")
)
def timeline(
    request: HttpRequest,
    customer_id: int,
    kinds: Query[KindsIn],
    after: str = "",
    limit: int = 50,
) -> Any:
    """All that happened with the customer, newest first."""
    known = people.customer(CustomerId(customer_id)).id
    found = timeline_of(known, kinds=kinds.kind or (), after=after, limit=max(1, min(limit, 200)))
    return {"items": [plain(one) for one in found.items], "next": found.next}


@router.get("/customers/{customer_id}/history", response=FigureListing[StoodOut, Verdict])
def history(request: HttpRequest, customer_id: int) -> Any:
    """Where the customer stood in each snapshot that is kept."""
    found = selection.history_of(CustomerId(customer_id))
    enough = verdicts_in(warehouse(), values.snapshot(), "rfm", "predictions") if found else ()
    return {"items": found, "next": "", "verdicts": enough}


def _read(wanted: WantedIn) -> Wanted:
    asked = {
        name: [str(one) for one in value] if isinstance(value, list) else [str(value)]
        for name, value in wanted.dict(exclude_none=True).items()
    }
    return selection.read(asked)


@router.get(
    "/customers/{customer_id}/attributes", response=Listing[Word], auth=Scope("view_personal")
)
def attributes_of(request: HttpRequest, customer_id: int) -> Any:
    """What journeys keep about the customer, and since when."""
    return journeys.words_about(people.customer(CustomerId(customer_id)).id)


@router.get(
    "/customers/{customer_id}/journeys",
    response=Listing[WhereaboutsOut],
    auth=Scope("view_personal"),
)
def journeys_of(request: HttpRequest, customer_id: int) -> Any:
    """Where the customer stands in each journey, or why they are not in it."""
    found = journeys.whereabouts(people.customer(CustomerId(customer_id)).id)
    return [
        {**asdict(one), "causes": [{**asdict(each), "words": each.words} for each in one.causes]}
        for one in found
    ]


def _person(customer_id: CustomerId) -> dict[str, Any]:
    known = people.customer(customer_id)
    return {**asdict(known), "known_as": people.identities_of(known.id)}
