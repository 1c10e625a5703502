"""Which clicks are a person's. Security scanners open every link of a mail, often within seconds.

A click counts as a scanner's when it is a HEAD request, when the program says of itself that it is
one, when the hidden link was opened that no person sees (then every click of that message), or when
several links of one message were opened within a few seconds, or one within seconds of its leaving.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

HIDDEN: Final = "hidden"
"""In place of an address: the link that no person sees."""

_WITHIN: Final = timedelta(seconds=5)
_AT_ONCE: Final = timedelta(seconds=3)
"""Between the leaving of a mail and a click, in which nobody has read it."""

_SEVERAL: Final = 3
_AGENTS: Final = re.compile(
    r"bot\b|crawl|spider|scan|preview|proofpoint|mimecast|barracuda|symantec|fireeye|trendmicro|"
    r"safelinks|microsoft office|bingpreview|googleimageproxy|yahoomailproxy|headless|curl|wget|"
    r"python-|go-http-client|java/|okhttp|libwww|apache-httpclient",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Click:
    """A link of a message was opened; ``key`` is the caller's, of each another."""

    key: int
    at: datetime
    address: str
    agent: str = ""
    method: str = "GET"


def scanners(
    clicks: Sequence[Click], *, links: int | None = None, sent_at: datetime | None = None
) -> frozenset[int]:
    """The keys of those that no person made, of all clicks of one message.

    ``sent_at`` is when its leaving was noted: of what was sent just before in one portion, a person
    may have clicked already. ``links``: how many it has. Where it is known and below three, all
    of them within seconds are enough; a message of one link tells nothing by that.
    """
    if any(one.address == HIDDEN for one in clicks):
        return frozenset(one.key for one in clicks)
    found = {
        one.key for one in clicks if one.method == "HEAD" or _AGENTS.search(one.agent) is not None
    }
    if sent_at is not None:
        found |= {one.key for one in clicks if timedelta(0) <= one.at - sent_at <= _AT_ONCE}
    enough = _SEVERAL if links is None else max(2, min(_SEVERAL, links))
    ordered = sorted(clicks, key=lambda one: one.at)
    for place, first in enumerate(ordered):
        near = [one for one in ordered[place:] if one.at - first.at <= _WITHIN]
        if len({one.address for one in near}) >= enough:
            found.update(one.key for one in near)
    return frozenset(found)
