"""What works without third-party cookies, for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from joren.plumbing.warehouse import warehouse
from joren.project.first_party import first_party as counted

router = Router()


class OfSourceOut(Schema):
    source: int
    name: str
    kind: str
    n: int
    named: int
    devices: int
    linked: int
    customers: int
    first: date
    last: date


class OfStoreOut(Schema):
    store: int
    name: str
    n: int
    linked: int
    sourced: int
    first: date
    last: date


class FirstPartyOut(Schema):
    as_of: date
    events: list[OfSourceOut]
    orders: list[OfStoreOut]


@router.get("", response=FirstPartyOut)
def first_party(request: HttpRequest) -> Any:
    return counted(warehouse())
