"""A review on paper: as PDF, and by mail."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_POST

from joren.plumbing import problems
from joren.plumbing.access import caller, needs
from joren.plumbing.pdf import PdfUnavailable
from joren.project.pages.deeds import carry_out
from joren.project.pages.views import printing


@needs("view_figures")
def pdf(request: HttpRequest, number: int) -> HttpResponse:
    """The review as PDF, in the reader's language."""
    try:
        drawn = printing.review_pdf(number, language=get_language() or "ja")
    except PdfUnavailable as refusal:
        messages.error(request, problems.in_one_line(refusal))
        return HttpResponseRedirect(reverse("review", args=[number]))
    answer = HttpResponse(drawn, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="review-{number}.pdf"'
    return answer


@needs("treat")
@require_POST
def mail(request: HttpRequest, number: int) -> HttpResponse:
    """Mail it to whom it names."""

    def deed() -> str:
        to = printing.mail_review(number, by=caller(request).name, language=get_language() or "ja")
        return gettext("Mailed to %(to)s.") % {"to": ", ".join(to)}

    return carry_out(request, deed, then="review", args=[number])
