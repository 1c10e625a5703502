"""Files of segments for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from ninja import Router, Schema, Status

from joren.decide.exports import selectors, services
from joren.decide.exports.contracts import (
    Content,
    Encoding,
    Every,
    FileState,
    LabelReport,
    Rhythm,
)
from joren.plumbing.access import Scope, caller
from joren.plumbing.cursor import part_of
from joren.plumbing.http import Listing

router = Router()


@router.get("/segments/{number}/labels", response=str, auth=Scope("export_personal"))
def labels(
    request: HttpRequest, number: int, encoding: Encoding = "utf-8"
) -> StreamingHttpResponse:
    """Names for envelopes as CSV: members who may be written to by post. It is written down."""
    lines = services.take_labels(number, encoding=encoding, by=caller(request).name)
    answer = StreamingHttpResponse(lines, content_type=f"text/csv; charset={encoding}")
    answer["Content-Disposition"] = f'attachment; filename="labels-{number}.csv"'
    return answer


@router.get("/segments/{number}/labels/report", response=LabelReport, auth=Scope("export_personal"))
def label_report(request: HttpRequest, number: int, encoding: Encoding = "utf-8") -> Any:
    """Who is in the file and who is not, and which characters the encoding lacks."""
    return selectors.label_report(number, encoding)


class ExportRhythm(Schema):
    every: Every
    hour: int
    day: int = 1


class ExportScheduleOut(Schema):
    id: int
    segment: int
    name: str
    content: Content
    encoding: Encoding
    rhythm: ExportRhythm
    keep_days: int
    made_at: datetime
    made_by: str
    stopped_at: datetime | None
    next_at: datetime | None


class ExportScheduleIn(Schema):
    segment: int
    rhythm: ExportRhythm
    content: Content = "labels"
    encoding: Encoding = "utf-8"
    keep_days: int = 30


class ExportFileOut(Schema):
    id: int
    schedule: int
    segment: int
    content: Content
    encoding: Encoding
    due_at: datetime
    finished_at: datetime | None
    state: FileState
    people: int
    said: str


@router.get("/exports", response=Listing[ExportScheduleOut], auth=Scope("export_personal"))
def schedules(request: HttpRequest) -> Any:
    """Segments whose addresses or customers are written to a file again and again."""
    return list(selectors.export_schedules())


@router.post("/exports", response={201: ExportScheduleOut}, auth=Scope("export_personal"))
def plan(request: HttpRequest, body: ExportScheduleIn) -> Any:
    """Write a segment's addresses or customers to a file by that rhythm, by the shop's clocks."""
    made = services.plan_export(
        body.segment, Rhythm(**body.rhythm.dict()), by=caller(request).name,
        content=body.content, encoding=body.encoding, keep_days=body.keep_days,
    )  # fmt: skip
    return Status(201, made)


@router.post("/exports/{number}/stop", response={204: None}, auth=Scope("export_personal"))
def stop(request: HttpRequest, number: int) -> Any:
    """Write no more of them; what is kept stays until its time."""
    services.stop_export(number, by=caller(request).name)
    return Status(204, None)


@router.get("/exports/files", response=Listing[ExportFileOut], auth=Scope("export_personal"))
def files(request: HttpRequest, after: str = "", limit: int = 100) -> Any:
    """Files and failures, newest first."""
    every = selectors.export_files(limit=None)
    return part_of(every, after=after, limit=max(1, min(limit, 1000)), number=lambda one: one.id)


@router.get("/exports/files/{number}", response=str, auth=Scope("export_personal"))
def take(request: HttpRequest, number: int) -> FileResponse:
    """One file as it was written. It is written down who took it."""
    file, path = services.take_file(number, by=caller(request).name)
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name,
                        content_type=f"text/csv; charset={file.encoding}")  # fmt: skip
