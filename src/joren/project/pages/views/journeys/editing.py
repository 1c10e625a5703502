"""The draft of a journey: the document as text, and small forms that add to it and take away."""

from __future__ import annotations

from typing import Any, Final, Literal

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from joren.act.journeys import selectors, services
from joren.act.journeys.contracts import (
    REENTRY_NAMES,
    Document,
    Journey,
    JourneyMeaningless,
)
from joren.core.errors import JorenError
from joren.plumbing.access import caller, needs
from joren.plumbing.problems import told
from joren.project.pages.deeds import carry_out
from joren.project.pages.typed import whole
from joren.project.pages.views.journeys import forms, words
from joren.project.pages.views.journeys.begun import STAGE_NAMES
from joren.project.pages.views.journeys.drawing import diagram

_APART: Final = (
    "name", "holdout", "no_holdout_why", "stage", "owner", "kpi", "reentry", "reentry_days",
)  # fmt: skip
"""What has fields of its own beside the text."""
_LISTS: Final[tuple[Literal["triggers", "goal"], ...]] = ("triggers", "goal")
_DIGITS: Final = 6
_LARGEST: Final = 1_000_000
"""Bytes."""
_FIRST: Final[dict[str, Any]] = {
    "triggers": [{"kind": "event", "event": "Order Completed"}],
    "start": "wait",
    "nodes": [{"id": "wait", "do": "wait", "minutes": 1440, "then": "end"}],
}


@needs("treat")
def new(request: HttpRequest) -> HttpResponseBase:
    """Begin a journey: a name, the share left out, and a first document to go on from."""
    if request.method == "POST":
        return _saved(request, None)
    form = _form_of(request.GET.get("form", ""))
    said = {"holdout": "10", "reentry": "never", "document": selectors.as_text(_FIRST, form)}
    return _form(request, said, None)


@needs("treat")
def edit(request: HttpRequest, number: int) -> HttpResponseBase:
    """Change the draft; what runs stays as it is until it is published."""
    kept = selectors.journey(number)
    if request.method == "POST":
        return _saved(request, kept)
    return _form(request, _filled(kept, _form_of(request.GET.get("form", ""))), kept)


@needs("treat")
@require_POST
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Add a node after another one or take one away; a trigger or the goal alike."""
    said: list[str] = []

    def edited(document: Document) -> Document:
        fresh, done = _edited(request.POST, document)
        said.append(done)
        return fresh

    def deed() -> str:
        services.redraft(number, edited, by=caller(request).name)
        return said[-1]

    return carry_out(request, deed, then="journey_edit", args=[number])


def _edited(sent: QueryDict, document: Document) -> tuple[Document, str]:
    """The draft after what was asked, and what is said of it."""
    if name := sent.get("remove"):
        return selectors.without(document, name), gettext("The node is gone.")
    if name := sent.get("move"):
        after, way = forms.place(sent)
        return selectors.moved(document, name, after=after, way=way), gettext("It is moved.")
    if name := sent.get("change"):
        before = next((one for one in document.nodes if one.id == name), None)
        changed = selectors.altered(document, name, forms.node(sent, before))
        return changed, gettext("It is changed.")
    for which in _LISTS:
        place = sent.get(f"without_{which}", "")
        if place.isdecimal() and len(place) < _DIGITS:
            return selectors.starting_by(document, which, without=int(place)), gettext(
                "It is gone."
            )
    if "kind" in sent:
        which, more = forms.beginning(sent)
        return selectors.starting_by(document, which, more=more), gettext("It is added.")
    after, way = forms.place(sent)
    fresh = selectors.put_after(document, forms.node(sent), after=after, way=way)
    return fresh, gettext("The node is added.")


def _saved(request: HttpRequest, kept: Journey | None) -> HttpResponseBase:
    said, by = request.POST.dict(), caller(request).name
    try:
        document = _read(said, request.FILES.get("file"))
        made = (
            services.change(kept.id, document, by=by) if kept else services.create(document, by=by)
        )
    except JourneyMeaningless as refused:
        return _form(
            request, said, kept, status=refused.status, refusal=told(refused),
            faults=words.faults(refused.faults),
        )  # fmt: skip
    except JorenError as refused:
        return _form(request, said, kept, status=refused.status, refusal=told(refused))
    messages.success(request, gettext("The draft is kept."))
    return HttpResponseRedirect(reverse("journey_edit", args=[made.id]))


def _form(
    request: HttpRequest, said: dict[str, Any], kept: Journey | None, *, status: int = 200,
    refusal: Any = None, faults: list[words.Told] | None = None,
) -> HttpResponse:  # fmt: skip
    shown: dict[str, Any] = {
        "said": said, "kept": kept, "refusal": refusal, "faults": faults or [],
        "as_json": request.GET.get("form") == "json",
        "stages": [(one or "", gettext(name)) for one, name in STAGE_NAMES.items()],
        "reentries": [(one, gettext(name)) for one, name in REENTRY_NAMES.items()],
    }  # fmt: skip
    if kept:
        known, draft = words.names(), kept.draft
        if refusal is None:
            shown["faults"] = words.faults(services.check(draft))
        shown |= {
            "nodes": [
                (one.id, words.kind(one), words.node(one, known), selectors.targets(one))
                for one in draft.nodes
            ],
            "triggers": [words.occasion(one, known) for one in draft.triggers],
            "goals": [words.occasion(one, known) for one in draft.goal],
            "places": forms.places(draft, known),
            "diagram": diagram(draft, known),
            **_chosen(request, draft, known),
            "node_forms": forms.nodes(),
            "beginning_forms": forms.beginnings(),
        }
    return render(request, "pages/journeys/edit.html", shown, status=status)


def _chosen(request: HttpRequest, draft: Document, known: words.Names) -> dict[str, Any]:
    """The node that somebody wants to change, or the way after which they want to add one."""
    node = next((one for one in draft.nodes if one.id == request.GET.get("node")), None)
    places = forms.places(draft, known)
    put = request.GET.get("after", "")
    found: dict[str, Any] = {"put": put, "after": dict(places).get(put, "")}
    if node is not None:
        found |= {
            "chosen": node.id,
            "chosen_kind": words.kind(node),
            "chosen_form": forms.filled(node),
            "chosen_places": [
                (value, label) for value, label in places if value.rpartition(":")[0] != node.id
            ],
        }
    return found


@needs("view_figures")
def document(request: HttpRequest, number: int) -> HttpResponse:
    """The draft or a version as a file, in YAML or JSON."""
    form, version = _form_of(request.GET.get("form", "")), whole(request.GET.get("version", ""))
    text = selectors.document_text(number, form=form, which=version)
    answer = HttpResponse(text, content_type=f"application/{form}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="journey-{number}.{form}"'
    return answer


def _form_of(asked: str) -> selectors.Form:
    return "json" if asked == "json" else "yaml"


def _filled(kept: Journey, form: selectors.Form) -> dict[str, Any]:
    raw = selectors.written(kept.draft)
    text = {name: one for name, one in raw.items() if name not in _APART}
    return {
        "name": kept.name,
        "holdout": f"{kept.draft.holdout * 100:g}",
        "reason": kept.draft.no_holdout_why,
        "stage": kept.draft.stage or "",
        "owner": kept.draft.owner,
        "kpi": kept.draft.kpi,
        "reentry": kept.draft.reentry,
        "reentry_days": kept.draft.reentry_days or "",
        "document": selectors.as_text(text, form),
    }


def _read(said: dict[str, Any], file: UploadedFile[bytes] | None) -> Document:
    """The text, with what has fields of its own in its place; of a file that is brought, what it
    says holds."""
    try:
        share = float(said.get("holdout", "")) / 100
    except ValueError:
        raise JourneyMeaningless(
            f"{said.get('holdout', '')!r} is no share", hint="percent, such as 10"
        ) from None
    apart: dict[str, Any] = {
        "name": said.get("name", "").strip(), "holdout": share,
        "no_holdout_why": said.get("reason", ""),
    }  # fmt: skip
    if "reentry" in said:
        days = said.get("reentry_days", "").strip()
        apart |= {
            "stage": said.get("stage") or None,
            "owner": said.get("owner", "").strip(),
            "kpi": said.get("kpi", "").strip(),
            "reentry": said["reentry"],
            "reentry_days": 0 if not days else whole(days) or 0,
        }
    if file is None:
        return selectors.read_with(said.get("document", ""), **apart)
    return selectors.read_over(_text_of(file), **apart)


def _text_of(file: UploadedFile[bytes]) -> str:
    if (file.size or 0) > _LARGEST:
        raise JourneyMeaningless(f"{file.name} is larger than a document", hint="at most 1 MB")
    try:
        return bytes(file.read()).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise JourneyMeaningless(f"{file.name} is not in UTF-8", hint="save it as UTF-8") from None
