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


_CODES = frozenset(
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN "
    "BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN "
    "ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK "
    "JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK "
    "MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN "
    "PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB "
    "TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XCD "
    "XCG XOF XPF XXX YER ZAR ZMW ZWG".split()
)  # fmt: skip


def currency_code(text: str) -> str:
    """The code of ISO 4217 that the text is, in capitals; with another one amounts would be off.

    A yen has no decimals and an unknown currency has two: "yen" made ¥1,980 a hundred times more.
    """
    code = text.strip().upper()
    if code not in _CODES:
        raise BadInput(
            f"{text[:60]!r} is no currency code", hint="three letters of ISO 4217, such as JPY"
        )
    return code


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
