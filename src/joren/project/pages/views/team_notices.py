"""Of what somebody is told, in which chat rooms too, and what was told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext, gettext_noop
from django.views.decorators.http import require_POST

from joren.accounts import selectors as accounts
from joren.act.deliveries import selectors as deliveries
from joren.act.deliveries import services as telling
from joren.act.deliveries.contracts import CHATS, Pause
from joren.act.messages import selectors as messages
from joren.measure.team import selectors, services
from joren.measure.team.contracts import TOPIC_NAMES, TOPICS, announced
from joren.plumbing.access import caller, needs
from joren.project.pages.deeds import carry_out, day_or_none
from joren.project.pages.tables import Column, Row, Table

_BECAME: Final = {
    "digest": gettext_noop("told in one message"),
    "drop": gettext_noop("dropped"),
}


@needs("view_figures")
def notices(request: HttpRequest) -> HttpResponse:
    """The reader's own choice, the shop's chat rooms, and what people were told."""
    who = accounts.member_behind(caller(request).name)
    language = get_language() or "ja"
    pauses, callers = selectors.pauses(), accounts.names_of_callers()
    pause = next((one for one in pauses if one.ended_at is None), None)
    shown = {
        "mine": selectors.choice(who) if who is not None else None,
        "topics": [(code, gettext(words)) for code, words in TOPIC_NAMES.items()],
        "leaves": messages.staff_sender() is not None,
        "chats": [
            (one, CHATS[one.shape]) for one in deliveries.endpoints() if one.shape in CHATS
        ],
        "shapes": CHATS.items(),
        "told": [
            (one, *selectors.wording_of(one, language)) for one in selectors.notices()
        ],
        "paused_by": callers[pause.begun_by] if pause else "",
        "pause": pause,
        "pauses": _past(pauses, callers),
        "may_change": caller(request).may("change_settings"),
        "here": "notices",
    }  # fmt: skip
    return render(request, "pages/team/notices.html", shown)


def _past(pauses: Sequence[Pause], callers: Mapping[str, str]) -> Table:
    columns = [
        Column(gettext("Paused at")), Column(gettext("Paused by")), Column(gettext("Why")),
        Column(gettext("Ended at")), Column(gettext("Ended by")),
        Column(gettext("What became of what waited")), Column(gettext("Mails"), "count"),
        Column(gettext("Chat messages"), "count"),
    ]  # fmt: skip
    rows = [
        Row(
            [
                one.begun_at, callers[one.begun_by], one.why, one.ended_at, callers[one.ended_by],
                gettext(_BECAME[one.ended_how]), one.mails, one.chats,
            ]
        )
        for one in pauses
        if one.ended_at is not None
    ]  # fmt: skip
    return Table("pauses", gettext("Earlier pauses"), columns, rows, file=False)


@needs("change_settings")
@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    """Tell nobody anything for a while, or tell people again."""
    sent, by = request.POST, caller(request).name

    def deed() -> str:
        if sent.get("do") == "resume":
            services.resume_notices(sent.get("pending", ""), by=by)
            return gettext("People are told again.")
        services.pause_notices(
            sent.get("why", ""), until=day_or_none(sent.get("until", "")),
            then=sent.get("then", ""), by=by,
        )  # fmt: skip
        return gettext("Nobody is told anything until the pause ends; what there is, is kept.")

    return carry_out(request, deed, then="team_notices")


@needs("view_figures")
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """The reader's own choice; nobody else's."""
    sent, by = request.POST, caller(request).name

    def deed() -> str:
        services.choose(
            accounts.member_behind(by) or 0, topics=sent.getlist("topics"),
            language=sent.get("language", "ja"), by=by,
        )  # fmt: skip
        return gettext("Your choice is kept.")

    return carry_out(request, deed, then="team_notices")


@needs("change_settings")
@require_POST
def add_chat(request: HttpRequest) -> HttpResponse:
    """Tell a chat room what people are told."""
    sent = request.POST

    def deed() -> str:
        telling.add_chat(
            sent.get("name", ""), shape=sent.get("shape", ""), url=sent.get("url", ""),
            token=sent.get("token", ""), announcements=[announced(one) for one in TOPICS
                                                        if one in sent.getlist("topics")],
            language=sent.get("language", "ja"), by=caller(request).name,
        )  # fmt: skip
        return gettext("The chat room is told from now on.")

    return carry_out(request, deed, then="team_notices")
