"""What states, nodes and dates are called on pages. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from joren.core.words import gettext_noop

STATE_NAMES: Final[Mapping[str, str]] = {
    "draft": gettext_noop("Draft"),
    "running": gettext_noop("Running"),
    "paused": gettext_noop("Paused"),
    "ended": gettext_noop("Ended"),
}
NODE_NAMES: Final[Mapping[str, str]] = {
    "wait": gettext_noop("Wait"),
    "until": gettext_noop("Wait until a time of day"),
    "await": gettext_noop("Wait for something to happen"),
    "branch": gettext_noop("Branch by a segment or a word"),
    "split": gettext_noop("Split by lot"),
    "send": gettext_noop("Send a message"),
    "give": gettext_noop("Give points or a coupon"),
    "set": gettext_noop("Keep a word about them"),
    "task": gettext_noop("A task for somebody here"),
    "tell": gettext_noop("Tell other programs"),
    "exit": gettext_noop("End with an outcome"),
}
DATE_NAMES: Final[Mapping[str, str]] = {
    "birthday": gettext_noop("birthday"),
    "first_order": gettext_noop("first order"),
    "last_order": gettext_noop("last order"),
    "next_order": gettext_noop("expected next order"),
}
REENTRY_NAMES: Final[Mapping[str, str]] = {
    "never": gettext_noop("Once each"),
    "after": gettext_noop("Again after some days"),
    "always": gettext_noop("As often as it starts"),
}
