"""Pages for the shop's customers: no sign-in, no cookie, no script. The link is what opens them.

A page that is looked at changes nothing, since scanners of mail look at every link (RFC 8058).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from joren.core.errors import JorenError
from joren.core.numbers import whole_number
from joren.plumbing.problems import told
from joren.protect.consent import selectors, services
from joren.protect.consent.contracts import (
    ACT_NAMES,
    CHANNEL_NAMES,
    PURPOSE_NAMES,
    SHOWN,
    SOURCE_NAMES,
    THANKS,
    Entry,
    Link,
    LinkExpired,
    Matter,
    NobodyThere,
    NoSuchEntry,
    NoSuchLink,
    Standing,
    Thanks,
)

_LANGUAGES: Final = ("ja", "en")
_GONE: Final = 410
_NO_MORE_IDS: Final = 50
View = Callable[[HttpRequest, str], HttpResponse]


@dataclass(frozen=True)
class _Switch:
    """One line of the preferences."""

    matter: Matter
    channel: str
    purpose: str
    words: str
    on: bool
    standing: Standing


def _of_customers(view: View) -> View:
    """In the reader's language, kept by nobody on the way, and found by no search engine."""

    @wraps(view)
    def shown(request: HttpRequest, token: str) -> HttpResponse:
        asked = request.GET.get("lang", "")
        language = asked if asked in _LANGUAGES else translation.get_language() or "ja"
        with translation.override(language):
            answer = _answered(view, request, token)
        answer["Cache-Control"] = "no-store"
        answer["Referrer-Policy"] = "no-referrer"
        answer["X-Robots-Tag"] = "noindex, nofollow"
        answer["Content-Language"] = language
        return answer

    return login_not_required(csrf_exempt(shown))


def _answered(view: View, request: HttpRequest, token: str) -> HttpResponse:
    try:
        return view(request, token)
    except (NoSuchLink, NoSuchEntry, NobodyThere, LinkExpired) as problem:
        gone = not isinstance(problem, NoSuchEntry | LinkExpired) and selectors.is_ours(token)
        status = _GONE if gone else problem.status
        return _problem(request, problem, status)


def _problem(request: HttpRequest, problem: JorenError, status: int) -> HttpResponse:
    return render(request, "consent/problem.html", {"problem": told(problem)}, status=status)


@_of_customers
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """A mailbox's own button posts here without a cookie and wants a plain answer, at once."""
    one_click = request.method == "POST" and request.POST.get("List-Unsubscribe") == "One-Click"
    if one_click:
        if selectors.is_ours(token):
            _withdraw(token)
            return HttpResponse("unsubscribed\n", content_type="text/plain")
        return HttpResponse("no such link\n", content_type="text/plain", status=404)
    link = selectors.customer_behind(token)
    done = request.method == "POST" and request.POST.get("confirm") == "yes"
    if done:
        services.unsubscribe(link)
    (standing,) = selectors.standings_of(link.customer, [link.matter])
    shown = {
        "token": token,
        "channel": gettext(CHANNEL_NAMES[link.matter.channel]),
        "purpose": gettext(PURPOSE_NAMES[link.matter.purpose]),
        "refused": standing.state == "refused",
    }
    return render(request, "consent/unsubscribe.html", shown)


def _withdraw(token: str) -> None:
    """A link of somebody who was erased has nothing left to withdraw."""
    try:
        services.unsubscribe(selectors.customer_behind(token))
    except (NoSuchLink, NobodyThere):
        return


@_of_customers
def preferences(request: HttpRequest, token: str) -> HttpResponse:
    link = selectors.customer_behind(token)
    if request.method == "POST":
        return _changed(request, token, link)
    switches = _switches(link)
    numbers = _numbers(request.GET.get("saved", ""))
    shown = {
        "token": token,
        "switches": switches,
        "any_on": any(one.on for one in switches),
        "saved": ",".join(map(str, numbers)),
        "nothing": "saved" in request.GET and not numbers,
        "undone": "undone" in request.GET,
        "history": [_in_words(one) for one in selectors.entries_of(link.customer)[:20]],
    }
    return render(request, "consent/preferences.html", shown)


@_of_customers
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Double opt-in: whoever reads the mail agrees by the button, not by opening the link."""
    entry = services.confirm(token) if request.method == "POST" else services.asked(token)
    matter = Matter(entry.channel, entry.purpose)
    confirmed = request.method == "POST"
    shown = {
        "words": _words(matter, entry.wording),
        "confirmed": confirmed,
        "thanks": _thanks(entry) if confirmed else None,
    }
    return render(request, "consent/confirm.html", shown)


def _thanks(entry: Entry) -> Thanks | None:
    """What the room says that asked, where it says something."""
    room = entry.proof.partition(":")[0]
    return THANKS[room](entry) if room in THANKS else None


def _changed(request: HttpRequest, token: str, link: Link) -> HttpResponse:
    asked = request.POST.get("do", "save")
    if asked == "undo":
        services.take_back(link.customer, _numbers(request.POST.get("entries", "")))
        return _back(request, token, "undone=1")
    if asked == "stop":
        made = [services.refuse_everything(link.customer)]
    else:
        on = set(request.POST.getlist("may"))
        wanted = {one: str(one) in on for one in selectors.choices().offered}
        made = services.choose_on_page(link.customer, wanted, wordings=_wordings_of(wanted))
    return _back(request, token, f"saved={','.join(map(str, made))}")


def _back(request: HttpRequest, token: str, said: str) -> HttpResponse:
    address = reverse("consent_preferences", args=[token])
    asked = request.GET.get("lang", "")
    language = f"&lang={asked}" if asked in _LANGUAGES else ""
    return HttpResponseRedirect(f"{address}?{said}{language}")


def _switches(link: Link) -> list[_Switch]:
    offered = selectors.choices().offered
    standings = selectors.standings_of(link.customer, offered)
    return [
        _Switch(
            one.matter,
            gettext(CHANNEL_NAMES[one.matter.channel]),
            gettext(PURPOSE_NAMES[one.matter.purpose]),
            _words(one.matter, None),
            one.may,
            one,
        )
        for one in standings
    ]


def _words(matter: Matter, shown: int | None) -> str:
    """What was shown then, or what is shown now in the reader's language."""
    if shown is not None:
        return selectors.wording_numbered(shown).text
    own = selectors.wording(matter, translation.get_language() or "ja")
    if own is not None:
        return own.text
    if usual := SHOWN.get(str(matter)):
        return gettext(usual)
    return f"{gettext(CHANNEL_NAMES[matter.channel])}: {gettext(PURPOSE_NAMES[matter.purpose])}"


def _wordings_of(matters: Mapping[Matter, bool]) -> dict[Matter, int]:
    language = translation.get_language() or "ja"
    own = {matter: selectors.wording(matter, language) for matter in matters}
    return {matter: one.id for matter, one in own.items() if one is not None}


def _in_words(entry: Entry) -> dict[str, Any]:
    return {
        "at": entry.at,
        "act": gettext(ACT_NAMES[entry.act]),
        "channel": gettext(CHANNEL_NAMES[entry.channel]),
        "purpose": gettext(PURPOSE_NAMES[entry.purpose]),
        "source": gettext(SOURCE_NAMES[entry.source]),
    }


def _numbers(text: str) -> list[int]:
    numbers = [number for one in text.split(",") if (number := whole_number(one)) is not None]
    return numbers[:_NO_MORE_IDS]
