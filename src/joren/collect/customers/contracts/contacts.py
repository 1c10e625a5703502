"""How contacts are written, so that the same one is written the same way: as SQL of DuckDB."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_SINGLE = "ｦｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ"
_FULL = (
    "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテト"
    "ナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"
)
_VOICED = dict(
    zip("ｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾊﾋﾌﾍﾎｳ", "ガギグゲゴザジズゼゾダヂヅデドバビブベボヴ", strict=True)
)
_HALF_VOICED = dict(zip("ﾊﾋﾌﾍﾎ", "パピプペポ", strict=True))


def email(text: str) -> str:
    """In lower case; what a mall gives in its place is nobody's address."""
    low = f"lower(trim({text}))"
    masked = f"contains({low}, 'fw.rakuten.ne.jp') OR contains({low}, '@marketplace.amazon.')"
    good = f"{low} LIKE '_%@_%._%' AND NOT contains({low}, ' ')"
    return f"CASE WHEN {good} AND NOT ({masked}) THEN {low} END"


def phone(text: str) -> str:
    """E.164; without a country it is a Japanese number."""
    digits = f"translate({text}, '０１２３４５６７８９＋-－−‐ー() （）　.''', '0123456789+')"
    bare = f"replace({text}, '-', '')"
    common = f"strlen({bare}) IN (10, 11) AND starts_with({text}, '0')"
    return (
        f"CASE WHEN {common} AND TRY_CAST({bare} AS BIGINT) IS NOT NULL "
        f"THEN '+81' || substr({bare}, 2) "
        f"WHEN TRY_CAST(ltrim({digits}, '+') AS BIGINT) IS NULL THEN NULL "
        f"WHEN starts_with({digits}, '+') AND length({digits}) BETWEEN 9 AND 16 THEN {digits} "
        f"WHEN starts_with({digits}, '0') AND length({digits}) IN (10, 11) "
        f"THEN '+81' || substr({digits}, 2) "
        f"WHEN starts_with({digits}, '81') AND length({digits}) IN (11, 12) THEN '+' || {digits} "
        "END"
    )


def name(text: str) -> str:
    """One blank between the parts, full-width kana, nobody's honorific."""
    wide = f"translate({text}, '　', ' ')"
    tidy = f"regexp_replace(regexp_replace(trim({wide}), ' +', ' ', 'g'), ' *(様|さま|殿)$', '')"
    kana = tidy
    for mark, pairs in (("ﾞ", _VOICED), ("ﾟ", _HALF_VOICED)):
        for half, full in pairs.items():
            kana = f"replace({kana}, '{half}{mark}', '{full}')"
    kana = f"translate({kana}, '{_SINGLE}', '{_FULL}')"
    odd = f"regexp_matches({text}, '[ｦ-ﾟ　様殿]|さま|  |^ | $')"
    return f"nullif(CASE WHEN {odd} THEN {kana} ELSE {text} END, '')"


ALIKE: Final[Mapping[str, str]] = {
    "email": email("email"),
    "phone": phone("phone"),
    "name": name("name"),
    "name_kana": name("name_kana"),
}
"""The columns of contacts by name, as they are kept and compared."""
