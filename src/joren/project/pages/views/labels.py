"""Names for envelopes: who is in the file of a segment, and the file."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop

from joren.decide.exports import selectors, services
from joren.decide.exports.contracts import GETA, Encoding
from joren.decide.segments import selectors as segments
from joren.plumbing.access import caller, needs
from joren.project.pages.sections import of_the_latest
from joren.warehouse import Snapshot

_WHY = {
    "refused": gettext_noop("refused post"),
    "pending": gettext_noop("asked, and has not confirmed yet"),
    "unasked": gettext_noop("never agreed to post"),
    "gone": gettext_noop("is not there any more"),
}


@needs("export_personal")
def labels(request: HttpRequest, number: int) -> HttpResponseBase:
    """What the file holds, or with ``?format=csv`` the file itself."""
    kept = segments.segment(number)
    encoding: Encoding = "cp932" if request.GET.get("encoding") == "cp932" else "utf-8"

    def page(request: HttpRequest, _snapshot: Snapshot) -> HttpResponseBase:
        if request.GET.get("format") == "csv":
            lines = services.take_labels(number, encoding=encoding, by=caller(request).name)
            answer = StreamingHttpResponse(lines, content_type=f"text/csv; charset={encoding}")
            name = quote(gettext("%(name)s envelopes") % {"name": kept.name})
            answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}.csv"
            return answer
        report = selectors.label_report(number, "cp932")
        shown = {
            "kept": kept,
            "report": report,
            "refused": [
                (gettext(_WHY[why]) if why in _WHY else why, n)
                for why, n in sorted(report.refused.items())
            ],
            "geta": GETA,
        }
        return render(request, "pages/segments/labels.html", shown)

    return of_the_latest("Segments")(page)(request)
