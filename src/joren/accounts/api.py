"""Members, keys and the business for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from joren.accounts import contracts, selectors, services
from joren.core.ids import UserId
from joren.plumbing.access import Scope, caller
from joren.plumbing.http import Listing

router = Router()


class CallerOut(Schema):
    name: str
    actions: list[str]


class BusinessOut(Schema):
    name: str
    time_zone: str
    currency: str | None
    simulated: bool
    profile: contracts.Profile | None
    nightly_at: str
    language: str


class BusinessChange(Schema):
    name: str | None = None
    time_zone: str | None = None
    currency: str | None = None
    profile: contracts.Profile | None = None
    nightly_at: str | None = None
    language: str | None = None


class MemberOut(Schema):
    id: int
    email: str
    name: str
    role: contracts.Role
    active: bool
    last_seen: datetime | None


class MemberIn(Schema):
    email: str
    role: str
    password: str
    name: str = ""


class RoleIn(Schema):
    role: str


class KeyOut(Schema):
    id: int
    name: str
    prefix: str
    scopes: list[str]
    issued_to: int
    issued_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class KeyIn(Schema):
    email: str
    name: str
    scopes: list[str]


class IssuedKeyOut(KeyOut):
    key: str


@router.get("/me", response=CallerOut)
def whoami(request: HttpRequest) -> Any:
    who = request.auth  # type: ignore[attr-defined]  # set by ninja
    return {"name": who.name, "actions": sorted(who.actions)}


@router.get("/business", response=BusinessOut)
def business(request: HttpRequest) -> Any:
    return selectors.business()


@router.patch("/business", response=BusinessOut, auth=Scope("change_settings"))
def change_business(request: HttpRequest, body: BusinessChange) -> Any:
    return services.change_business(by=caller(request).name, **body.dict(exclude_unset=True))


@router.get("/members", response=Listing[MemberOut], auth=Scope("manage_members"))
def members(request: HttpRequest) -> Any:
    return list(selectors.members())  # two of them as a tuple would be a status and its answer


@router.post("/members", response={201: MemberOut}, auth=Scope("manage_members"))
def add_member(request: HttpRequest, body: MemberIn) -> Any:
    return 201, services.add_member(by=caller(request).name, **body.dict())


@router.put("/members/{member_id}/role", response=MemberOut, auth=Scope("manage_members"))
def change_role(request: HttpRequest, member_id: int, body: RoleIn) -> Any:
    email = selectors.member_numbered(member_id).email
    return services.change_role(email, role=body.role, by=caller(request).name)


@router.delete("/members/{member_id}", response={204: None}, auth=Scope("manage_members"))
def remove_member(request: HttpRequest, member_id: int) -> Any:
    email = selectors.member_numbered(member_id).email
    services.remove_member(email, by=caller(request).name)
    return 204, None


@router.get("/keys", response=Listing[KeyOut], auth=Scope("manage_members"))
def keys(request: HttpRequest, member: int | None = None) -> Any:
    return list(selectors.api_keys(None if member is None else UserId(member)))


@router.post("/keys", response={201: IssuedKeyOut}, auth=Scope("manage_members"))
def issue_key(request: HttpRequest, body: KeyIn) -> Any:
    key, text = services.issue_api_key(
        body.email, name=body.name, scopes=tuple(body.scopes), by=caller(request).name
    )
    return 201, {**KeyOut.from_orm(key).dict(), "key": text}


@router.delete("/keys/{prefix}", response={204: None}, auth=Scope("manage_members"))
def revoke_key(request: HttpRequest, prefix: str) -> Any:
    services.revoke_api_key(prefix, by=caller(request).name)
    return 204, None
