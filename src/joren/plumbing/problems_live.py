"""The same words for what arrives live and what is sent out live."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_noop

PROBLEMS_LIVE: Final[Mapping[str, tuple[str, str]]] = {
    "NoScript": (
        gettext_noop("Only the pages of a browser's source carry joren.js."),
        gettext_noop("Add a source of the kind browser, and use its snippet."),
    ),
    "SealBroken": (
        gettext_noop("A kept secret cannot be read: the installation's own secret key changed."),
        gettext_noop("Enter the secret again."),
    ),
    "NoSuchEndpoint": (
        gettext_noop("There is no such webhook."),
        gettext_noop("The page Webhooks lists those that there are."),
    ),
    "BadEndpoint": (
        gettext_noop("No webhook can be made of this."),
        gettext_noop("It has a name, a store, a sender, and the sender's secret."),
    ),
    "BadPaths": (
        gettext_noop("By these paths the sample cannot be read."),
        gettext_noop("Compare the paths with the sample; every field that is needed has one."),
    ),
    "NoSuchDelivery": (
        gettext_noop("Nothing waits under this number."),
        gettext_noop("It may have been read or dropped meanwhile; reload the page."),
    ),
    "NoSuchPrivacyRequest": (
        gettext_noop("There is no such request about somebody's data."),
        gettext_noop("The page Webhooks lists those that are open."),
    ),
}
