"""What refusals about consents and about people's own data are called on a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_noop

PROBLEMS_PRIVACY: Final[Mapping[str, tuple[str, str]]] = {
    "BadConsent": (
        gettext_noop("This cannot be written down as a consent."),
        gettext_noop("Name a channel, a purpose, what was said, and how the shop knows it."),
    ),
    "BadConsents": (
        gettext_noop("The file of consents cannot be read."),
        gettext_noop("It is a CSV with the columns email or customer_number, channel and state."),
    ),
    "NotRelied": (
        gettext_noop("The shop has not chosen to rely on that exception of the law."),
        gettext_noop("Ask an admin, who may choose it, or ask the customer."),
    ),
    "NobodyThere": (
        gettext_noop("There is no such customer."),
        gettext_noop("They may have been erased."),
    ),
    "NoSuchEntry": (
        gettext_noop("There is no such entry."),
        gettext_noop("Open the link from the message again."),
    ),
    "NoSuchLink": (
        gettext_noop("This link does not work."),
        gettext_noop("Open it from the newest message, or ask the shop."),
    ),
    "LinkExpired": (
        gettext_noop("This link came too late."),
        gettext_noop("Sign up again, if you still want it."),
    ),
    "NoPublicAddress": (
        gettext_noop("Nobody said under which address customers reach this installation."),
        gettext_noop("Ask whoever looks after the machine to set JOREN_URL."),
    ),
    "NoSuchPerson": (
        gettext_noop("There is no such customer."),
        gettext_noop("They may have been erased."),
    ),
    "NoSuchRequest": (
        gettext_noop("There is no such request."),
        gettext_noop("The page Privacy lists all of them."),
    ),
    "RequestClosed": (
        gettext_noop("This request was answered or withdrawn before."),
        gettext_noop("If the person asks again, write down another one."),
    ),
    "NotAsked": (
        gettext_noop("Too little was said to act upon, or too much."),
        gettext_noop("Type the customer's number to confirm; a note says how they asked, not who."),
    ),
    "NoSuchKind": (
        gettext_noop("Nothing of that name is kept for a time."),
        gettext_noop("The page Privacy lists what is."),
    ),
}
