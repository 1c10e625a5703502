"""What a row about live events offers: names of events, what they carry, what ends them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext

from joren.collect.inbox.selectors import own_properties
from joren.decide.segments import selectors
from joren.decide.segments.contracts import AN_ORDER
from joren.project.pages.codes import partner

Options = Sequence[tuple[str, str]]
_FIELDS: Final = ("product", "sku", "category", "path", "page", "source", "medium", "campaign")
_USUAL: Final = ("brand", "variant", "coupon", "query", "payment_method")
"""Properties of e-commerce V2 that are asked for most."""


def named(text: str) -> str:
    """The event that somebody means: by its name or by our words for it in either language."""
    wanted = text.strip().lower()
    for name, words in selectors.EVENT_WORDS.items():
        if wanted in (name.lower(), *(word.lower() for word in words)):
            return name
    return text.strip()


def suggestions() -> list[str]:
    """Words for the usual events, then the names of what this shop's sources sent."""
    usual = [partner(*words) for words in selectors.EVENT_WORDS.values()]
    own = [one for one in selectors.heard_events() if one not in selectors.EVENT_WORDS]
    return [*usual, *own]


def kinds(chosen: str) -> Options:
    """What one can count different ones of."""
    return [("", ""), *((name, _word(name)) for name in _carried(chosen))]


def wheres(chosen: str) -> Options:
    """By what events are chosen in a row."""
    here = chosen.rpartition(":")[0]
    form = gettext("%(field)s is one of")
    found = [(f"{name}:is", form % {"field": _word(name)}) for name in _carried(here)]
    return [one for one in found if one[0] != ":is"]


def stoppers(chosen: str) -> Options:
    """After what it no longer counts."""
    form = gettext("no “%(event)s” since")
    names = [name for name in selectors.EVENT_WORDS if name != "*"]
    if chosen and chosen not in (AN_ORDER, *names):
        names.append(chosen)
    events = [(name, form % {"event": partner(*selectors.event_words(name))}) for name in names]
    return [("", gettext("whatever came after")), (AN_ORDER, gettext("no order since")), *events]


def _carried(chosen: str) -> list[str]:
    properties = [f"property:{name}" for name in (*_USUAL, *own_properties())]
    known = [*_FIELDS, *dict.fromkeys(properties)]
    return known if not chosen or chosen in known else [*known, chosen]


def _word(name: str) -> str:
    field = selectors.EVENT_FIELDS.get(name)
    return partner(field.ja, field.en) if field else name
