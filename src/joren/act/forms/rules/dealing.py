"""Which visitor sees which variant, who is a machine, and how a text becomes blocks."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from joren.act.forms.contracts import Content, Variant

_MACHINE: Final = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|facebookexternalhit|headlesschrome-check|curl/|wget/|"
    r"python-|go-http|okhttp|scanner|monitor|lighthouse|pingdom|uptime",
    re.IGNORECASE,
)
_ITEM: Final = re.compile(r"^\s*[-*・•]\s*(.+)$")


def variant_for(content: Content, *, salt: str, visitor: str) -> Variant:
    """The same visitor sees the same variant for as long as the shares stand; who is not followed
    sees what the others are measured against."""
    if not visitor:
        return content.control
    whole = sum(one.share for one in content.variants)
    digest = hashlib.sha256(f"{salt}:{visitor}".encode()).digest()
    place = int.from_bytes(digest[:8], "big") * whole >> 64
    for one in content.variants:
        place -= one.share
        if place < 0:
            return one
    return content.control


def is_machine(agent: str) -> bool:
    """Does it say of itself that it is none of a visitor's browsers?"""
    return not agent.strip() or _MACHINE.search(agent) is not None


def blocks_of(text: str) -> list[tuple[str, list[str]]]:
    """("text", lines) and ("list", items), in their order."""
    found: list[tuple[str, list[str]]] = []
    for part in re.split(r"\n\s*\n", text.strip()):
        for line in part.splitlines():
            item = _ITEM.match(line)
            kind, words = ("list", item[1]) if item else ("text", line.strip())
            if found and found[-1][0] == kind and found[-1][1]:
                found[-1][1].append(words)
            elif words:
                found.append((kind, [words]))
        if found and found[-1][0] == "text":
            found.append(("text", []))
    return [(kind, words) for kind, words in found if words]
