"""Codes of groups in the reader's words, and the address of the customers behind a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_noop

from joren.act.messages.contracts import REASON_NAMES
from joren.core.period import month_of
from joren.project import showing
from joren.project.pages.tables import Linked, Value
from joren.project.selection import NOT_KNOWN
from joren.understand.ranks.contracts import CPM_GROUPS, STAGES

REST = "…"
"""What rooms call the groups that they put together."""

_FLAGS = {"yes": gettext_noop("Yes"), "no": gettext_noop("No")}
_STAGES: Mapping[str, tuple[str, str]] = {str(code): words for code, words in STAGES.items()}


def why(reason: str) -> str:
    """A reason of the ledger of messages; a channel's own words stay as they are."""
    words = REASON_NAMES.get(reason, reason)
    return gettext(words) if words else ""


def stage(code: str | None) -> str:
    """新規, F2, 現役, 離脱."""
    return partner(*_STAGES[code]) if code and code in _STAGES else showing.NOTHING


def portfolio(code: str | None) -> str:
    """CPM's group."""
    return partner(code, CPM_GROUPS[code]) if code and code in CPM_GROUPS else showing.NOTHING


def fifths(row: Mapping[str, Any]) -> str | None:
    """``5-4-3``: R, F and M of a row of ranks."""
    if row.get("rfm_r") is None:
        return None
    return "-".join(str(row[f"rfm_{letter}"] or "?") for letter in "rfm")


def flag(code: str) -> str:
    return gettext(_FLAGS[code])


def group(label: str | None, value: str | None = None) -> str:
    """A group's name: its label, or "not known", or "others" for the long tail."""
    name = label or value or ""
    if name == REST:
        return gettext("Others")
    return name or gettext("unknown")


def place(way: str, code: str | None) -> str:
    """A group of one of the ways in which customers are ranked."""
    if code is None:
        return gettext("not yet a customer")
    if way == "stage":
        return stage(code)
    return portfolio(code) if way == "cpm" else code


def who(**choices: str | int | Sequence[str | int]) -> str:
    """The address of the list of those customers."""
    pairs = [
        (name, str(value))
        for name, values in choices.items()
        for value in ((values,) if isinstance(values, str | int) else values)
    ]
    return f"{reverse('customers')}?{urlencode(pairs)}"


def whoever(shown: Value, **choices: str | int | Sequence[str | int]) -> Linked | Value:
    """A number that leads to the customers it counts; a zero leads nowhere."""
    return Linked(shown, who(**choices)) if shown else shown


def began_in(month: date) -> dict[str, str]:
    """Those whose first purchase was in that month."""
    last = month_of(month + timedelta(days=32)) - timedelta(days=1)
    return {"first_from": month.isoformat(), "first_to": last.isoformat()}


def known_or_not(value: str | None) -> str:
    """A group's value as the filter wants it."""
    return value or NOT_KNOWN


def partner(ja: str, en: str) -> str:
    """The one of the two that the reader speaks."""
    return ja if (get_language() or "ja").startswith("ja") else en
