"""Registered products for programs, such as the maker's own app."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import File, Router, Schema, Status, UploadedFile

from joren.collect.registrations import contracts, selectors, services
from joren.plumbing.access import Scope, caller, refuse_too_large
from joren.plumbing.http import Listing

router = Router()


class ProgrammeOut(Schema):
    id: int
    slug: str
    name: str
    store: str
    sku: str
    product_name: str
    takes: contracts.Takes
    serials: int
    registered: int
    agreed: int
    made_at: datetime
    closed_at: datetime | None
    address: str


class ProgrammeIn(Schema):
    name: str
    slug: str
    store: str
    sku: str = ""
    product_name: str = ""
    takes: contracts.Takes = "serials"


class AddedOut(Schema):
    added: int
    known: int
    bad: int


class LinkOut(Schema):
    serial: str
    link: str


class RegistrationIn(Schema):
    number: str
    email: str
    name: str = ""
    phone: str = ""
    agrees: bool = False
    shop: str = ""
    bought_on: date | None = None


class RegisteredOut(Schema):
    new: bool


@router.get("", response=Listing[ProgrammeOut])
def programmes(request: HttpRequest) -> Any:
    return [_out(one) for one in selectors.programmes()]


@router.post("", response={201: ProgrammeOut}, auth=Scope("change_settings"))
def open_programme(request: HttpRequest, body: ProgrammeIn) -> Any:
    return Status(201, _out(services.open_programme(by=caller(request).name, **body.dict())))


@router.delete("/{slug}", response={204: None}, auth=Scope("change_settings"))
def close_programme(request: HttpRequest, slug: str) -> Any:
    services.close_programme(slug, by=caller(request).name)
    return Status(204, None)


@router.post("/{slug}/serials", response=AddedOut, auth=Scope("import"))
def add_serials(request: HttpRequest, slug: str, file: Annotated[UploadedFile, File()]) -> Any:
    refuse_too_large(request)
    return services.add_serials(slug, file.chunks(), by=caller(request).name)


@router.get("/{slug}/link", response=LinkOut)
def link(request: HttpRequest, slug: str, serial: str) -> Any:
    programme = selectors.programme(slug)
    return {"serial": serial, "link": selectors.link_of(programme.slug, serial)}


@router.post("/{slug}/registrations", response=RegisteredOut, auth=Scope("import"))
def register(request: HttpRequest, slug: str, body: RegistrationIn) -> Any:
    proof = contracts.Proof(body.number, body.shop, body.bought_on)
    owner = contracts.Owner(body.email, body.name, body.phone, body.agrees)
    return {"new": services.register(slug, proof, owner, by=caller(request).name)}


def _out(one: contracts.Programme) -> dict[str, Any]:
    return {**asdict(one), "address": selectors.address_of(one.slug)}
