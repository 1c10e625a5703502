"""The list of templates, whom messages are from, and what was kept in the house."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from joren.act.messages import selectors, services
from joren.act.messages.contracts import KIND_NAMES, BadSender, Sender, Template
from joren.plumbing.access import caller, needs
from joren.plumbing.problems import told
from joren.project.pages.codes import partner
from joren.project.pages.tables import Column, Linked, Row, Table, csv_asked
from joren.project.pages.views.messages import frames, words

_KEPT: Final = 50


@needs("view_figures")
def templates(request: HttpRequest) -> HttpResponseBase:
    """Which there are, whether they can be sent, and those to begin with."""
    archived = request.GET.get("archived") == "yes"
    changes = caller(request).may("treat")
    found = selectors.templates(archived=archived)
    columns = [
        Column(gettext("Template")), Column(gettext("State")), Column(gettext("Message channel")),
        Column(gettext("Content")),
        Column(gettext("Languages")), Column(gettext("Version"), "count"),
        Column(gettext("Changed")),
    ]  # fmt: skip
    table = Table("templates", gettext("Templates"), columns, [_row(one, changes) for one in found])
    shown = {
        "table": table,
        "any": bool(found),
        "archived": archived,
        "changes": changes,
        "mode": selectors.mode(),
        "kept_visible": caller(request).may("view_personal"),
        "channels": [
            (one, words.of_channel(one)) for one in selectors.channel_names() if one != "email"
        ],
        "ready": [
            {
                "place": place,
                "name": partner(one.ja, one.en),
                "why": partner(one.ja_why, one.en_why),
            }
            for place, one in selectors.ready_made_left(words.reader())
        ],
    }
    return csv_asked(request, table) or render(request, "pages/messages/list.html", shown)


def _row(one: Template, changes: bool) -> Row:
    name = one.content.name
    return Row(
        [
            Linked(name, reverse("message", args=[one.id])) if changes else name,
            words.state(one)[0],
            words.of_channel(one.content.channel),
            gettext(KIND_NAMES[one.content.kind]),
            ", ".join(gettext(words.LANGUAGE_NAMES[language]) for language in one.content.texts),
            one.version,
            one.changed_at.date(),
        ]
    )


@needs("change_settings")
def sender(request: HttpRequest) -> HttpResponseBase:
    """Whom messages are from. As long as nobody says it, nothing leaves."""
    typed = selectors.sender() or Sender("", "")
    refusal: BadSender | None = None
    if request.method == "POST":
        sent = request.POST
        typed = Sender(
            sent.get("name", ""),
            sent.get("email", "").strip(),
            sent.get("reply_to", "").strip(),
            sent.get("postal_address", ""),
        )
        try:
            services.set_sender(typed, by=caller(request).name)
        except BadSender as refused:
            refusal = refused
        else:
            messages.success(request, gettext("Messages are from there from now on."))
            return HttpResponseRedirect(reverse("messages"))
    shown = {"typed": typed, "refusal": refusal and told(refusal), "mode": selectors.mode()}
    status = refusal.status if refusal else 200
    return render(request, "pages/messages/sender.html", shown, status=status)


@needs("view_personal")
def kept(request: HttpRequest) -> HttpResponseBase:
    """What would have left, newest first."""
    shown = {"kept": selectors.kept_back(limit=_KEPT), "mode": selectors.mode()}
    return render(request, "pages/messages/kept.html", shown)


@needs("view_personal")
@frames.with_frame
def kept_one(request: HttpRequest, number: int) -> HttpResponseBase:
    shown = {"one": selectors.kept_back_one(number)}
    return render(request, "pages/messages/kept_one.html", shown)


@needs("view_personal")
def kept_frame(_request: HttpRequest, number: int) -> HttpResponse:
    """Its HTML, for the frame of that page alone."""
    return frames.mail(selectors.kept_back_one(number).html or "")
