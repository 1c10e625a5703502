"""The filter itself: read from an address, and written as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from urllib.parse import urlencode

from joren.core.errors import BadInput
from joren.core.numbers import whole_number
from joren.understand.ranks.contracts import CPM_GROUPS, STAGES

NOT_KNOWN: Final = "-"
"""In place of a value: those of whom it is not known."""

Bound = int | float | date

_FIFTHS = ("1", "2", "3", "4", "5")
_FLAGS = ("yes", "no")

_STANDING: Final[Mapping[str, Sequence[str]]] = {
    "stage": tuple(STAGES),
    "rfm_r": _FIFTHS,
    "rfm_f": _FIFTHS,
    "rfm_m": _FIFTHS,
    "decile": tuple(str(number) for number in range(1, 11)),
    "cpm": tuple(CPM_GROUPS),
    "vip": _FLAGS,
}
CHOICES: Final[Mapping[str, Sequence[str]]] = {
    **_STANDING,
    "store": (),
    "source": (),
    "category": (),
    "subscriber": _FLAGS,
    **{f"was_{name}": values for name, values in _STANDING.items()},
}
"""What can be chosen, with its values; () where they are the shop's own words."""

RANGES: Final[Mapping[str, str]] = {
    "revenue": "money",
    "profit": "money",
    "predicted": "money",
    "orders": "number",
    "first": "day",
    "last": "day",
}
"""What lies between two bounds, each of which is included: ``revenue_from``, ``revenue_to``."""


@dataclass(frozen=True)
class Range:
    """Both ends belong to it; None is open."""

    low: Bound | None = None
    high: Bound | None = None


@dataclass(frozen=True)
class Wanted:
    """All of these together. An empty one wants everybody.

    ``since`` is the number of an earlier snapshot, of which the ``was_…`` choices speak; ``ids``
    are the only customers that may be chosen, None is everybody.
    """

    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)
    since: int | None = None
    ids: tuple[int, ...] | None = None

    @property
    def any(self) -> bool:
        """Does it leave anybody out?"""
        return bool(self.choices or self.ranges or self.ids is not None)


def read(asked: Mapping[str, Sequence[str]], *, unit: int = 1) -> Wanted:
    """The filter that an address asks for; ``unit`` minor units make one that money is given in.

    Names that are no filter's are passed over: an address says other things too.
    """
    choices = {
        name: _among(name, tuple(value for value in asked.get(name, ()) if value), known)
        for name, known in CHOICES.items()
    }
    ranges = {name: _range(asked, name, kind, unit) for name, kind in RANGES.items()}
    since = _number("since", _first(asked, "since"))
    wanted = {name: values for name, values in choices.items() if values}
    if since is None and any(name.startswith("was_") for name in wanted):
        raise BadInput("was_… speaks of no snapshot", hint="since=NUMBER of an earlier snapshot")
    return Wanted(
        choices=wanted,
        ranges={name: one for name, one in ranges.items() if one != Range()},
        since=None if since is None else int(since),
    )


def as_query(wanted: Wanted, *, unit: int = 1) -> str:
    """The address that asks for it."""
    pairs: list[tuple[str, str]] = [
        (name, value) for name, values in wanted.choices.items() for value in values
    ]
    for name, one in wanted.ranges.items():
        for end, bound in (("from", one.low), ("to", one.high)):
            if bound is not None:
                pairs.append((f"{name}_{end}", _written(bound, RANGES[name], unit)))
    if wanted.since is not None:
        pairs.append(("since", str(wanted.since)))
    return urlencode(pairs)


def _written(bound: Bound, kind: str, unit: int) -> str:
    if isinstance(bound, date):
        return bound.isoformat()
    shown = bound / unit if kind == "money" else bound
    return str(int(shown)) if shown == int(shown) else repr(shown)


def _among(name: str, values: tuple[str, ...], known: Sequence[str]) -> tuple[str, ...]:
    for value in values:
        if known and value != NOT_KNOWN and value not in known:
            raise BadInput(f"no {name} {value!r}", hint=f"known: {', '.join(known)}")
        if name == "store" and value != NOT_KNOWN and whole_number(value) is None:
            raise BadInput(f"no store {value[:60]!r}", hint="a store's number")
    return values


def _range(asked: Mapping[str, Sequence[str]], name: str, kind: str, unit: int) -> Range:
    low, high = (
        _bound(f"{name}_{end}", _first(asked, f"{name}_{end}"), kind, unit)
        for end in ("from", "to")
    )
    if low is not None and high is not None and low > high:  # type: ignore[operator]  # both are of the type of their field
        raise BadInput(f"{name} from {low} to {high} is empty", hint="the lower bound comes first")
    return Range(low, high)


def _bound(name: str, text: str, kind: str, unit: int) -> Bound | None:
    if not text:
        return None
    if kind == "day":
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise BadInput(f"{name} is {text!r}", hint="a day such as 2026-10-31") from None
    number = _number(name, text)
    return round(number * unit) if kind == "money" and number is not None else number


def _number(name: str, text: str) -> float | None:
    if not text:
        return None
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        number = float("nan")
    if number != number or abs(number) > 1e15:
        raise BadInput(f"{name} is {text!r}", hint="a number such as 10000")
    return number


def _first(asked: Mapping[str, Sequence[str]], name: str) -> str:
    values = asked.get(name) or ("",)
    return values[0].strip()
