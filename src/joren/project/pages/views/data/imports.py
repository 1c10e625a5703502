"""Files in, by hand: upload, progress, the next step, and the figures that come of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from joren.collect.connectors import selectors, services
from joren.collect.connectors.contracts import KINDS, ImportState, NothingUploaded
from joren.collect.customers import selectors as customers
from joren.collect.orders.contracts import ORDERS, RATES
from joren.core.errors import BadInput
from joren.plumbing import problems
from joren.plumbing.access import caller, needs, refuse_too_large
from joren.plumbing.warehouse import warehouse
from joren.project import refresh_runs, showing, tasks
from joren.project.pages.views.data import words

RECENT = 20


@dataclass(frozen=True)
class Shown:
    """An import in the reader's language."""

    state: ImportState
    kind: str
    status: str
    look: str
    phase: str
    problem: problems.Told | None
    notices: tuple[str, ...]
    percent: int
    may_cancel: bool
    may_retry: bool
    may_undo: bool
    wants_columns: bool


@needs("view_figures")
def data(request: HttpRequest) -> HttpResponse:
    after = request.GET.get("after", "")
    shown = {
        **_progress(request, after),
        "kinds": [(kind, gettext(words.KINDS[kind])) for kind in KINDS],
        "formats": [(name, gettext(label)) for name, label in words.FORMATS.items()],
        "stores": [store.name for store in customers.stores()],
        "mappings": len(selectors.mappings()),
    }
    return render(request, "pages/data/index.html", shown)


@needs("view_figures")
def progress(request: HttpRequest) -> HttpResponse:
    return render(
        request, "pages/data/_progress.html", _progress(request, request.GET.get("after", ""))
    )


@needs("import")
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    refuse_too_large(request)
    sent, said = request.FILES.getlist("files"), request.POST
    if not sent:
        raise NothingUploaded("no file was chosen", hint=gettext("Choose one file or several."))
    kind = next((one for one in KINDS if one == said.get("kind")), None)
    if kind is None:
        raise BadInput(f"no kind {said.get('kind')!r}", hint=", ".join(KINDS))
    hold = bool(said.get("hold"))
    ids = [
        services.receive(
            one,
            kind=kind,
            actor=caller(request).name,
            store=said.get("store", ""),
            format=said.get("format", "auto") if kind == "orders" else "auto",
            hold=hold,
        )
        for one in sent
    ]
    if hold and len(ids) == 1:
        return HttpResponseRedirect(reverse("data_import", args=[ids[0]]))
    text = ngettext("%(n)s file is being taken in.", "%(n)s files are being taken in.", len(ids))
    messages.success(request, text % {"n": len(ids)})
    return HttpResponseRedirect(reverse("data"))


@needs("import")
@require_POST
def cancel(request: HttpRequest, import_id: int) -> HttpResponse:
    services.cancel(import_id, actor=caller(request).name)
    return HttpResponseRedirect(reverse("data"))


@needs("import")
@require_POST
def undo(request: HttpRequest, import_id: int) -> HttpResponse:
    services.undo_import(import_id, actor=caller(request).name)
    return HttpResponseRedirect(reverse("data"))


@needs("import")
@require_POST
def again(request: HttpRequest, import_id: int) -> HttpResponse:
    services.begin(import_id, actor=caller(request).name)
    return HttpResponseRedirect(reverse("data"))


@needs("import")
@require_POST
def refresh(request: HttpRequest) -> HttpResponse:
    tasks.start_refresh(actor=caller(request).name)
    return HttpResponseRedirect(reverse("data"))


def _progress(request: HttpRequest, after: str) -> dict[str, Any]:
    found = selectors.imports(after=after, limit=RECENT, by_itself=False)
    house = warehouse()
    latest = house.snapshots.latest()
    known = latest.facts if latest else {}
    version = house.lake.version(ORDERS)
    refresh_runs.give_up_the_dead()  # else its button would never come back
    run = refresh_runs.latest()
    may = caller(request).may("import")
    undoable = selectors.undoable()
    return {
        "imports": [show(one, may=may, undoable=undoable) for one in found.items],
        "next": found.next,
        "after": after,
        "waiting": selectors.waiting_count(),
        "run": run,
        "run_status": gettext(words.STATUSES[run.status]) if run else "",
        "run_phase": _said(words.PHASES, run.step) if run else "",
        "run_problem": problems.told_of(run.code, run.message, run.hint)
        if run and run.message
        else None,
        "run_percent": round(100 * run.share) if run else 0,
        "latest": latest,
        "has_orders": version >= 0,
        "is_stale": version >= 0
        and any(known.get(one.name, -1) != house.lake.version(one) for one in (ORDERS, RATES)),
        "busy": any(one.is_open for one in found.items) or bool(run and run.is_open),
        "may_import": may,
    }


def show(one: ImportState, *, may: bool, undoable: int | None = None) -> Shown:
    """The import as the page tells it."""
    return Shown(
        state=one,
        kind=gettext(words.KINDS[one.kind]),
        status=gettext(words.STATUSES[one.status]),
        look=words.LOOKS.get(one.status, ""),
        phase=_said(words.PHASES, one.phase),
        problem=problems.told_of(one.code, one.message, one.hint) if one.message else None,
        notices=tuple(showing.reason(notice) for notice in one.notices),
        percent=round(100 * one.share),
        may_cancel=may and one.status in ("held", "waiting", "reading") and not one.cancelling,
        may_retry=may and one.kept and one.status in ("refused", "failed", "cancelled"),
        may_undo=may and one.id == undoable,
        wants_columns=one.kept
        and (one.status == "held" or one.code in ("ColumnsUnknown", "RowsUnreadable")),
    )


def _said(known: dict[str, str], word: str) -> str:
    return gettext(known[word]) if word in known else ""
