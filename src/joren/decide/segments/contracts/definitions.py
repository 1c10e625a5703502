"""What each figure of this room means, in the marketer's words."""

from __future__ import annotations

from typing import Final

DEFINITIONS: Final[dict[str, tuple[str, str, str, str]]] = {
    "segment": (
        "セグメント",
        "Segment",
        "条件に合う顧客のまとまり。条件(ライブ)は更新のたびに入れ替わり、固定は決めた日の顧客のまま。",
        "Customers whom a rule fits. A live one changes with every refresh, a frozen one keeps "
        "whoever fitted on its day.",
    ),
    "segment_revenue_past": (
        "これまでの売上(1人あたり)",
        "Revenue to date per customer",
        "セグメントの顧客1人あたりの返金後累計売上(税抜)。購入のない人は含まない。",
        "Mean revenue to date after refunds, without tax, of the segment's customers who bought.",
    ),
    "segment_profit_past": (
        "これまでの利益(1人あたり)",
        "Profit to date per customer",
        "セグメントの顧客1人あたりの累計利益。原価が分からない購入のある人と、購入のない人は含まない。",
        "Mean profit to date of the segment's customers who bought; without those of whom the cost "
        "of a purchase is not known.",
    ),
    "segment_revenue_365d": (
        "予測12か月売上(1人あたり)",
        "Predicted revenue of 12 months per customer",
        "セグメントの顧客1人あたりの今後365日の予測売上。",
        "Mean predicted revenue of the next 365 days of the segment's customers who bought.",
    ),
    "segment_profit_365d": (
        "予測12か月利益(1人あたり)",
        "Predicted profit of 12 months per customer",
        "セグメントの顧客1人あたりの今後365日の予測利益。",
        "Mean predicted profit of the next 365 days of the segment's customers who bought.",
    ),
}
