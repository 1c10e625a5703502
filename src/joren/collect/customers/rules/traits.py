"""Gender and age as rules may ask for them: few words, from whatever a shop's files say."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

_SPELLINGS: Final[Mapping[str, str]] = {
    "female": "female f w woman women girl 女 女性 女子 婦人 2",
    "male": "male m man men boy 男 男性 男子 紳士 1",
    "other": "other x nonbinary non-binary その他 それ以外",
}
"""1 and 2 as ISO/IEC 5218 and the carts of Japan have them."""
_WORDS: Final = {word: gender for gender, words in _SPELLINGS.items() for word in words.split()}
OLDEST: Final = 120
_LAST_BAND: Final = 80


def genders(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """female, male or other; null where a text says neither."""
    plain = pc.utf8_lower(pc.utf8_trim_whitespace(pc.utf8_normalize(texts, form="NFKC")))
    places = pc.index_in(plain, value_set=pa.array(list(_WORDS), pa.string()))
    return pa.chunked_array([pa.array(list(_WORDS.values()), pa.string())]).take(places)


def age_bands(birthdays: pa.ChunkedArray, today: date) -> pa.ChunkedArray:
    """In which ten years of life: 10 (up to 19), 20, 30 … 80 (and more); null of no such age."""
    day = pc.add(pc.multiply(pc.month(birthdays), 100), pc.day(birthdays))
    had = pc.less_equal(day, today.month * 100 + today.day)
    years = pc.subtract(pc.subtract(today.year, pc.year(birthdays)), pc.if_else(had, 0, 1))
    lives = pc.and_(pc.greater_equal(years, 0), pc.less_equal(years, OLDEST))
    band = pc.multiply(pc.divide(years, 10), 10)
    band = pc.max_element_wise(pc.min_element_wise(band, _LAST_BAND, skip_nulls=False), 10,
                               skip_nulls=False)  # fmt: skip
    return pc.if_else(lives, band.cast(pa.int64()), None)
