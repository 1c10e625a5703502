"""Lists of referrals as lines, what is wrong with one, and what the sums tell. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Final

from joren.core.figures import Figure
from joren.core.listed import lines_of
from joren.measure.referrals.contracts import (
    A_CONTACT,
    COLUMNS,
    FEW_BOUGHT,
    FEWEST,
    LEVEL,
    LONGEST_CODE,
    MOST_ROWS,
    NO_DAY,
    NOBODY_REFERRED,
    NOBODY_SO_LONG,
    NOBODYS_CODE,
    NOT_PREDICTED,
    SAID_OTHERWISE,
    SAYS_NOTHING,
    TAKEN_CODE,
    THEMSELVES,
    TOO_LONG,
    TWO_MEANS,
    TWO_PARTS,
    UNKNOWN_PERSON,
    WHOSE_CODE,
    YEAR,
    BadReferrals,
    ReferralRow,
)
from joren.science.inference import Spend, Sums, mean_interval, proportion_interval, spend_effect

_CONTACT: Final = re.compile(r"@|^\+?[0-9][0-9 -]{8,12}[0-9]$")


def rows_of(text: str) -> list[ReferralRow]:
    """The lines of a CSV with a header."""
    lines = lines_of(
        text, COLUMNS, one_of=("code", "referred_email", "referred_number"),
        hint=f"of {', '.join(COLUMNS)}, at least code or referred_email or referred_number",
        most=MOST_ROWS, refusal=BadReferrals,
    )  # fmt: skip
    return [ReferralRow(**line) for line in lines]


def code_of(said: str) -> str:
    """Spellings of one code are one."""
    return said.replace("\0", "").strip().upper()


@dataclass(frozen=True)
class Known:
    """What is known of the people and codes that a list names."""

    emails: Mapping[str, int]
    numbers: Mapping[tuple[str, str], int]
    codes: Mapping[str, int]
    pairs: Mapping[int, int | None]


@dataclass(frozen=True)
class Meant:
    """What a line says: a code of somebody, or a pair. ``again``: it was known before."""

    code: str = ""
    referrer: int | None = None
    referred: int | None = None
    on: date | None = None
    again: bool = False


def meant(row: ReferralRow, known: Known) -> Meant | tuple[str, str, str]:
    """What the line means, or the column, value and reason for which it stays out."""
    referrer = _who(row.referrer_email, row.referrer_number, row.store, known)
    referred = _who(row.referred_email, row.referred_number, row.store, known)
    for name, who in (("referrer", referrer), ("referred", referred)):
        email, number = getattr(row, f"{name}_email"), getattr(row, f"{name}_number")
        if (email or number) and who is None:
            told = (f"{name}_email", email) if email else (f"{name}_number", number)
            return (*told, UNKNOWN_PERSON)
    if referred is not None:
        return _pair(row, referrer, referred, known)
    return _code(row, referrer, known)


def _pair(
    row: ReferralRow, referrer: int | None, referred: int, known: Known
) -> Meant | tuple[str, str, str]:
    code = code_of(row.code)
    if code and referrer is None:
        referrer = known.codes.get(code)
        if referrer is None:
            return "code", row.code, NOBODYS_CODE
    if referrer is not None and referrer == referred:
        return "referred_email", row.referred_email, THEMSELVES
    on = None
    if row.on:
        try:
            on = date.fromisoformat(row.on.replace("/", "-"))
        except ValueError:
            return "on", row.on, NO_DAY
    if referred in known.pairs:
        if known.pairs[referred] == referrer:
            return Meant(referrer=referrer, referred=referred, again=True)
        return "referred_email", row.referred_email, SAID_OTHERWISE
    return Meant(referrer=referrer, referred=referred, on=on)


def _code(row: ReferralRow, referrer: int | None, known: Known) -> Meant | tuple[str, str, str]:
    code = code_of(row.code)
    if not code:
        return "code", row.code, SAYS_NOTHING
    if referrer is None:
        return "referrer_email", "", WHOSE_CODE
    if len(code) > LONGEST_CODE:
        return "code", row.code, TOO_LONG
    if _CONTACT.search(code):
        return "code", row.code, A_CONTACT
    if code in known.codes:
        if known.codes[code] == referrer:
            return Meant(code=code, referrer=referrer, again=True)
        return "code", row.code, TAKEN_CODE
    return Meant(code=code, referrer=referrer)


def _who(email: str, number: str, store: str, known: Known) -> int | None:
    if email:
        return known.emails.get(email.lower())
    return known.numbers.get((store, number)) if number else None


@dataclass(frozen=True)
class Teller:
    """How figures of one snapshot are told."""

    currency: str
    as_of: str

    def share(self, name: str, hits: int, among: int, why: str) -> Figure:
        if not among:
            return Figure(name, None, "share", 0, as_of=self.as_of, why=why)
        found = proportion_interval(hits, among, LEVEL)
        return Figure(
            name, hits / among, "share", among, float(found.low), float(found.high), LEVEL,
            self.as_of,
        )  # fmt: skip

    def mean(self, name: str, sums: Sums, why: str) -> Figure:
        n = int(sums.n)
        if not n:
            return Figure(name, None, self.currency, 0, as_of=self.as_of, why=why)
        found = mean_interval(sums, LEVEL)
        low, high = float(found.low), float(found.high)
        known = isfinite(low) and isfinite(high)
        return Figure(
            name, float(sums.mean), self.currency, n, low if known else None,
            high if known else None, LEVEL if known else None, self.as_of,
        )  # fmt: skip

    def expected(self, total: int | None, n: int) -> Figure:
        name = "referred_expected"
        if total is None or not n:
            return Figure(name, None, self.currency, n, as_of=self.as_of, why=NOT_PREDICTED)
        return Figure(name, total / n, self.currency, n, as_of=self.as_of)

    def difference(
        self, referred: Spend, others: Spend, permutation_p: float | None = None
    ) -> Figure:
        """Of the first year's revenue; with fewer than 30 on a side it is not told.

        A few referred stand beside thousands, and a few large orders carry the total: two means
        would lie in favour of either.
        """
        name, n = "referred_difference", int(referred.n + others.n)
        if min(int(referred.n), int(others.n)) < FEWEST:
            why = NOBODY_SO_LONG.format(FEWEST, YEAR) if n else NOBODY_REFERRED
            return Figure(name, None, self.currency, n, as_of=self.as_of, why=why)
        found = spend_effect(others, referred, level=LEVEL, permutation_p=permutation_p)
        if found.too_small or not (isfinite(found.low) and isfinite(found.high)):
            return Figure(name, None, self.currency, n, as_of=self.as_of, why=FEW_BOUGHT)
        return Figure(
            name, found.estimate, self.currency, n, found.low, found.high, LEVEL, self.as_of,
            TWO_MEANS if found.method == "welch" else TWO_PARTS,
        )  # fmt: skip


def keys_asked(rows: Sequence[ReferralRow]) -> tuple[set[str], dict[str, set[str]], set[str]]:
    """E-mails, numbers by store, and codes that a list names."""
    emails = {
        one.lower() for row in rows for one in (row.referrer_email, row.referred_email) if one
    }
    numbers: dict[str, set[str]] = {}
    for row in rows:
        for one in (row.referrer_number, row.referred_number):
            if one:
                numbers.setdefault(row.store, set()).add(one)
    return emails, numbers, {code_of(row.code) for row in rows if row.code}
