"""The editor: a template in its languages, its preview, its versions, and a test to oneself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from django.contrib import messages
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    QueryDict,
)
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from joren.act.messages import selectors, services
from joren.act.messages.contracts import (
    FORM_NAMES,
    KIND_NAMES,
    LANGUAGES,
    UTM,
    BrokenTemplate,
    Content,
    Template,
    TemplateInUse,
    Text,
    letters,
    shape_of,
)
from joren.act.messages.services import Whom
from joren.collect.customers import selectors as people
from joren.collect.customers.contracts import NoSuchCustomer
from joren.core.errors import JorenError
from joren.core.ids import CustomerId
from joren.plumbing.access import caller, needs
from joren.plumbing.problems import in_one_line, told
from joren.project.pages.views.messages import frames, words
from joren.protect.audit import services as audit

_FOUND: Final = 6
_EMPTY: Final = Content("", "brand", "mjml", {}, {"source": "joren", "medium": "email"})


@needs("treat")
@frames.with_frame
def new(request: HttpRequest) -> HttpResponseBase:
    """From nothing, or from one that joren brings."""
    if request.method == "POST":
        return _posted(request, None)
    ready = request.GET.get("ready", "")
    content = replace(_EMPTY, **_begun(request.GET.get("channel", "")))
    if ready.isdecimal() and len(ready) < 4 and int(ready) < len(selectors.READY_MADE):
        content = selectors.READY_MADE[int(ready)].content(words.reader())
    return _editor(request, content, None)


@needs("treat")
@frames.with_frame
def edit(request: HttpRequest, number: int) -> HttpResponseBase:
    """One template: change it, look at it, send it to oneself."""
    template = selectors.template(number)
    if request.method == "POST":
        return _posted(request, template)
    content = template.content
    older = request.GET.get("version", "")
    if older.isdecimal() and len(older) < 9:
        content = selectors.version(number, int(older)).content
    return _editor(request, content, template)


@needs("treat")
@require_POST
def preview(request: HttpRequest) -> HttpResponseBase:
    """How what is typed would look."""
    return render(request, "pages/messages/_preview.html", _previewed(request))


@needs("treat")
@require_POST
def frame(request: HttpRequest) -> HttpResponse:
    """The document of the frame, which the preview's own form brings along."""
    return frames.mail(frames.opened(request.POST.get("document", "")))


@needs("treat")
@require_POST
def act(request: HttpRequest, number: int) -> HttpResponseBase:
    """Archive, restore, or make an older version the newest."""
    by, asked = caller(request).name, request.POST.get("do", "")
    try:
        if asked == "archive":
            return _archived(request, number)
        if asked == "restore":
            services.restore(number, by=by)
        elif asked.isdecimal() and len(asked) < 9:
            services.take_back(number, int(asked), by=by)
            messages.success(request, gettext("That version is the newest again."))
    except JorenError as refused:
        messages.error(request, in_one_line(refused))
    return HttpResponseRedirect(reverse("message", args=[number]))


def _archived(request: HttpRequest, number: int) -> HttpResponseBase:
    try:
        services.archive(number, by=caller(request).name)
    except TemplateInUse as refused:
        messages.error(request, f"{in_one_line(refused)} ({', '.join(refused.senders)})")
        return HttpResponseRedirect(reverse("message", args=[number]))
    return HttpResponseRedirect(reverse("messages"))


def _begun(channel: str) -> dict[str, Any]:
    """What an empty template of that channel has."""
    channel = channel if channel in selectors.channel_names() else "email"
    utm = {"source": "joren", "medium": channel}
    return {"channel": channel, "form": shape_of(channel).forms[0], "utm": utm}


def _posted(request: HttpRequest, template: Template | None) -> HttpResponseBase:
    content, asked = typed(request.POST), request.POST.get("do", "")
    if asked == "test":
        return _tested(request, content, template)
    if asked not in ("save", "draft"):  # without scripts the button shows the preview so
        return _editor(request, content, template, **_previewed(request))
    by, draft, why = caller(request).name, asked == "draft", request.POST.get("why", "")
    try:
        if template is None:
            made = services.create(content, by=by, draft=draft, why=why)
        else:
            made = services.revise(template.id, content, by=by, draft=draft, why=why)
    except BrokenTemplate as refused:
        return _editor(
            request, content, template, status=refused.status, refusal=told(refused),
            faults=words.of_faults(refused.faults),
        )  # fmt: skip
    except JorenError as refused:
        return _editor(request, content, template, status=refused.status, refusal=told(refused))
    done = gettext("The draft is kept.") if asked == "draft" else gettext("The template is kept.")
    messages.success(request, done)
    return HttpResponseRedirect(reverse("message", args=[made.id]))


def _tested(request: HttpRequest, content: Content, template: Template | None) -> HttpResponseBase:
    whom, _ = _whom(request)
    try:
        services.send_test(
            content, language=_language(request.POST), whom=whom, by=caller(request).name,
            template=template.id if template else None,
        )  # fmt: skip
    except BrokenTemplate as refused:
        faults = words.of_faults(refused.faults)
        return _editor(
            request, content, template, status=refused.status, refusal=told(refused), faults=faults
        )
    except JorenError as refused:
        return _editor(request, content, template, status=refused.status, refusal=told(refused))
    if content.channel == "email" and selectors.mode("email").live:
        messages.success(request, gettext("The test is on its way to your own address."))
    else:
        messages.success(
            request,
            gettext("The test was kept in the house: read it under “What would have left”."),
        )
    return _editor(request, content, template)


def _editor(
    request: HttpRequest,
    content: Content,
    template: Template | None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    texts = [
        {
            "language": language,
            "name": gettext(words.LANGUAGE_NAMES[language]),
            "text": content.texts.get(language, Text("", "")),
            "open": language == content.text_in(words.reader())[0]
            if content.texts
            else language == words.reader(),
        }
        for language in LANGUAGES
    ]
    shape = shape_of(content.channel)
    shown = {
        "template": template,
        "shape": shape,
        "subject_name": gettext(shape.subject) if shape.subject else "",
        "channels": [(one, words.of_channel(one)) for one in selectors.channel_names()],
        "channel_name": words.of_channel(content.channel),
        "state": words.state(template) if template else None,
        "content": content,
        "texts": texts,
        "utm": [(name, content.utm.get(name, "")) for name in UTM],
        "kinds": [(code, gettext(name)) for code, name in KIND_NAMES.items()],
        "forms": [(code, gettext(FORM_NAMES[code])) for code in shape.forms],
        "variables": [
            (f"{{{{ {path} }}}}", one.called(words.reader()))
            for path, one in selectors.VARIABLES.items()
        ],
        "versions": selectors.versions(template.id) if template else [],
        "mode": selectors.mode(content.channel),
        "searches": caller(request).may("view_personal"),
        "languages": [
            (language, gettext(words.LANGUAGE_NAMES[language])) for language in LANGUAGES
        ],
        **more,
    }
    return render(request, "pages/messages/edit.html", shown, status=status)


def typed(sent: QueryDict) -> Content:
    """The form's fields; a language in which nothing is written has no text."""
    texts = {
        language: Text(
            sent.get(f"subject_{language}", "").strip(),
            sent.get(f"body_{language}", "").replace("\r\n", "\n"),
        )
        for language in LANGUAGES
    }
    utm = {name: sent.get(f"utm_{name}", "").strip() for name in UTM}
    return Content(
        " ".join(sent.get("name", "").split()),
        sent.get("kind", "brand"),
        sent.get("form", "mjml"),
        {language: one for language, one in texts.items() if one.subject or one.body.strip()},
        {name: value for name, value in utm.items() if value},
        sent.get("channel", "email"),
    )


def _previewed(request: HttpRequest) -> dict[str, Any]:
    content = typed(request.POST)
    if not content.texts:
        return {"nothing": True}
    whom, found = _whom(request)
    message, hints = services.preview(content, language=_language(request.POST), whom=whom)
    return {
        "message": message,
        "shape": shape_of(content.channel),
        "letters": letters(message.text),
        "size": f"{message.size / 1024:.1f}",
        "document": frames.sealed(message.html) if message.html else "",
        "faults": words.of_faults(message.faults),
        "hints": words.of_hints(hints),
        "whom": whom,
        "found": found,
        "in_language": gettext(words.LANGUAGE_NAMES[message.language]),
    }


def _language(sent: QueryDict) -> str:
    """In which it is shown; "" in the one in which they would get it."""
    asked = sent.get("language", "")
    return asked if asked in LANGUAGES else ""


def _whom(request: HttpRequest) -> tuple[int | Whom, list[tuple[int, str]]]:
    """For whom it is shown, and who else the words find. A look at a person is written down."""
    sent = request.POST
    if sent.get("whom") == "nobody":
        return "nobody", []
    if sent.get("whom") != "customer" or not caller(request).may("view_personal"):
        return "example", []
    sought = sent.get("who", "").strip()
    found = [(int(one.id), one.name or f"#{one.id}") for one in people.search(sought, limit=_FOUND)]
    chosen = sent.get("customer", "")
    numbers = [number for number, _ in found]
    if chosen.isdecimal() and len(chosen) < 19 and int(chosen) in numbers:
        number = int(chosen)
    elif numbers:
        number = numbers[0]
    else:
        return "nobody", []
    try:
        person = people.customer(CustomerId(number))
    except NoSuchCustomer:
        return "nobody", []
    audit.customer_seen(person.id, actor=caller(request).name)
    return int(person.id), found
