"""How areas are dealt: in pairs of areas alike, one of each by lot."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Final

from joren.measure.channels.contracts import (
    AREA_UNITS,
    LEVEL,
    LONGEST,
    LONGEST_LAG,
    Area,
    AreaTestText,
    BadAreaTest,
    BadSpend,
    TooFewAreas,
)
from joren.science.inference import fewest_deals

_LONGEST_NAME: Final = 200
_LONGEST_CHANNEL: Final = 60
_MOST: Final = 10**15
EARLIEST: Final = date(2000, 1, 1)
_FURTHEST: Final = timedelta(days=731)


def channel_of(said: str) -> str:
    """Spellings of one channel are one, as of a source: trimmed, lower case."""
    text = " ".join(said.lower().split())
    if not 0 < len(text) <= _LONGEST_CHANNEL:
        raise BadSpend(
            f"the channel has {len(text)} characters", hint=f"from 1 to {_LONGEST_CHANNEL}"
        )
    return text


def check_days(days: int) -> None:
    """Refuse a test that is none, or longer than one may be."""
    if not 1 <= days <= LONGEST + LONGEST_LAG:
        raise BadAreaTest(f"a test of {days} days", hint=f"from 1 to {LONGEST + LONGEST_LAG}")


def check_spend(first: date, last: date, amount: int, note: str, *, today: date) -> None:
    """Refuse what was not spent."""
    if not 0 < amount <= _MOST:
        raise BadSpend(f"a spend of {amount}", hint="1 or more, in minor units")
    if last < first:
        raise BadSpend(f"it ends on {last}, before {first}", hint="give the last day as well")
    if not EARLIEST <= first <= today + _FURTHEST or last > today + _FURTHEST:
        raise BadSpend(f"{first} – {last} is too far away", hint=f"until {today + _FURTHEST}")
    if (last - first).days >= LONGEST:
        raise BadSpend(f"{first} – {last} is longer than a year", hint="say it year by year")
    if len(note) > _LONGEST_NAME:
        raise BadSpend(f"the note has {len(note)} characters", hint=f"at most {_LONGEST_NAME}")


def check_test(text: AreaTestText, *, today: date) -> AreaTestText:
    """The text as it is kept; refuses what cannot be."""
    name = " ".join(text.name.split())
    if not 0 < len(name) <= _LONGEST_NAME:
        raise BadAreaTest(f"the name has {len(name)} characters", hint=f"from 1 to {_LONGEST_NAME}")
    if text.unit not in AREA_UNITS:
        raise BadAreaTest(f"{text.unit!r} is no kind of area", hint=", ".join(AREA_UNITS))
    if text.stopped_on < text.started_on:
        raise BadAreaTest(f"it ends on {text.stopped_on}, before it begins", hint="a later day")
    if not EARLIEST <= text.started_on <= today + _FURTHEST:
        raise BadAreaTest(f"{text.started_on} is too far away", hint=f"until {today + _FURTHEST}")
    if (text.stopped_on - text.started_on).days >= LONGEST:
        raise BadAreaTest("it goes on for more than a year", hint=f"at most {LONGEST} days")
    if not 0 <= text.lag_days <= LONGEST_LAG:
        raise BadAreaTest(f"{text.lag_days} days afterwards", hint=f"from 0 to {LONGEST_LAG}")
    if not text.treated and text.started_on <= today:
        raise BadAreaTest(
            f"it began on {text.started_on}, and a lot comes before",
            hint="a day after today, or name the areas where it was done",
        )
    return AreaTestText(
        name, channel_of(text.channel), text.unit, text.started_on, text.stopped_on, text.lag_days,
        tuple(dict.fromkeys(text.treated)),
    )  # fmt: skip


def pairs(sold: Mapping[str, int]) -> list[tuple[str, str]]:
    """Areas that sold something, next to each other by how much; an odd one is left out."""
    some = [one for one in sold if sold[one] > 0]
    order = sorted(some, key=lambda one: (-sold[one], one))
    return list(zip(order[::2], order[1::2], strict=False))


def drawn(sold: Mapping[str, int], salt: str) -> tuple[Area, ...]:
    """One of each pair by lot: who knows the salt draws the same."""
    found = pairs(sold)
    needed = (fewest_deals(LEVEL) - 1).bit_length()  # 2^n deals of n pairs
    if len(found) < needed:
        raise TooFewAreas(
            f"{len(found)} pairs of areas sold something, {needed} are needed",
            hint="by prefecture there are more; or tell what was done as an initiative",
        )
    return tuple(
        Area(name, treated=(place == _coin(salt, block)), block=block)
        for block, pair in enumerate(found)
        for place, name in enumerate(pair)
    )


def chosen(sold: Mapping[str, int], treated: Sequence[str]) -> tuple[Area, ...]:
    """The areas that somebody chose, beside all others that sold something."""
    if strange := [one for one in treated if sold.get(one, 0) <= 0]:
        raise BadAreaTest(
            f"nothing was sold before in {', '.join(strange)}",
            hint=f"known: {', '.join(_known(sold))}",
        )
    others = [one for one in _known(sold) if one not in treated]
    if not others:
        raise BadAreaTest("no area is left to compare with", hint="leave some out")
    return tuple(
        [Area(one, treated=True, block=0) for one in treated]
        + [Area(one, treated=False, block=0) for one in others]
    )


def _known(sold: Mapping[str, int]) -> Iterable[str]:
    return sorted((one for one in sold if sold[one] > 0), key=lambda one: -sold[one])


def _coin(salt: str, block: int) -> int:
    return hashlib.blake2b(f"{salt}/{block}".encode(), digest_size=1).digest()[0] & 1
