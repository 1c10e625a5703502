"""MJML: its tags stand in pairs, and it becomes the HTML that mailboxes understand."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

import mrml

from joren.act.messages.contracts import Fault
from joren.act.messages.rules.liquid_text import Wrong, place

_TAG: Final = re.compile(
    r"<!--.*?-->|<(/?)(mjml|mj-[\w-]+)((?:\"[^\"]*\"|'[^']*'|[^\"'<>])*?)(/?)>", re.DOTALL
)
_KNOWN: Final = frozenset(
    "mjml mj-head mj-body mj-attributes mj-all mj-class mj-breakpoint mj-font mj-html-attributes "
    "mj-selector mj-html-attribute mj-preview mj-style mj-title mj-raw mj-section mj-column "
    "mj-group mj-wrapper mj-text mj-button mj-image mj-divider mj-spacer mj-table mj-hero "
    "mj-navbar mj-navbar-link mj-social mj-social-element mj-accordion mj-accordion-element "
    "mj-accordion-title mj-accordion-text mj-carousel mj-carousel-image".split()
)  # fmt: skip
_WITHIN_ATTRIBUTES: Final = "mj-attributes"


@lru_cache(maxsize=16)
def check(source: str) -> None:
    """What is wrong with the tags, by its place in what was written; else nothing."""
    opened: list[tuple[str, int]] = []
    for found in _TAG.finditer(source):
        closes, name, _, alone = found.groups()
        if name is None:
            continue
        if name not in _KNOWN:
            raise _wrong("mjml_unknown", f"<{name}>", source, found.start())
        if closes:
            if not opened:
                raise _wrong("not_opened", f"</{name}>", source, found.start())
            last, at = opened.pop()
            if last != name:
                raise _wrong("not_closed", f"<{last}>", source, at)
        elif not alone:
            opened.append((name, found.start()))
    if opened:
        last, at = opened[-1]
        raise _wrong("not_closed", f"<{last}>", source, at)
    if "<mjml" not in source:
        raise _wrong("mjml", "<mjml>", source, 0)


def as_html(text: str) -> str:
    """The HTML of a written MJML text. What is included from elsewhere is not looked for."""
    try:
        return str(mrml.to_html(text).content)
    except OSError as problem:  # what the library calls every text that it cannot read
        raise Wrong(Fault("mjml", str(problem))) from None


def _wrong(say: str, what: str, source: str, index: int) -> Wrong:
    line, column = place(source, index)
    return Wrong(Fault(say, what, line=line, column=column))
