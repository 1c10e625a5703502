"""The editor: what each variant says, what is asked, and how it looks while one writes."""

from __future__ import annotations

from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_noop
from django.views.decorators.http import require_POST

from joren.act.forms import selectors, services
from joren.act.forms.contracts import (
    ASKS,
    FIELD_NAMES,
    FIELDS,
    MOST_VARIANTS,
    SPEECH_NAMES,
    Answers,
    Content,
    Form,
    Variant,
)
from joren.collect.customers import selectors as people
from joren.core.errors import JorenError
from joren.plumbing.access import caller, needs
from joren.plumbing.problems import told
from joren.project.pages.typed import whole

_KEYS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_TEXTS: Final = ("question", "consent", "thanks", "gift", "language")
_HOW: Final = {
    "no": gettext_noop("not asked"),
    "may": gettext_noop("may be left empty"),
    "must": gettext_noop("must be filled in"),
}


@needs("treat")
def edit(request: HttpRequest, number: int | None = None) -> HttpResponseBase:
    """A new form, or a new version of one."""
    kept = selectors.by_number(number) if number else None
    if request.method != "POST":
        document = selectors.plain(kept.content) if kept else _empty()
        return _editor(request, kept, document, _frame(kept))
    document, frame = _document(request.POST), _said(request.POST, kept)
    if request.POST.get("do") == "add":
        document["variants"].append(_another(document["variants"]))
        return _editor(request, kept, document, frame)
    try:
        made = _save(request, kept, selectors.read(document), frame)
    except JorenError as problem:
        return _editor(request, kept, document, frame, problem)
    messages.success(request, gettext("Saved. Visitors see it once it is published."))
    return HttpResponseRedirect(reverse("signup_form", args=[made.id]))


@needs("treat")
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """How the variant looks that is being written."""
    return render(request, "pages/forms/_preview.html", _preview(_document(request.POST)))


def _save(request: HttpRequest, kept: Form | None, content: Content, frame: dict[str, str]) -> Form:
    by = caller(request).name
    if kept is None:
        return services.create(frame["slug"], frame["name"], content, store=frame["store"], by=by)
    return services.revise(
        kept.slug, content, by=by, name=frame["name"], why=request.POST.get("why", "")
    )


def _editor(
    request: HttpRequest,
    kept: Form | None,
    document: dict[str, Any],
    frame: dict[str, str],
    problem: JorenError | None = None,
) -> HttpResponseBase:
    shown = {
        "kept": kept,
        "said": document,
        "frame": frame,
        "options": "\n".join(document["options"]),
        "hosts": "\n".join(document["hosts"]),
        "stores": [store.name for store in people.stores()],
        "speeches": [(code, gettext(label)) for code, label in SPEECH_NAMES.items()],
        "asked": [
            (name, gettext(FIELD_NAMES[name]), document["asks"].get(name, "no")) for name in FIELDS
        ],
        "how": [(code, gettext(_HOW[code])) for code in ASKS],
        "may_add": len(document["variants"]) < MOST_VARIANTS,
        "problem": told(problem) if problem else None,
        "detail": f"{problem.message} ({problem.hint})" if problem else "",
        **_preview(document),
    }
    status = problem.status if problem else 200
    return render(request, "pages/forms/edit.html", shown, status=status)


def _preview(document: dict[str, Any]) -> dict[str, Any]:
    """What can be shown of it already, or why nothing can."""
    asked = document.pop("looked_at", "")
    try:
        content = selectors.read(document)
    except JorenError as problem:
        return {"faulty": f"{problem.message} ({problem.hint})"}
    speech = content.language if content.language != "auto" else get_language() or "ja"
    return {
        "looks": [
            {"one": one, **selectors.words(content, one, "", speech)} for one in content.variants
        ],
        "answers": Answers(""),
        "looked_at": asked or content.variants[0].key,
    }


def _document(sent: QueryDict) -> dict[str, Any]:
    """The form as a document; variants whose heading and text were emptied are left out."""
    keys = sent.getlist("key")
    plain = sent.get("plain", "")
    variants = []
    for place, key in enumerate(keys):
        one = {
            name: _at(sent.getlist(f"variant_{name}"), place)
            for name in ("name", "title", "body", "button")
        }
        if not one["title"].strip() and not one["body"].strip() and len(keys) > 1:
            continue
        share = _at(sent.getlist("variant_share"), place)
        number = whole(share)
        said = share if number is None else number
        variants.append({**one, "key": key, "share": said, "plain": key == plain})
    return {
        "variants": variants,
        "asks": {name: sent.get(f"ask_{name}", "no") for name in FIELDS},
        "options": sent.get("options", "").splitlines(),
        "hosts": [one.rstrip("/") for one in sent.get("hosts", "").split()],
        **{name: sent.get(name, "") for name in _TEXTS},
    }


def _at(values: list[str], place: int) -> str:
    return values[place] if place < len(values) else ""


def _another(variants: list[dict[str, Any]]) -> dict[str, Any]:
    used = {one["key"] for one in variants}
    key = next(one for one in _KEYS if one not in used)
    return {"key": key, "name": "", "share": 1, "title": "", "body": "", "button": ""}


def _empty() -> dict[str, Any]:
    title = gettext("News by e-mail")
    return selectors.plain(Content((Variant("A", gettext("Plain"), 1, title, plain=True),)))


def _frame(kept: Form | None) -> dict[str, str]:
    if kept is None:
        return {"slug": "", "name": "", "store": ""}
    return {"slug": kept.slug, "name": kept.name, "store": kept.store}


def _said(sent: QueryDict, kept: Form | None) -> dict[str, str]:
    fixed = _frame(kept)
    return {
        "slug": fixed["slug"] or sent.get("slug", "").strip(),
        "name": sent.get("name", ""),
        "store": fixed["store"] or sent.get("store", ""),
    }
