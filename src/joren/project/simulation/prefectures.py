"""Where people live: the 47 prefectures, their people in millions, the first postal digits.

Population rounded from the census of 2020 (Statistics Bureau of Japan); the postal ranges are
Japan Post's three-digit areas. Distance decides the freight from a roaster near Tokyo.
"""

from __future__ import annotations

from dataclasses import dataclass

_TABLE = """
北海道 5.22 1 99 far|青森県 1.24 30 39 mid|岩手県 1.21 20 29 mid|宮城県 2.30 980 989 near
秋田県 0.96 10 19 mid|山形県 1.07 990 999 near|福島県 1.83 960 979 near|茨城県 2.87 300 319 near
栃木県 1.93 320 329 near|群馬県 1.94 370 379 near|埼玉県 7.34 330 369 near
千葉県 6.28 260 299 near|東京都 14.05 100 208 near|神奈川県 9.24 210 259 near
新潟県 2.20 940 959 near|富山県 1.03 930 939 near|石川県 1.13 920 929 near
福井県 0.77 910 919 near|山梨県 0.81 400 409 near|長野県 2.05 380 399 near
岐阜県 1.98 500 509 near|静岡県 3.63 410 439 near|愛知県 7.54 440 499 near
三重県 1.77 510 519 near|滋賀県 1.41 520 529 mid|京都府 2.58 600 629 mid|大阪府 8.84 530 599 mid
兵庫県 5.47 650 679 mid|奈良県 1.32 630 639 mid|和歌山県 0.92 640 649 mid|鳥取県 0.55 680 689 mid
島根県 0.67 690 699 mid|岡山県 1.89 700 719 mid|広島県 2.80 720 739 mid|山口県 1.34 740 759 mid
徳島県 0.72 770 779 mid|香川県 0.95 760 769 mid|愛媛県 1.33 790 799 mid|高知県 0.69 780 789 mid
福岡県 5.14 800 839 far|佐賀県 0.81 840 849 far|長崎県 1.31 850 859 far|熊本県 1.74 860 869 far
大分県 1.12 870 879 far|宮崎県 1.07 880 889 far|鹿児島県 1.59 890 899 far|沖縄県 1.47 900 907 far
"""

_FREIGHT_YEN = {"near": 540, "mid": 640, "far": 880}


@dataclass(frozen=True)
class Prefecture:
    """One prefecture, as far as a parcel cares."""

    name: str
    millions: float
    first_postal: int
    last_postal: int
    freight_yen: int


def _parsed(text: str) -> tuple[Prefecture, ...]:
    rows = [cell.split() for cell in text.strip().replace("\n", "|").split("|")]
    return tuple(
        Prefecture(name, float(people), int(first), int(last), _FREIGHT_YEN[zone])
        for name, people, first, last, zone in rows
    )


PREFECTURES = _parsed(_TABLE)
