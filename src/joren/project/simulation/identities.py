"""How one invented person signs in two stores: the same name and number, written as people write.

Own shop and mall see the same phone and name; the e-mail only the own shop. A few write 様 behind
their own name, type full-width digits, or come from a form that makes half-width kana.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import jaconv
import numpy as np
import pyarrow as pa

from joren.project.simulation.names import FAMILY_NAMES, GIVEN_NAMES, WOMENS_NAMES
from joren.project.simulation.population import Floats, Ints, Population
from joren.project.simulation.prefectures import PREFECTURES
from joren.project.simulation.text import UTF8, digits, joined, picked, words

PLAIN, HYPHENS, FULL_WIDTH, MISSING = range(4)
TIDY, HONORIFIC, HALF_WIDTH = range(3)
_CELLS = 10_000
# Coprime to 3 × 9,000 × 10,000, so that every customer number up to 270 M has its own phone.
_PHONE_STRIDE, _PHONES = 67_867_967, 270_000_000
_BIRTHDAYS_FROM, _BIRTHDAYS = date(1946, 1, 1), 60 * 365


@dataclass(frozen=True)
class Identities:
    """One row per customer: positions in the name lists, parts of the phone, habits of writing."""

    number: Ints
    family: Ints
    given: Ints
    phone: Ints
    gender: Ints
    birthday: Ints
    postal: Ints
    prefecture: Ints
    own_phone_style: Ints
    mall_phone_style: Ints
    writing: Ints
    mask: Ints


def draw_identities(rng: np.random.Generator, people: Population) -> Identities:
    """Give each customer a name, a phone nobody else has, a home and a hand."""
    size = people.size
    given = rng.integers(0, len(GIVEN_NAMES), size)
    tells_birthday, tells_gender = rng.random(size) < 0.7, rng.random(size) < 0.8
    first = np.array([prefecture.first_postal for prefecture in PREFECTURES])[people.prefecture]
    last = np.array([prefecture.last_postal for prefecture in PREFECTURES])[people.prefecture]
    area = first + (rng.random(size) * (last - first + 1)).astype(np.int64)
    gender = np.where(given < len(WOMENS_NAMES), 1, 2)
    return Identities(
        number=people.number,
        family=_families(rng, size),
        given=given,
        phone=(people.number + 1) * _PHONE_STRIDE % _PHONES,
        gender=np.where(tells_gender, gender, 0),
        birthday=np.where(tells_birthday, rng.integers(1, _BIRTHDAYS + 1, size), 0),
        postal=area * _CELLS + rng.integers(0, _CELLS, size),
        prefecture=people.prefecture,
        own_phone_style=rng.choice(4, size, p=[0.34, 0.60, 0.03, 0.03]),
        mall_phone_style=rng.choice([HYPHENS, FULL_WIDTH, MISSING], size, p=[0.98, 0.01, 0.01]),
        writing=rng.choice(3, size, p=[0.97, 0.01, 0.02]),
        mask=rng.integers(0, 2**62, size),
    )


def customer_numbers(identities: Identities) -> pa.Array:
    """The own shop's customer number."""
    return joined("C", digits(identities.number + 1, 8), by="")


def full_names(identities: Identities) -> tuple[pa.Array, pa.Array]:
    """Name and kana as the own shop's order form keeps them."""
    pair = identities.family * len(GIVEN_NAMES) + identities.given
    kanji, kana = _full_names()
    place = pair * 3 + identities.writing
    return picked(kanji, place), picked(kana, place)


def emails(identities: Identities) -> pa.Array:
    """An address in a domain that RFC 2606 keeps for examples: nothing is ever delivered."""
    family = picked(words([name.romaji for name in FAMILY_NAMES]), identities.family)
    given = picked(words([name.romaji for name in GIVEN_NAMES]), identities.given)
    domains = words(["example.com", "example.net", "example.org"])
    domain = picked(domains, identities.number % 3)
    number = digits(identities.number + 1)
    return joined(family, ".", given, number, "@", domain, by="")


def phone_parts(
    phone: Ints, style: Ints, encoding: str = UTF8
) -> tuple[pa.Array, pa.Array, pa.Array]:
    """The three cells of a mobile number; a missing one is three empty cells."""
    carrier, rest = np.divmod(phone, 9000 * _CELLS)
    middle, last = np.divmod(rest, _CELLS)
    kind = np.where(style == FULL_WIDTH, 1, np.where(style == MISSING, 2, 0))
    return (
        picked(_written(("070", "080", "090"), encoding), kind * 3 + carrier),
        picked(_four_digits(encoding), kind * _CELLS + middle + 1000),
        picked(_four_digits(encoding), kind * _CELLS + last),
    )


def phones(identities: Identities) -> pa.Array:
    """The own shop's single phone field."""
    style = identities.own_phone_style
    dash = picked(words(["", "-"]), (style == HYPHENS).astype(np.int64))
    first, middle, last = phone_parts(identities.phone, style)
    return joined(first, dash, middle, dash, last, by="")


def postal_codes(identities: Identities) -> pa.Array:
    """Seven digits with the hyphen."""
    area, block = np.divmod(identities.postal, _CELLS)
    return joined(digits(area, 3), digits(block, 4), by="-")


def prefectures(identities: Identities, encoding: str) -> pa.Array:
    """Where the customer lives."""
    names = [prefecture.name for prefecture in PREFECTURES]
    return picked(words(names, encoding), identities.prefecture)


def birthdays(identities: Identities) -> pa.Array:
    """ISO dates, empty for the third who keep it to themselves."""
    days = [_BIRTHDAYS_FROM + timedelta(days=day) for day in range(_BIRTHDAYS)]
    return picked(words(["", *(day.isoformat() for day in days)]), identities.birthday)


def _families(rng: np.random.Generator, size: int) -> Ints:
    """The list is sorted from common to rare, and so are the customers."""
    rarity: Floats = 1.0 / np.arange(6, len(FAMILY_NAMES) + 6)
    return rng.choice(len(FAMILY_NAMES), size, p=rarity / rarity.sum())


@cache
def _full_names() -> tuple[pa.Array, pa.Array]:
    kanji: list[str] = []
    kana: list[str] = []
    for family in FAMILY_NAMES:
        for given in GIVEN_NAMES:
            name, sound = f"{family.kanji} {given.kanji}", f"{family.kana} {given.kana}"
            kanji += [name, f"{name}様", f"{family.kanji}　{given.kanji}"]
            kana += [sound, sound, jaconv.z2h(sound)]
    return words(kanji), words(kana)


def _written(texts: tuple[str, ...], encoding: str) -> pa.Array:
    """Each text as typed, in full-width digits, and left out."""
    full = [jaconv.h2z(text, digit=True) for text in texts]
    return words([*texts, *full, *("" for _ in texts)], encoding)


@cache
def _four_digits(encoding: str) -> pa.Array:
    return _written(tuple(f"{number:04}" for number in range(_CELLS)), encoding)
