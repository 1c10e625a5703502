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
}
