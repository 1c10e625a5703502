"""Files of segments for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Router

from joren.decide.exports import selectors, services
from joren.decide.exports.contracts import Encoding, LabelReport
from joren.plumbing.access import Scope, caller

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
