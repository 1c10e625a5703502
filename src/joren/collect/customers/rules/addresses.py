"""How addresses are taken apart, as SQL of DuckDB, and how they are compared, in columns."""

from __future__ import annotations

from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

PARTS: Final = ("postal_code", "prefecture", "city", "street", "building")

_PREFECTURES: Final = "|".join(
    f"{name}{kind}"
    for kind, names in (
        ("都", "東京"),
        ("道", "北海"),
        ("府", "京都 大阪"),
        (
            "県",
            "青森 岩手 宮城 秋田 山形 福島 茨城 栃木 群馬 埼玉 千葉 神奈川 新潟 富山 石川 福井 "
            "山梨 長野 岐阜 静岡 愛知 三重 滋賀 兵庫 奈良 和歌山 鳥取 島根 岡山 広島 山口 徳島 "
            "香川 愛媛 高知 福岡 佐賀 長崎 熊本 大分 宮崎 鹿児島 沖縄",
        ),
    )
    for name in names.split()
)
_NUMERALS: Final = tuple(zip("一二三四五六七八九", "123456789", strict=True))
# 1丁目2番3号, 1丁目2番地の3 and 1－2－3 are one place.
_BETWEEN: Final = "(丁目|番地の?|番|号|[\\s‐‑‒–—―−ー－-])+"


def parted(rows: str) -> str:
    """The rows with each part where it belongs, and said once.

    Many a shop keeps all of an address in one cell, or begins each cell with the one before it.
    """
    texts = ", ".join(f"trim(coalesce({name}, '')) AS {name}" for name in PARTS)
    said = f"SELECT * REPLACE ({texts}) FROM {rows} WHERE street <> ''"
    found = f"regexp_extract(city || street, '^({_PREFECTURES})', 1)"
    named = (
        f"SELECT * REPLACE (CASE WHEN prefecture = '' THEN {found} ELSE prefecture END "
        f"AS prefecture) FROM ({said})"
    )
    once = (
        f"SELECT * REPLACE ({_behind('prefecture', 'city')} AS city, "
        f"{_behind('prefecture', 'street')} AS street) FROM ({named})"
    )
    return f"SELECT * REPLACE ({_behind('city', 'street')} AS street) FROM ({once})"


def _behind(start: str, text: str) -> str:
    """The text without the part that stands before it."""
    return (
        f"CASE WHEN {start} <> '' AND starts_with({text}, {start}) AND {text} <> {start} "
        f"THEN trim(substr({text}, length({start}) + 1)) ELSE {text} END"
    )


def alike(rows: pa.Table) -> list[str]:
    """Each address as one text, equal where the place is; the postal code follows from it."""
    before = pc.binary_join_element_wise(*(rows[name] for name in PARTS[1:4]), "")
    joined = pc.binary_join_element_wise(before, rows["building"], " ")
    for kanji, digit in _NUMERALS:
        joined = pc.replace_substring(joined, f"{kanji}丁目", f"{digit}丁目")
    plain = pc.utf8_lower(pc.utf8_normalize(joined, "NFKC"))
    plain = pc.replace_substring_regex(plain, _BETWEEN, "-")
    # Between two numbers it parts them, elsewhere one writes it or not.
    plain = pc.replace_substring_regex(plain, "-([^0-9])", "\\1")
    plain = pc.replace_substring_regex(plain, "([^0-9])-", "\\1")
    texts: list[str] = pc.utf8_rtrim(plain, "-").to_pylist()
    return texts
