"""What the demo shop roasts and sells, what it costs, and which month wants what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

BEANS, DRIP, COLD, GIFT, GEAR, PLAN = "豆", "ドリップバッグ", "水出し", "ギフト", "器具", "定期便"


@dataclass(frozen=True)
class Product:
    """One article; the price includes tax, the cost does not; both in yen.

    `appeal` is its weight among the articles of its category.
    """

    sku: str
    name: str
    category: str
    price: int
    cost: int
    tax_rate: int
    appeal: float


# One name has a comma, one has quotation marks: the files must quote what real catalogues hold.
PRODUCTS = (
    Product("BN-HOUSE-200", "常連ブレンド 200g", BEANS, 1480, 520, 8, 10),
    Product("BN-HOUSE-500", "常連ブレンド 500g", BEANS, 3280, 1240, 8, 6),
    Product("BN-DARK-200", "深煎りブレンド「宵」 200g", BEANS, 1580, 540, 8, 7),
    Product("BN-ETH-200", "エチオピア イルガチェフェ 200g", BEANS, 1980, 760, 8, 6),
    Product("BN-KEN-200", "ケニア AA 200g", BEANS, 2080, 810, 8, 4),
    Product("BN-COL-200", "コロンビア ウィラ 200g", BEANS, 1780, 640, 8, 4),
    Product("BN-GTM-200", "グアテマラ アンティグア 200g", BEANS, 1780, 650, 8, 3),
    Product("BN-DECAF-200", "カフェインレス コロンビア 200g", BEANS, 1880, 720, 8, 3),
    Product("BN-GEISHA-100", "パナマ ゲイシャ 100g", BEANS, 4200, 2100, 8, 1),
    Product("DB-HOUSE-10", "ドリップバッグ 常連ブレンド 10袋", DRIP, 1580, 610, 8, 10),
    Product("DB-TRIAL-7", "はじめての飲み比べ 7袋", DRIP, 1080, 480, 8, 9),
    Product("DB-VAR-20", "ドリップバッグ 4種20袋", DRIP, 2980, 1180, 8, 7),
    Product("DB-VAR-50", "ドリップバッグ 4種, 大容量50袋", DRIP, 6280, 2650, 8, 3),
    Product("DB-DECAF-10", "カフェインレス ドリップバッグ 10袋", DRIP, 1780, 700, 8, 3),
    Product("CB-PACK-6", "水出しコーヒーパック 6袋", COLD, 1680, 580, 8, 8),
    Product("CB-PACK-18", "水出しコーヒーパック 18袋", COLD, 4380, 1620, 8, 4),
    Product("CB-LIQ-3", "リキッドアイスコーヒー 無糖 3本", COLD, 3240, 1380, 8, 5),
    Product("GF-DRIP-24", "ギフト箱 ドリップバッグ 24袋", GIFT, 4320, 1760, 8, 8),
    Product("GF-DRIP-48", "ギフト箱 ドリップバッグ 48袋", GIFT, 7980, 3280, 8, 4),
    Product("GF-BEANS-3", 'ギフト 豆3種 "旅する珈琲"', GIFT, 5400, 2150, 8, 6),
    Product("GF-ICE-6", "夏ギフト アイスコーヒー 6本", GIFT, 5980, 2680, 8, 4),
    Product("EQ-DRIPPER", "陶器ドリッパー 1-2杯用", GEAR, 2640, 1320, 10, 5),
    Product("EQ-MILL", "手挽きミル", GEAR, 6600, 3650, 10, 3),
    Product("EQ-SERVER", "耐熱サーバー 600ml", GEAR, 2200, 1150, 10, 4),
    Product("EQ-FILTER-100", "円すいフィルター 100枚", GEAR, 440, 190, 10, 8),
    Product("PL-BEANS-2", "定期便 豆200g×2種", PLAN, 3160, 1180, 8, 6),
    Product("PL-BEANS-4", "定期便 豆200g×4種", PLAN, 5980, 2360, 8, 3),
    Product("PL-DRIP-30", "定期便 ドリップバッグ30袋", PLAN, 4280, 1780, 8, 4),
)

# January to December; cold brew sells in summer, gifts for 母の日, お中元 and お歳暮.
_SEASON: Mapping[str, tuple[float, ...]] = MappingProxyType(
    {
        BEANS: (1.0,) * 12,
        DRIP: (1.0,) * 12,
        COLD: (0.1, 0.1, 0.3, 0.8, 1.6, 3.0, 4.0, 4.0, 2.0, 0.5, 0.1, 0.1),
        GIFT: (0.8, 1.2, 1.0, 0.8, 1.7, 1.7, 2.3, 1.2, 0.9, 0.9, 1.6, 3.4),
        GEAR: (1.0, 0.9, 1.1, 1.4, 1.0, 0.9, 0.9, 0.9, 1.0, 1.1, 1.2, 1.5),
        PLAN: (0.0,) * 12,
    }
)


def column(field: str) -> NDArray[np.int64]:
    """One whole-number field of all products, by product position."""
    return np.array([getattr(product, field) for product in PRODUCTS], dtype=np.int64)


def monthly_choice(taste: Mapping[str, float]) -> NDArray[np.float64]:
    """Chance of each article per unit bought, one row per month, for one taste by category."""
    weights = np.array(
        [
            [_weight(product, taste) * _SEASON[product.category][month] for product in PRODUCTS]
            for month in range(12)
        ]
    )
    chances: NDArray[np.float64] = weights / weights.sum(axis=1, keepdims=True)
    return chances


def plan_choice() -> NDArray[np.float64]:
    """Chance of each article to be what a new subscriber subscribes to."""
    weights = np.array(
        [product.appeal if product.category == PLAN else 0.0 for product in PRODUCTS]
    )
    chances: NDArray[np.float64] = weights / weights.sum()
    return chances


def _weight(product: Product, taste: Mapping[str, float]) -> float:
    rivals = sum(other.appeal for other in PRODUCTS if other.category == product.category)
    return taste.get(product.category, 0.0) * product.appeal / rivals
