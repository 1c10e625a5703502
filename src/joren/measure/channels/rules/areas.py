"""Which areas there are: prefectures as people write them, and where one wave reaches them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from joren.measure.channels.contracts import AreaUnit

_PREFECTURES: Final = (
    "北海道 hokkaido|青森県 aomori|岩手県 iwate|宮城県 miyagi|秋田県 akita|山形県 yamagata|"
    "福島県 fukushima|茨城県 ibaraki|栃木県 tochigi|群馬県 gunma|埼玉県 saitama|千葉県 chiba|"
    "東京都 tokyo|神奈川県 kanagawa|新潟県 niigata|富山県 toyama|石川県 ishikawa|"
    "福井県 fukui|山梨県 yamanashi|長野県 nagano|岐阜県 gifu|静岡県 shizuoka|愛知県 aichi|"
    "三重県 mie|滋賀県 shiga|京都府 kyoto|大阪府 osaka|兵庫県 hyogo|奈良県 nara|"
    "和歌山県 wakayama|鳥取県 tottori|島根県 shimane|岡山県 okayama|広島県 hiroshima|"
    "山口県 yamaguchi|徳島県 tokushima|香川県 kagawa|愛媛県 ehime|高知県 kochi|"
    "福岡県 fukuoka|佐賀県 saga|長崎県 nagasaki|熊本県 kumamoto|大分県 oita|宮崎県 miyazaki|"
    "鹿児島県 kagoshima|沖縄県 okinawa"
)
_WAVES: Final[Mapping[str, str]] = {
    "関東": "茨城県 栃木県 群馬県 埼玉県 千葉県 東京都 神奈川県",
    "近畿": "滋賀県 京都府 大阪府 兵庫県 奈良県 和歌山県",
    "中京": "岐阜県 愛知県 三重県",
    "岡山・香川": "岡山県 香川県",
    "鳥取・島根": "鳥取県 島根県",
}
"""Where TV of one station reaches several prefectures; every other prefecture is its own area."""


def area_of(said: str, unit: AreaUnit) -> str:
    """The area of what an address says; what is no prefecture of Japan is an area of its own."""
    text = said.strip()[:60]
    name = _spellings().get(text.lower(), text)
    return _wave_of().get(name, name) if unit == "broadcast" else name


def summed(rows: Iterable[tuple[str, int]], unit: AreaUnit) -> dict[str, int]:
    """Amounts by what addresses say, by area."""
    found: dict[str, int] = {}
    for said, amount in rows:
        area = area_of(said, unit)
        found[area] = found.get(area, 0) + amount
    return found


@cache
def _spellings() -> dict[str, str]:
    """東京都, 東京, Tokyo, Tokyo-to and JP-13 are one."""
    found: dict[str, str] = {}
    for number, pair in enumerate(_PREFECTURES.split("|"), start=1):
        name, romaji = pair.split()
        kind = {"都": "to", "道": "do", "府": "fu", "県": "ken"}[name[-1]]
        short = name if name == "北海道" else name[:-1]
        others = (romaji, f"{romaji}-{kind}", f"{romaji} prefecture", f"jp-{number:02}")
        found |= dict.fromkeys((name, short, *others), name)
    return found


@cache
def _wave_of() -> dict[str, str]:
    return {name: wave for wave, names in _WAVES.items() for name in names.split()}
