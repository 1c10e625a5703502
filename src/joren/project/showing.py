"""How a value is shown to people: money by its currency, shares in per cent, counts with a unit."""

from __future__ import annotations

import re
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext, gettext_noop, ngettext

from joren.core.figures import Figure
from joren.core.money import UNKNOWN_CURRENCY, Money

NOTHING = "–"
_NUMBER = re.compile(r"\d[\d,.]*%?")

_PROFILES = {
    "one_off": gettext_noop("One-off purchases"),
    "repeat": gettext_noop("Repeat purchases"),
    "subscription": gettext_noop("Subscription"),
    "mixed": gettext_noop("Mixed"),
}


_PARTS = {"season": gettext_noop("season"), "margin": gettext_noop("margin")}

USES = {
    "rfm": gettext_noop("Ranks"),
    "predictions": gettext_noop("Predictions"),
    "cohorts": gettext_noop("Cohorts"),
    "profit": gettext_noop("Profit"),
    "economics": gettext_noop("Economics"),
    "orders": gettext_noop("Orders"),
    "revenue": gettext_noop("Amounts"),
    "sku": gettext_noop("Products"),
    "category": gettext_noop("Categories"),
    "source": gettext_noop("Where the customer came from"),
    "events": gettext_noop("Events"),
}
"""What facts have to be enough for, and what single questions rest on; see collect.quality."""


def amount(value: float | None, unit: str) -> str:
    """The value in its unit; an unknown one is a dash, never a zero."""
    if value is None:
        return NOTHING
    if unit == UNKNOWN_CURRENCY or re.fullmatch(r"[A-Z]{3}", unit):
        return str(Money(round(value), unit))
    if unit == "share":
        return f"{value:.1%}"
    return _counted(_number(value), value, unit)


def moment(value: date | datetime | None) -> str:
    """A day, or a moment by the shop's clocks."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return f"{local:%Y-%m-%d %H:%M}"
    return value.isoformat()


def minute(value: datetime | None) -> str:
    """The same of what may not have been; nothing where it was not."""
    return moment(value) if value else ""


def text(figure: Figure) -> str:
    """The figure's value as one reads it in a sentence."""
    if figure.value is None:
        return gettext("not yet known")
    return amount(figure.value, figure.unit)


def interval(figure: Figure) -> str:
    """``¥1,200 – ¥1,900``; "" where there is none."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{amount(figure.low, figure.unit)} – {amount(figure.high, figure.unit)}"


def model(name: str) -> str:
    """A model's name in the reader's language: its parts stand between crosses."""
    return " × ".join(gettext(_PARTS.get(part, part)) for part in reason(name).split(" × "))


def reason(why: str) -> str:
    """Why something is not known, or by which model, in the reader's language (core.words)."""
    return "; ".join(_said(part) for part in why.split("; "))


def _said(why: str) -> str:
    numbers = iter(_NUMBER.findall(why))
    said = gettext(_NUMBER.sub("{}", why)) if why else ""
    return re.sub(re.escape("{}"), lambda _place: next(numbers, ""), said)


def _number(value: float) -> str:
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.1f}" if abs(value) >= 100 else f"{value:,.2f}"


def _counted(number: str, value: float, unit: str) -> str:
    # English has two forms, and one of them for exactly one.
    count = 1 if value == 1 else 2
    if unit == "customers":
        return ngettext("%(n)s customer", "%(n)s customers", count) % {"n": number}
    if unit == "orders":
        return ngettext("%(n)s order", "%(n)s orders", count) % {"n": number}
    if unit == "days":
        return ngettext("%(n)s day", "%(n)s days", count) % {"n": number}
    if unit == "months":
        return ngettext("%(n)s month", "%(n)s months", count) % {"n": number}
    return number


def profile_name(profile: str) -> str:
    """The kind of business, in the reader's language."""
    return gettext(_PROFILES[profile])
