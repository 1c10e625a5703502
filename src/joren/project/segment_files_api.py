"""Everybody in a segment as a file, for programs."""

from __future__ import annotations

from django.http import HttpRequest, StreamingHttpResponse
from django.utils.translation import get_language
from ninja import Router

from joren.decide.exports.contracts import Encoding
from joren.plumbing.access import Scope, caller
from joren.project.pages.segment_files import take_segment

router = Router()


@router.get("/segments/{number}/file", response=str, auth=Scope("export"))
def segment_file(
    request: HttpRequest, number: int, encoding: Encoding = "utf-8"
) -> StreamingHttpResponse:
    """Its members as CSV with their figures; names and contacts too for whoever may take those.

    Who took it is written down.
    """
    who = caller(request)
    parts = take_segment(
        number, encoding=encoding, personal=who.may("export_personal"), by=who.name,
        language=get_language() or "ja",
    )  # fmt: skip
    answer = StreamingHttpResponse(
        (part for part, _ in parts), content_type=f"text/csv; charset={encoding}"
    )
    answer["Content-Disposition"] = f'attachment; filename="segment-{number}.csv"'
    return answer
