"""Money is an integer in the currency's minor unit, never a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from joren.core.errors import BadInput

# ISO 4217: every other currency has two decimals.
_DECIMALS = {
    **dict.fromkeys(
        ("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF").split(), 0
    ),
    **dict.fromkeys(("BHD IQD JOD KWD LYD OMR TND").split(), 3),
    **dict.fromkeys(("CLF UYW").split(), 4),
}
_SYMBOLS = {"JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "XXX": ""}

_LONGEST = 17
"""The highest power of ten of an amount that every database holds."""

UNKNOWN_CURRENCY = "XXX"
"""ISO 4217's code for "no currency is named": a log of bare amounts."""


def decimals(currency: str) -> int:
    """Digits after the point in one unit of the currency."""
    return _DECIMALS.get(currency, 2)


def unlike_most() -> dict[int, frozenset[str]]:
    """The currencies that have other than two decimals, by how many they have."""
    return {
        places: frozenset(code for code, own in _DECIMALS.items() if own == places)
        for places in sorted(set(_DECIMALS.values()))
    }


@dataclass(frozen=True, order=True)
class Money:
    """``Money(1980, "JPY")`` is ¥1,980 and ``Money(1980, "USD")`` is $19.80."""

    minor: int
    currency: str

    @classmethod
    def parse(cls, text: str, currency: str) -> Money:
        """Read a plain decimal; too many decimals are an error, not a rounding."""
        try:
            exact = Decimal(text.replace(",", "")).scaleb(decimals(currency))
        except InvalidOperation:
            raise BadInput(f"{text!r} is no amount", hint="for example 1980 or 19.80") from None
        if not exact.is_finite() or exact.adjusted() > _LONGEST:
            raise BadInput(f"{text[:60]!r} is no amount", hint="for example 1980 or 19.80")
        if exact != exact.to_integral_value():
            raise BadInput(f"{text} has more decimals than {currency} ({decimals(currency)})")
        return cls(int(exact), currency)

    @property
    def major(self) -> Decimal:
        """The amount as people write it."""
        return Decimal(self.minor).scaleb(-decimals(self.currency))

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other).minor, self.currency)

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise BadInput(f"{self.currency} and {other.currency} do not add up without a rate")
        return other

    def __str__(self) -> str:
        symbol = _SYMBOLS.get(self.currency)
        amount = f"{abs(self.major):,.{decimals(self.currency)}f}"
        sign = "-" if self.minor < 0 else ""
        return (
            f"{sign}{symbol}{amount}" if symbol is not None else f"{sign}{amount} {self.currency}"
        )
