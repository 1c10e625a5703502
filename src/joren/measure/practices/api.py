"""Practices for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import FileResponse, HttpRequest
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile

from joren.measure.practices import selectors, services
from joren.measure.practices.contracts import (
    AuditStanding,
    Evidence,
    Practice,
    PracticeText,
    Scored,
    SelfAudit,
    Step,
    Unit,
)
from joren.plumbing.access import Scope, caller, refuse_too_large
from joren.plumbing.http import Listing

router = Router()


class PracticeNameIn(Schema):
    name: str


class PracticeStepIn(Schema):
    what: str
    done: bool = False


class PracticeIn(Schema):
    """All of it; what is left out is empty. ``cost`` is of one unit, in minor units."""

    owner: int | None = None
    steps: tuple[PracticeStepIn, ...] = ()
    evidence: str = ""
    unit: Unit = "customer"
    cost: int | None = None
    started_on: date | None = None
    stopped_on: date | None = None
    holdout: int | None = None
    decision: str = ""


class EvidenceLinkIn(Schema):
    url: str
    name: str = ""
    note: str = ""


class PracticeScoredIn(Schema):
    score: int
    evidence: str = ""


class PracticeAuditIn(Schema):
    """A score from 0 to 3 for each of the fifteen, by code."""

    scores: dict[str, PracticeScoredIn]


@router.get("/practices", response=Listing[Practice])
def practices(request: HttpRequest) -> Any:
    """The fifteen in their order, then the shop's own."""
    return selectors.practices()


@router.post("/practices", response={201: Practice}, auth=Scope("treat"))
def add(request: HttpRequest, body: PracticeNameIn) -> Any:
    """One of the shop's own."""
    return Status(201, services.add(body.name, by=caller(request).name))


@router.get("/practices/audits", response=Listing[SelfAudit])
def audits(request: HttpRequest) -> Any:
    """The audits of the fifteen, newest quarter first."""
    return selectors.audits()


@router.get("/practices/standing", response=AuditStanding)
def standing(request: HttpRequest) -> Any:
    """Was this quarter's audit held, and how do the last two compare?"""
    return selectors.standing()


@router.post("/practices/audits", response={201: SelfAudit}, auth=Scope("treat"))
def assess(request: HttpRequest, body: PracticeAuditIn) -> Any:
    """Score all fifteen for this quarter; said again, it replaces what was said."""
    scores = {code: Scored(one.score, one.evidence) for code, one in body.scores.items()}
    return Status(201, services.assess(scores, by=caller(request).name))


@router.get("/practices/{key}", response=Practice)
def practice(request: HttpRequest, key: str) -> Any:
    """One of them."""
    return selectors.practice(key)


@router.put("/practices/{key}", response=Practice, auth=Scope("treat"))
def write(request: HttpRequest, key: str, body: PracticeIn) -> Any:
    """Say all of it anew."""
    said = body.dict()
    said["steps"] = tuple(Step(**one) for one in said["steps"])
    return services.write(key, PracticeText(**said), by=caller(request).name)


@router.delete("/practices/{key}", response={204: None}, auth=Scope("treat"))
def remove(request: HttpRequest, key: str) -> Any:
    """Remove one of the shop's own that was never begun and never tried, with what shows it."""
    services.remove(key, by=caller(request).name)
    return Status(204, None)


@router.get("/practices/{key}/evidence", response=Listing[Evidence])
def evidence(request: HttpRequest, key: str) -> Any:
    """Files and links that show it, newest first."""
    return selectors.evidence_of(key)


@router.post("/practices/{key}/evidence/links", response={201: Evidence}, auth=Scope("treat"))
def add_link(request: HttpRequest, key: str, body: EvidenceLinkIn) -> Any:
    """Keep a link."""
    return Status(201, services.add_link(key, **body.dict(), by=caller(request).name))


@router.post("/practices/{key}/evidence/files", response={201: Evidence}, auth=Scope("treat"))
def add_file(request: HttpRequest, key: str, file: File[UploadedFile], note: Form[str] = "") -> Any:
    """Keep a file: PDF, picture, Excel, Word, PowerPoint, CSV or text, up to 10 MB."""
    refuse_too_large(request)
    made = services.add_file(
        key, name=file.name or "", parts=file.chunks(), note=note, by=caller(request).name
    )
    return Status(201, made)


@router.get("/practice-evidence/{number}/file")
def take(request: HttpRequest, number: int) -> FileResponse:
    """The file. Who took it is written down."""
    one, path = services.take(number, by=caller(request).name)
    return FileResponse(path.open("rb"), as_attachment=True, filename=one.name,
                        content_type=one.media_type)  # fmt: skip


@router.delete("/practice-evidence/{number}", response={204: None}, auth=Scope("treat"))
def drop(request: HttpRequest, number: int) -> Any:
    """Remove one, with its file."""
    services.drop(number, by=caller(request).name)
    return Status(204, None)
