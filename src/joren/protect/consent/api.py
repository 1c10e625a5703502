"""Consents for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from joren.accounts.selectors import business
from joren.core.ids import CustomerId
from joren.plumbing.access import Scope, caller, refuse_too_large
from joren.plumbing.http import Listing
from joren.plumbing.sent import laid_down
from joren.protect.consent import rules, selectors, services
from joren.protect.consent.contracts import BadRow, Links, Said, Standing

router = Router()


class MatterOut(Schema):
    channel: str
    purpose: str


class StandingOut(Schema):
    """``state`` is granted, relied, refused, pending or unasked."""

    matter: MatterOut
    state: str
    since: datetime | None
    entry: int | None
    may: bool

    @staticmethod
    def resolve_may(one: Standing) -> bool:
        return one.may


class EntryOut(Schema):
    id: int
    customer: int
    channel: str
    purpose: str
    act: str
    source: str
    at: datetime
    recorded_at: datetime
    by: str
    basis: str
    wording: int | None
    proof: str
    reason: str
    undoes: int | None


class ConsentsOut(Schema):
    """How things stand, and all that was said, newest first."""

    standings: list[StandingOut]
    entries: list[EntryOut]


class SaidIn(Schema):
    """``act`` is granted, withdrawn or relied; ``source`` form, api, line, shopify or staff."""

    channel: str
    purpose: str
    act: str
    source: str = "api"
    at: datetime | None = None
    basis: str = ""
    wording: int | None = None
    proof: str = ""
    reason: str = ""


class AskIn(Schema):
    channel: str
    purpose: str
    source: str = "form"
    wording: int | None = None
    proof: str = ""


class AskedOut(Schema):
    """The link that is to be sent to the address, and to nobody else."""

    link: str


class PermissionIn(Schema):
    customers: list[int]
    channel: str
    purpose: str


class PermissionOut(Schema):
    customer_id: int
    may: bool
    why: str


class ChoicesOut(Schema):
    offered: list[str]
    relies_on: list[str]
    confirm_days: int

    @staticmethod
    def resolve_offered(one: Any) -> list[str]:
        return [str(matter) for matter in one.offered]


class ChoicesChange(Schema):
    offered: list[str] | None = None
    relies_on: list[str] | None = None
    confirm_days: int | None = None


class WordingOut(Schema):
    id: int
    matter: MatterOut
    language: str
    version: int
    text: str
    since: datetime


class WordingIn(Schema):
    channel: str
    purpose: str
    language: str
    text: str


class ImportedOut(Schema):
    rows: int
    recorded: int
    repeated: int
    refused: int
    bad: list[BadRow]


@router.get("/customers/{customer_id}/consents", response=ConsentsOut, auth=Scope("view_personal"))
def consents(request: HttpRequest, customer_id: int) -> Any:
    """What one customer agreed to and refused."""
    return {
        "standings": selectors.standings_of(customer_id),
        "entries": selectors.entries_of(customer_id),
    }


@router.post(
    "/customers/{customer_id}/consents",
    response={201: ConsentsOut},
    auth=Scope("record_consents"),
)
def record_consent(request: HttpRequest, customer_id: int, body: SaidIn) -> Any:
    """Write down what was said; the same again adds nothing."""
    if body.act == "requested":
        rules.check_from_outside(body.proof)
    services.record(CustomerId(customer_id), Said(**body.dict()), by=caller(request).name)
    return Status(201, consents(request, customer_id))


@router.post(
    "/customers/{customer_id}/consents/ask",
    response={201: AskedOut},
    auth=Scope("record_consents"),
)
def ask_consent(request: HttpRequest, customer_id: int, body: AskIn) -> Any:
    """Double opt-in: write down that it was asked for, and get the link to confirm by."""
    matter = rules.matter_named(f"{body.channel}/{body.purpose}")
    rules.check_from_outside(body.proof)
    said = Said(
        body.channel, body.purpose, "requested", body.source, wording=body.wording, proof=body.proof
    )
    return Status(201, {"link": services.ask(customer_id, matter, said, by=caller(request).name)})


@router.get(
    "/customers/{customer_id}/consents/links", response=Links, auth=Scope("record_consents")
)
def consent_links(request: HttpRequest, customer_id: int, channel: str, purpose: str) -> Any:
    """The links and headers that a message to this customer carries (RFC 8058)."""
    matter = rules.matter_named(f"{channel}/{purpose}")
    return services.links_for(customer_id, channel=matter.channel, purpose=matter.purpose)


@router.post("/consents/permission", response=Listing[PermissionOut], auth=Scope("treat"))
def permission(request: HttpRequest, body: PermissionIn) -> Any:
    """Of these customers, who may be written to, and why not."""
    found = selectors.may_be_written_to(body.customers, channel=body.channel, purpose=body.purpose)
    return found.to_pylist()


@router.get("/consents/counts", response=dict[str, dict[str, int]])
def consent_counts(request: HttpRequest) -> Any:
    """How many customers stand how, by what the shop asks about."""
    return {
        str(one): found for one, found in selectors.counts(*selectors.choices().offered).items()
    }


@router.get("/consents/choices", response=ChoicesOut)
def choices(request: HttpRequest) -> Any:
    """What the shop asks about, and on which exceptions of the law it relies."""
    return selectors.choices()


@router.patch("/consents/choices", response=ChoicesOut, auth=Scope("change_settings"))
def change_choices(request: HttpRequest, body: ChoicesChange) -> Any:
    """Change what the shop asks about or relies on."""
    return services.choose(by=caller(request).name, **body.dict(exclude_unset=True))


@router.get("/consents/wordings", response=Listing[WordingOut])
def wordings(request: HttpRequest) -> Any:
    """Every version of what was shown to those who were asked."""
    return list(selectors.wordings())


@router.post("/consents/wordings", response={201: WordingOut}, auth=Scope("change_settings"))
def word(request: HttpRequest, body: WordingIn) -> Any:
    """Say what is shown from now on; a changed text is another version."""
    matter = rules.matter_named(f"{body.channel}/{body.purpose}")
    return Status(
        201, services.word(matter, body.text, language=body.language, by=caller(request).name)
    )


@router.post("/consents/import", response=ImportedOut, auth=Scope("import"))
def import_consents(
    request: HttpRequest,
    file: File[UploadedFile],
    store: Form[str] = "",
    as_of: Form[date | None] = None,
) -> Any:
    """Take a CSV of consents in; what is wrong is told by row, column and value."""
    refuse_too_large(request)
    with laid_down(file, suffix=".csv") as path:
        return services.import_consents(
            path,
            zone=business().time_zone,
            by=caller(request).name,
            store=store,
            as_of=as_of,
        )
