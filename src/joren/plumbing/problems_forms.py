"""What refusals about sign-up forms and their confirmations are called on a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_noop

PROBLEMS_FORMS: Final[Mapping[str, tuple[str, str]]] = {
    "NoSuchForm": (
        gettext_noop("There is no form here."),
        gettext_noop("Look at the address again, or ask the shop."),
    ),
    "FormClosed": (
        gettext_noop("This form takes no sign-ups now."),
        gettext_noop("Ask the shop, or come back later."),
    ),
    "BadForm": (
        gettext_noop("The form cannot be as it is described."),
        gettext_noop("What is wrong is named below; put it right and save again."),
    ),
    "BadSignup": (
        gettext_noop("Something is missing or not right."),
        gettext_noop("Check the e-mail address, tick the box, and send it once more."),
    ),
    "FormRefused": (
        gettext_noop("The form is in no state for that."),
        gettext_noop("Look at its page again."),
    ),
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
