"""Files and links that show a practice, on its page."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from joren.core.errors import BadInput
from joren.measure.practices import selectors, services
from joren.measure.practices.contracts import EVIDENCE_TYPES, MOST_BYTES
from joren.plumbing.access import caller, needs, refuse_too_large
from joren.project.pages.deeds import carry_out


def shown(key: str) -> dict[str, Any]:
    """What the page lists, and what may be added."""
    return {
        "pieces": selectors.evidence_of(key),
        "types": ",".join(EVIDENCE_TYPES),
        "most_mb": MOST_BYTES // 2**20,
        "removable": selectors.removable(selectors.practice(key)),
    }


@needs("treat")
@require_POST
def add(request: HttpRequest, key: str) -> HttpResponse:
    """A file, or a link."""
    sent = request.POST

    def deed() -> str:
        refuse_too_large(request)
        file, url = request.FILES.get("file"), sent.get("url", "").strip()
        if file is not None:
            services.add_file(
                key, name=file.name or "", parts=file.chunks(), note=sent.get("note", ""),
                by=caller(request).name,
            )  # fmt: skip
        elif url:
            services.add_link(
                key, url=url, name=sent.get("name", ""), note=sent.get("note", ""),
                by=caller(request).name,
            )  # fmt: skip
        else:
            raise BadInput("no file came", hint="choose one, or write a link")
        return gettext("Kept.")

    return carry_out(request, deed, then="practice", args=[key])


@needs("view_figures")
def take(request: HttpRequest, number: int) -> FileResponse:
    """The file; who took it is written down."""
    one, path = services.take(number, by=caller(request).name)
    return FileResponse(path.open("rb"), as_attachment=True, filename=one.name,
                        content_type=one.media_type)  # fmt: skip


@needs("treat")
@require_POST
def drop(request: HttpRequest, number: int) -> HttpResponse:
    """Remove one."""
    one = selectors.evidence(number)

    def deed() -> str:
        services.drop(number, by=caller(request).name)
        return gettext("Removed.")

    return carry_out(request, deed, then="practice", args=[one.practice])


@needs("treat")
@require_POST
def remove(request: HttpRequest, key: str) -> HttpResponse:
    """Remove the practice, with all that shows it."""

    def deed() -> str:
        services.remove(key, by=caller(request).name)
        return gettext("Removed.")

    return carry_out(request, deed, then="practices")
