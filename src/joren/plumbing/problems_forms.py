"""What refusals about sign-up forms and their confirmations are called on a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_noop

PROBLEMS_FORMS: Final[Mapping[str, tuple[str, str]]] = {
    "NothingAsked": (
        gettext_noop("There is nothing to confirm."),
        gettext_noop("The customer has answered, or has not asked for anything."),
    ),
    "TooManyMails": (
        gettext_noop("This address has had enough mails for today."),
        gettext_noop("Wait until tomorrow."),
    ),
    "TooSoon": (
        gettext_noop("A mail left a moment ago."),
        gettext_noop("Wait two minutes, and look into the mailbox meanwhile."),
    ),
}
