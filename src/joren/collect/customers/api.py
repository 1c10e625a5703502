"""Who is one person, for programs: pairs that wait, merges, and what is kept apart."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from joren.collect.customers import contracts, selectors, services
from joren.core.ids import CustomerId
from joren.plumbing.access import Scope, caller
from joren.plumbing.http import Listing
from joren.plumbing.warehouse import warehouse
from joren.protect.audit import services as audit

router = Router()


class DoubleOut(Schema):
    """``score`` orders the list; it is no probability."""

    id: int
    one: int
    other: int
    evidence: list[contracts.Evidence]
    score: int
    likelihood: contracts.Likelihood
    found_at: datetime


class MergeOut(Schema):
    id: int
    winner: int
    loser: int
    at: datetime
    by: str
    why: str
    evidence: list[str]
    undone_at: datetime | None
    undone_by: str


class FoundOut(Schema):
    new: int
    waiting: dict[contracts.Likelihood, int]


class PlaceholderOut(Schema):
    """``numbers`` is with how many customer numbers joren found it, null where a person said so."""

    contact: str
    real: bool
    numbers: int | None
    by: str
    why: str
    at: datetime


class ContactIn(Schema):
    contact: str
    why: str = ""


class WhyIn(Schema):
    why: str = ""


class WithIn(Schema):
    other: int
    why: str = ""


class MadeOut(Schema):
    merge: int


@router.get("/duplicates", response=Listing[DoubleOut], auth=Scope("view_personal"))
def doubles(
    request: HttpRequest,
    likelihood: contracts.Likelihood | None = None,
    after: str = "",
    limit: int = 50,
) -> Any:
    """Pairs of customers who may be one and wait for a decision."""
    found = selectors.doubles(likelihood=likelihood, after=after, limit=max(1, min(limit, 500)))
    seen = (number for pair in found.items for number in (pair.one, pair.other))
    audit.customers_compared(seen, actor=caller(request).name)
    return found


@router.post("/duplicates/find", response=FoundOut, auth=Scope("edit_people"))
def find(request: HttpRequest) -> Any:
    """Look for pairs now; each refresh does it as well. Nobody is joined by it."""
    new = services.look_for_doubles(warehouse())
    return {"new": new, "waiting": selectors.doubles_waiting()}


@router.post("/duplicates/{pair}/merge", response=MadeOut, auth=Scope("edit_people"))
def merge_pair(request: HttpRequest, pair: int, body: WhyIn) -> Any:
    """These two are one: the younger becomes part of the older."""
    two = selectors.double(pair)
    by = caller(request).name
    return {"merge": services.merge_customers(two.one, two.other, by=by, why=body.why)}


@router.post("/duplicates/{pair}/apart", response={204: None}, auth=Scope("edit_people"))
def part_pair(request: HttpRequest, pair: int, body: WhyIn) -> Any:
    """These are two people; nobody is asked of them again."""
    two = selectors.double(pair)
    services.keep_apart(two.one, two.other, by=caller(request).name, why=body.why)
    return Status(204, None)


@router.post("/customers/{customer_id}/merge", response=MadeOut, auth=Scope("edit_people"))
def merge(request: HttpRequest, customer_id: int, body: WithIn) -> Any:
    """Make the younger of two customers part of the older."""
    one, other = CustomerId(customer_id), CustomerId(body.other)
    by = caller(request).name
    return {"merge": services.merge_customers(one, other, by=by, why=body.why)}


@router.post("/customers/{customer_id}/apart", response={204: None}, auth=Scope("edit_people"))
def apart(request: HttpRequest, customer_id: int, body: WithIn) -> Any:
    """Remember that two customers are two people."""
    one, other = CustomerId(customer_id), CustomerId(body.other)
    services.keep_apart(one, other, by=caller(request).name, why=body.why)
    return Status(204, None)


@router.get(
    "/customers/{customer_id}/merges", response=Listing[MergeOut], auth=Scope("view_personal")
)
def merges(request: HttpRequest, customer_id: int) -> Any:
    """The merges that made this customer, newest first."""
    return selectors.merges_of(selectors.customer(CustomerId(customer_id)).id)


@router.post("/merges/{merge_id}/undo", response={204: None}, auth=Scope("edit_people"))
def undo(request: HttpRequest, merge_id: int) -> Any:
    """Part two customers again, exactly as they were; they stay apart from then on."""
    services.undo_merge(merge_id, by=caller(request).name)
    return Status(204, None)


@router.get("/placeholders", response=Listing[PlaceholderOut], auth=Scope("edit_people"))
def placeholders(request: HttpRequest) -> Any:
    """E-mails and phones that name nobody, and those of which somebody said that they do."""
    return selectors.placeholders()


@router.post("/placeholders", response={204: None}, auth=Scope("edit_people"))
def name_nobody(request: HttpRequest, body: ContactIn) -> Any:
    """This e-mail or phone joins no two from now on."""
    services.name_nobody(body.contact, by=caller(request).name, why=body.why)
    return Status(204, None)


@router.post("/placeholders/real", response={204: None}, auth=Scope("edit_people"))
def name_somebody(request: HttpRequest, body: ContactIn) -> Any:
    """It is a real person's after all."""
    services.name_somebody(body.contact, by=caller(request).name, why=body.why)
    return Status(204, None)
