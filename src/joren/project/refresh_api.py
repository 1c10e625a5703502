"""Refreshes for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from joren.plumbing.access import Scope, caller
from joren.plumbing.http import Listing
from joren.project import refresh_runs, tasks

router = Router()


class RunOut(Schema):
    id: int
    status: str
    step: str
    share: float
    as_of: date | None
    asked_by: str
    asked_at: datetime
    begun_at: datetime | None
    finished_at: datetime | None
    seconds: float
    snapshot: int | None
    code: str
    message: str
    hint: str


class RefreshIn(Schema):
    as_of: date | None = None


@router.post("", response={202: RunOut}, auth=Scope("import"))
def refresh(request: HttpRequest, body: RefreshIn) -> Any:
    return Status(202, tasks.start_refresh(actor=caller(request).name, as_of=body.as_of))


@router.get("", response=Listing[RunOut])
def refreshes(request: HttpRequest, after: str = "", limit: int = 50) -> Any:
    return refresh_runs.runs(after=after, limit=max(1, min(limit, 500)))


@router.get("/{run_id}", response=RunOut)
def one_refresh(request: HttpRequest, run_id: int) -> Any:
    return refresh_runs.run(run_id)
