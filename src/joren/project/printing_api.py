"""Reviews on paper, for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from joren.plumbing.access import Scope, caller
from joren.project.pages.views import printing

router = Router()


class ReviewMailIn(Schema):
    """``members`` by number; none: the decider and whoever has an action."""

    members: tuple[int, ...] = ()
    language: str = "ja"


class ReviewMailed(Schema):
    """To whom it went."""

    to: tuple[str, ...]


@router.get("/reviews/{number}/report.pdf", response=None, include_in_schema=True)
def review_pdf(request: HttpRequest, number: int, language: str = "ja") -> Any:  # noqa: ARG001 (ninja hands the request to every operation)
    """The review as PDF, in ja or en."""
    return HttpResponse(
        printing.review_pdf(number, language=language), content_type="application/pdf"
    )


@router.post("/reviews/{number}/mail", response=ReviewMailed, auth=Scope("treat"))
def mail_review(request: HttpRequest, number: int, body: ReviewMailIn) -> Any:
    """Mail it as PDF to members: those named, else the decider and owners of actions."""
    to = printing.mail_review(
        number, by=caller(request).name, members=body.members, language=body.language
    )
    return {"to": to}
