"""Files of segments that are written by themselves: planned, listed, taken."""

from __future__ import annotations

from typing import Any, Final, cast

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST

from joren.decide.exports import selectors, services
from joren.decide.exports.contracts import Every, ExportFile, ExportSchedule, Rhythm
from joren.decide.segments import selectors as segments
from joren.plumbing.access import caller, needs
from joren.project.pages.deeds import carry_out
from joren.project.pages.typed import must_be_whole, whole

CONTENT: Final = {
    "labels": gettext_noop("Names for envelopes"),
    "customers": gettext_noop("Customers with contacts and figures"),
}
EVERY: Final = {
    "day": gettext_noop("Every day"),
    "week": gettext_noop("Every week"),
    "month": gettext_noop("Every month"),
}
WEEKDAYS: Final = (
    gettext_noop("Monday"), gettext_noop("Tuesday"), gettext_noop("Wednesday"),
    gettext_noop("Thursday"), gettext_noop("Friday"), gettext_noop("Saturday"),
    gettext_noop("Sunday"),
)  # fmt: skip
STATES: Final = {
    "writing": gettext_noop("being written"),
    "kept": gettext_noop("kept"),
    "failed": gettext_noop("failed"),
    "gone": gettext_noop("kept no longer"),
}
_BADGES: Final = {"kept": "is-good", "failed": "is-bad"}


@needs("export_personal")
def exports(request: HttpRequest) -> HttpResponseBase:
    asked = request.GET.get("segment", "")
    shown: dict[str, Any] = {
        "schedules": [_schedule(one) for one in selectors.export_schedules()],
        "files": [_file(one) for one in selectors.export_files()],
        "segments": [(one.id, one.name) for one in segments.segments()],
        "chosen": whole(asked),
        "contents": [(code, gettext(words)) for code, words in CONTENT.items()],
        "wanted": request.GET.get("content", ""),
        "every": [(code, gettext(words)) for code, words in EVERY.items()],
        "weekdays": [(place, gettext(name)) for place, name in enumerate(WEEKDAYS, 1)],
        "hours": list(range(24)),
        "days": list(range(1, 32)),
    }
    return render(request, "pages/segments/exports.html", shown)


@needs("export_personal")
@require_POST
def plan(request: HttpRequest) -> HttpResponse:
    """Write a segment's addresses or customers again and again."""
    sent = request.POST

    def deed() -> str:
        every = sent.get("every", "")
        day = {"week": "weekday", "month": "monthday"}.get(every)
        made = services.plan_export(
            must_be_whole(sent.get("segment", "")),
            Rhythm(
                cast(Every, every), must_be_whole(sent.get("hour", "")),
                must_be_whole(sent.get(day, "")) if day else 1,
            ),
            by=caller(request).name,
            content="customers" if sent.get("content") == "customers" else "labels",
            encoding="cp932" if sent.get("encoding") == "cp932" else "utf-8",
            keep_days=must_be_whole(sent.get("keep_days", "")),
        )  # fmt: skip
        return gettext("Planned: the files of %(name)s.") % {"name": made.name}

    return carry_out(request, deed, then="exports")


@needs("export_personal")
@require_POST
def stop(request: HttpRequest, number: int) -> HttpResponse:
    def deed() -> str:
        services.stop_export(number, by=caller(request).name)
        return gettext("No more files of it are written.")

    return carry_out(request, deed, then="exports")


@needs("export_personal")
def take(request: HttpRequest, number: int) -> HttpResponseBase:
    file, path = services.take_file(number, by=caller(request).name)
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=path.name,
        content_type=f"text/csv; charset={file.encoding}",
    )  # fmt: skip


def _schedule(one: ExportSchedule) -> dict[str, Any]:
    rhythm = one.rhythm
    day = ""
    if rhythm.every == "week":
        day = gettext(WEEKDAYS[rhythm.day - 1])
    elif rhythm.every == "month":
        day = gettext("day %(day)s") % {"day": rhythm.day}
    words = " ".join(part for part in (gettext(EVERY[rhythm.every]), day) if part)
    return {
        "one": one,
        "content": gettext(CONTENT[one.content]),
        "rhythm": f"{words} {rhythm.hour}:00",
    }


def _file(one: ExportFile) -> dict[str, Any]:
    return {
        "one": one,
        "content": gettext(CONTENT[one.content]),
        "state": gettext(STATES[one.state]),
        "badge": _BADGES.get(one.state, ""),
        "kept": one.state == "kept",
    }
