"""Which column holds which field: by what it is called, then by what stands in it."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from joren.collect.connectors.contracts import Kind

_ENOUGH: Final = 0.8  # of the values that are there

_EMAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_PHONE: Final = re.compile(r"(\+81|0)[\d\-() ]{8,14}")
_MOMENT: Final = re.compile(
    r"(19|20)\d\d([/.\-年]\d{1,2}[/.\-月]\d{1,2}日?|[01]\d[0-3]\d)([ T].*)?|\d{1,2}/\d{1,2}/\d{4}.*"
)
_MONEY: Final = re.compile(r"[-△▲(]?[¥\\$€£]?-?\d{1,3}(,?\d{3})*(\.\d+)?円?\)?")
_CURRENCY: Final = re.compile(r"[A-Za-z]{3}")
_RATE: Final = re.compile(r"\d+(\.\d+)?")
_PADDED: Final = re.compile(r"0\d{2,}")
_FINE: Final = re.compile(r"-?\d[\d,]*\.\d+")
_CODE: Final = re.compile(r"(?=.*\d)[A-Za-z0-9][\w\-#/]{2,}")

_Test = Callable[[Sequence[str]], bool]


def _all(pattern: re.Pattern[str]) -> _Test:
    return lambda values: _share(values, pattern) >= _ENOUGH


def _amounts(values: Sequence[str]) -> bool:
    """Numbers that differ, and are larger or finer than counts of pieces are."""
    if _share(values, _MONEY) < _ENOUGH or _share(values, _PHONE) >= _ENOUGH:
        return False
    if _share(values, _PADDED) >= _ENOUGH:
        return False  # nobody writes an amount with zeros before it
    if _share(values, _FINE) >= _ENOUGH:
        return len(set(values)) > 1
    sizes = [len(re.sub(r"\D", "", value.partition(".")[0])) for value in values]
    return sorted(sizes)[len(sizes) // 2] >= 3 and len(set(values)) > 1


def _numbers(values: Sequence[str]) -> bool:
    """Names of single things: nearly every row has its own."""
    return _share(values, _CODE) >= _ENOUGH and len(set(values)) >= _ENOUGH * len(values)


def _repeated(values: Sequence[str]) -> bool:
    """Numbers of one length, filled with zeros, of somebody who comes again."""
    return _share(values, _PADDED) >= _ENOUGH and 1 < len(set(values)) < len(values)


_BY_VALUES: Final[Mapping[Kind, tuple[tuple[str, _Test], ...]]] = {
    "orders": (
        ("email", _all(_EMAIL)), ("ordered_at", _all(_MOMENT)), ("phone", _all(_PHONE)),
        ("amount", _amounts), ("order_number", _numbers), ("customer_number", _repeated),
    ),
    "customers": (
        ("email", _all(_EMAIL)), ("phone", _all(_PHONE)), ("registered_at", _all(_MOMENT)),
        ("customer_number", _numbers),
    ),
    "products": (("price", _amounts), ("sku", _numbers)),
    "ad_spend": (("day", _all(_MOMENT)), ("amount", _amounts)),
    "refunds": (("refunded_at", _all(_MOMENT)), ("amount", _amounts), ("order_number", _numbers)),
    "rates": (("day", _all(_MOMENT)), ("currency", _all(_CURRENCY)), ("rate", _all(_RATE))),
}  # fmt: skip
_STANDS_FOR: Final = {"amount": ("unit_price", "total")}


def suggested(
    kind: Kind, named: Mapping[str, str], values: Mapping[str, Sequence[str]]
) -> dict[str, str]:
    """Columns for fields that no header names, from the first values of each column."""
    taken = set(named.values())
    found: dict[str, str] = {}
    for field, fits in _BY_VALUES[kind]:
        if field in named or any(other in named for other in _STANDS_FOR.get(field, ())):
            continue
        for column, given in values.items():
            plain = [unicodedata.normalize("NFKC", value).strip() for value in given if value]
            if column not in taken and plain and fits(plain):
                found[field] = column
                taken.add(column)
                break
    return found


def fingerprint(header: Sequence[str]) -> str:
    """Files with the same columns, in whatever order, are from one source."""
    return hashlib.sha256(json.dumps(sorted(header)).encode()).hexdigest()


def _share(values: Sequence[str], pattern: re.Pattern[str]) -> float:
    return sum(pattern.fullmatch(value) is not None for value in values) / len(values)
