"""Documents as texts, and the people of a rehearsal."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from typing import Annotated, Any, Final

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router

from joren.act.journeys import selectors, services
from joren.act.journeys.contracts import DAYS, RehearsedPage
from joren.act.journeys.selectors import Form
from joren.plumbing.access import Scope, caller

router = Router()
_MOST: Final = 200
Days = Annotated[int, Field(ge=1, le=DAYS)]
_AS_TEXT: Final = {
    "responses": {
        200: {
            "description": "OK",
            "content": {
                f"application/{form}": {"schema": {"type": "string"}} for form in ("yaml", "json")
            },
        }
    }
}


@router.get("/{number}/document", openapi_extra=_AS_TEXT)
def document(
    request: HttpRequest, number: int, form: Form = "yaml", version: int | None = None
) -> HttpResponse:
    """The draft, or the version of that number, as a text that can be sent back as it is."""
    text = selectors.document_text(number, form=form, which=version)
    return HttpResponse(text, content_type=f"application/{form}; charset=utf-8")


@router.get("/{number}/rehearsal/messages", response=RehearsedPage, auth=Scope("view_personal"))
def rehearsed(
    request: HttpRequest, number: int, node: str = "", after: str = "", limit: int = 50,
    days: Days = DAYS,
) -> Any:  # fmt: skip
    """Whom the draft would have written to, when, and what the gate would say; of each customer
    all messages together. Who read it is written down."""
    limit = max(1, min(limit, _MOST))
    found = selectors.rehearsed_page(number, days=days, node=node, after=after, limit=limit)
    services.rehearsed_taken(number, found, by=caller(request).name)
    return found
