"""What the base template shows around every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, gettext_noop

from joren.accounts.contracts import Caller
from joren.project.freshness import freshness

THEMES = ("auto", "light", "dark")

# The name of the address, the words, and what one must be allowed in order to see it.
NAVIGATION = (
    ("home", gettext_noop("Home"), "view_figures"),
    ("value", gettext_noop("Value"), "view_figures"),
    ("models", gettext_noop("Models"), "view_figures"),
    ("ranks", gettext_noop("Ranks"), "view_figures"),
    ("cohorts", gettext_noop("Cohorts"), "view_figures"),
    ("economics", gettext_noop("Economics"), "view_figures"),
    ("customers", gettext_noop("Customers"), "view_figures"),
    ("segments", gettext_noop("Segments"), "view_figures"),
    ("messages", gettext_noop("Messages"), "view_figures"),
    ("effects", gettext_noop("Effects"), "view_figures"),
    ("reviews", gettext_noop("Monthly review"), "view_figures"),
    ("data", gettext_noop("Data"), "view_figures"),
    ("settings", gettext_noop("Settings"), "view_figures"),
)


WITHIN = {"messages": ("journeys", "campaigns", "signup_forms")}
"""Pages with an address of their own that one comes to from another."""


@dataclass(frozen=True)
class Link:
    """One place in the navigation."""

    name: str
    label: str
    address: str
    here: bool


def shell(request: HttpRequest) -> dict[str, Any]:
    """Navigation, language, theme, whose data it is and how fresh."""
    caller: Caller | None = getattr(request, "caller", None)
    signed_in = caller is not None and caller.name.startswith("member:")
    return {
        "navigation": _navigation(request.path, caller) if caller and signed_in else (),
        "theme": theme_of(request),
        "themes": THEMES,
        "business": getattr(request, "business", None),
        "caller": caller,
        "signed_in": signed_in,
        "freshness": freshness() if signed_in else None,
    }


def theme_of(request: HttpRequest) -> str:
    asked = request.COOKIES.get("theme", "auto")
    return asked if asked in THEMES else "auto"


def _navigation(path: str, caller: Caller) -> tuple[Link, ...]:
    links = []
    for name, label, action in NAVIGATION:
        if not caller.may(action):
            continue
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue  # a page that does not exist yet is not offered
        parts = (address, *(reverse(one) for one in WITHIN.get(name, ())))
        here = path == address if name == "home" else path.startswith(parts)
        links.append(Link(name, gettext(label), address, here))
    return tuple(links)
