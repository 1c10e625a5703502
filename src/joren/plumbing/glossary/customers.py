"""Who the customers are and how they buy."""

from __future__ import annotations

from joren.plumbing.glossary.term import Term

TERMS = (
    Term(
        "customers",
        "顧客数",
        "Customers",
        "基準日までに1回以上注文した人。",
        "People with at least one order up to the as-of day.",
    ),
    Term(
        "orders",
        "注文数",
        "Orders",
        "取り消されていない注文の数。",
        "Orders that were not cancelled.",
    ),
    Term(
        "frequency",
        "リピート回数",
        "Frequency",
        "2回目以降の購入日の数。同じ日の注文は1回と数えます。",
        "Days with a purchase after the first one; orders of one day count as one.",
    ),
    Term(
        "recency",
        "最終購入までの期間（recency）",
        "Recency (model)",
        "最初の購入から最後の購入までの日数。RFMのRとは向きが違います。",
        "Days from the first purchase to the last. It is not the R of RFM, which counts back from "
        "the as-of day.",
    ),
    Term(
        "T",
        "観測期間（T）",
        "T, the time observed",
        "最初の購入から基準日の終わりまでの日数。",
        "Days from the first purchase to the end of the as-of day.",
    ),
    Term(
        "monetary_value",
        "平均リピート購入額",
        "Monetary value",
        "リピート購入のうち売上が0を超えるものの平均売上。",
        "The mean revenue of repeat orders above zero.",
    ),
    Term(
        "f2_rate",
        "F2転換率",
        "F2 conversion rate",
        "初めて買った人のうち2回目を買った人の割合。後から来る人のため、期間を切って数えます。",
        "The share of first-time buyers who bought a second time, counted within a fixed span so "
        "that newcomers are not counted as lost.",
    ),
    Term(
        "repeat_rate",
        "リピート率",
        "Repeat rate",
        "期間中に買った顧客のうち2回以上の購入がある人の割合。",
        "The share of a period's buyers who have bought two times or more.",
    ),
    Term(
        "stage",
        "段階（新規・F2・現役・離脱）",
        "Stage",
        "購入回数と最後の購入からの期間で決まる顧客の段階。",
        "Where a customer stands, by number of orders and time since the last one.",
    ),
    Term(
        "dormant",
        "休眠",
        "Dormant",
        "ふだんの購入間隔を大きく超えて買っていない状態。",
        "Without an order for much longer than the usual interval.",
    ),
)
