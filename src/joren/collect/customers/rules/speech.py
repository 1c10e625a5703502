"""In which language somebody reads, and where their clock is, from whatever a shop's files say."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final
from zoneinfo import available_timezones

import pyarrow as pa
import pyarrow.compute as pc

_WORDS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("japanese", "jpn", "日本語", "和文"), "ja"),
    **dict.fromkeys(("english", "eng", "英語", "英文"), "en"),
}
_CODES: Final = frozenset(
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv "
    "cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho "
    "hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku "
    "kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my nb nd ne ng nl nn nr "
    "nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so "
    "sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa "
    "wo xh yi yo za zh zu".split()
)
"""ISO 639-1, but for ``no`` and ``na``, which are words of a file that says nothing."""
_COUNTRIES: Final[Mapping[str, str]] = {"jp": "ja", "cn": "zh", "kr": "ko", "us": "en", "gb": "en"}
"""What shops write where a language is asked for."""
_LOCALE: Final = re.compile(r"([a-z]{2,3})(?:[-_.@][a-z0-9._@-]*)?")


def languages(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """The language of a locale (``ja`` of ja-JP and ja_JP.UTF-8) or of its name; else ""."""
    return _each_once(pc.utf8_normalize(texts, form="NFKC"), _language)


def zones(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """The IANA name as it is spelled, in whatever case; "" of what is none."""
    return _each_once(texts, _zone)


def _language(text: str) -> str:
    plain = text.strip().lower()
    if plain in _WORDS:
        return _WORDS[plain]
    found = _LOCALE.fullmatch(plain)
    code = found.group(1) if found else ""
    code = _COUNTRIES.get(code, code)
    return code if code in _CODES else ""


def _zone(text: str) -> str:
    return _spelled().get(text.strip().lower(), "")


@lru_cache(maxsize=1)
def _spelled() -> Mapping[str, str]:
    return {name.lower(): name for name in available_timezones() if "/" in name or name == "UTC"}


def _each_once(texts: pa.ChunkedArray, by: Callable[[str], str]) -> pa.ChunkedArray:
    """A function of each text, asked once for all rows that have the same; null stays."""
    coded = pc.dictionary_encode(pa.chunked_array(texts).combine_chunks())
    words = pa.array([by(one) for one in coded.dictionary.to_pylist()], pa.string())
    return pa.chunked_array([words.take(coded.indices)])
