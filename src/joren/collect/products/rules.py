"""Which pairs can be kept, what a file says, and which one product is suggested. No Django."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Mapping, Sequence
from io import StringIO
from typing import Final

from joren.collect.products.contracts import (
    FIRST,
    KINDS,
    LAST,
    BadRelation,
    Kind,
    Pair,
    Suggestion,
)

LONGEST: Final = 100
MOST_LINES: Final = 200_000
_ORDER: Final[Mapping[Kind, int]] = {"complement": 0, "replenish": 1, "upgrade": 2, "substitute": 3}
_WORDS: Final[Mapping[str, Kind]] = {
    "complement": "complement", "併用": "complement", "クロスセル": "complement",
    "cross-sell": "complement", "upgrade": "upgrade", "上位": "upgrade", "アップセル": "upgrade",
    "up-sell": "upgrade", "replenish": "replenish", "補充": "replenish", "詰め替え": "replenish",
    "substitute": "substitute", "代替": "substitute",
}  # fmt: skip
_COLUMNS: Final[Mapping[str, str]] = {
    "sku": "sku", "商品コード": "sku", "relation": "kind", "kind": "kind", "関係": "kind",
    "other": "other", "other_sku": "other", "相手の商品コード": "other", "place": "place",
    "順番": "place",
}  # fmt: skip


def checked(pair: Pair) -> Pair:
    """The pair as it is kept, or why it cannot be."""
    sku, other = pair.sku.strip(), pair.other.strip()
    for one in (sku, other):
        if not one or len(one) > LONGEST or "\0" in one:
            raise BadRelation(f"{one!r} is no product code", hint=f"1 to {LONGEST} characters")
    if sku == other:
        raise BadRelation(f"{sku!r} is related to itself", hint="name two products")
    if pair.kind not in KINDS:
        raise BadRelation(f"{pair.kind!r} is no relation", hint=", ".join(KINDS))
    if not FIRST <= pair.place <= LAST:
        raise BadRelation(f"place {pair.place}", hint=f"{FIRST} to {LAST}; {FIRST} goes first")
    return Pair(sku, pair.kind, other, pair.place)


def read(text: str) -> list[Pair]:
    """The pairs of a CSV file with a header: sku, relation, other and, if given, place."""
    lines = csv.reader(StringIO(text.removeprefix("\ufeff")))
    try:
        header = [_COLUMNS.get(one.strip().lower(), "") for one in next(lines, [])]
        rows = [(number, row) for number, row in enumerate(lines, 2) if any(map(str.strip, row))]
    except csv.Error as wrong:
        raise BadRelation(f"this is no CSV: {wrong}", hint="sku,relation,other,place") from None
    if missing := [one for one in ("sku", "kind", "other") if one not in header]:
        raise BadRelation(
            f"the file has no column for {missing[0]}", hint="sku,relation,other,place"
        )
    if len(rows) > MOST_LINES:
        raise BadRelation(f"{len(rows):,} lines", hint=f"at most {MOST_LINES:,} in one file")
    found: dict[tuple[str, str], Pair] = {}
    for number, row in rows:
        pair = _pair(dict(zip(header, row, strict=False)), number)
        found[pair.sku, pair.other] = pair  # of two lines of one pair the later holds
    return list(found.values())


def _pair(said: Mapping[str, str], number: int) -> Pair:
    word = said.get("kind", "").strip()
    kind = _WORDS.get(word.lower())
    if kind is None:
        raise BadRelation(f"line {number}: {word!r} is no relation", hint=", ".join(KINDS))
    place = said.get("place", "").strip() or "100"
    if not (place.isascii() and place.isdigit() and len(place) < 5):
        raise BadRelation(f"line {number}: place {place!r}", hint=f"{FIRST} to {LAST}")
    try:
        return checked(Pair(said.get("sku", ""), kind, said.get("other", ""), int(place)))
    except BadRelation as wrong:
        raise BadRelation(f"line {number}: {wrong.message}", hint=wrong.hint) from None


def suggested(
    bought: Sequence[str], owned: Collection[str], pairs: Iterable[Pair]
) -> Suggestion | None:
    """The one product that goes with what was just bought, or none.

    Never what stands in the place of something just bought, nor what is in that order itself; what
    they own already only where it fills up again.
    """
    every, now = list(pairs), set(bought)
    instead = {one.other for one in every if one.kind == "substitute" and one.sku in now}
    instead |= {one.sku for one in every if one.kind == "substitute" and one.other in now}
    fitting = [
        one
        for one in every
        if one.sku in now
        and one.kind != "substitute"
        and one.other not in now
        and one.other not in instead
        and (one.kind == "replenish" or one.other not in owned)
    ]
    best = min(fitting, key=lambda one: (one.place, _ORDER[one.kind], one.other), default=None)
    return Suggestion(best.other, best.kind, best.sku) if best else None
