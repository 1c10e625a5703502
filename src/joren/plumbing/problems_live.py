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
    "BadRelation": (
        gettext_noop("No relation of products can be made of this."),
        gettext_noop("It has two product codes, and what the other is to the first."),
    ),
    "NoSuchRelation": (
        gettext_noop("There is no such relation of products."),
        gettext_noop("It may have been taken away meanwhile; reload the page."),
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
    "NoSuchReceiver": (
        gettext_noop("There is no such program to tell."),
        gettext_noop("The page Webhooks out lists those that there are."),
    ),
    "NoSuchMessage": (
        gettext_noop("There is no such message."),
        gettext_noop("What arrived is forgotten after 30 days."),
    ),
    "BadReceiver": (
        gettext_noop("No program can be told like this."),
        gettext_noop("It has a name, an https address, and something that it is told."),
    ),
    "AddressRefused": (
        gettext_noop("This address lies inside somebody's own network, or has no TLS."),
        gettext_noop("Give an https address on the internet, or let JOREN_WEBHOOK_HOSTS name it."),
    ),
    "BadPause": (
        gettext_noop("Notices cannot be paused like this."),
        gettext_noop("Say why, a last day that is not over, and what becomes of what waits."),
    ),
    "PausedAlready": (
        gettext_noop("Notices are paused already."),
        gettext_noop("End that pause first."),
    ),
    "NotPaused": (
        gettext_noop("Notices are not paused."),
        gettext_noop("Somebody may have ended the pause meanwhile; reload the page."),
    ),
    "ReceiverDisabled": (
        gettext_noop("The program is disabled."),
        gettext_noop("Enable it first."),
    ),
    "NoSuchProgramme": (
        gettext_noop("Nothing can be registered at this address."),
        gettext_noop("Look at the address on the product again, or ask the shop."),
    ),
    "NoSuchSerial": (
        gettext_noop("No product has this serial number."),
        gettext_noop("Look again: it stands on the product."),
    ),
    "BadProgramme": (
        gettext_noop("No page for owners can be opened like this."),
        gettext_noop("It has a name, a store, and an address of small letters and digits."),
    ),
    "BadRegistration": (
        gettext_noop("Something is missing, or cannot be right."),
        gettext_noop("Look at what you wrote, and send it once more."),
    ),
    "RegisteredAlready": (
        gettext_noop("Somebody else has registered this product already."),
        gettext_noop("If it is yours, ask the shop with your receipt at hand."),
    ),
    "TooManyTries": (
        gettext_noop("That was tried too often."),
        gettext_noop("Try again in ten minutes."),
    ),
}
