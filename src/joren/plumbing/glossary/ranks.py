"""Who stands where."""

from __future__ import annotations

from joren.plumbing.glossary.term import Term

TERMS = (
    Term(
        "active_share",
        "現役率",
        "Active share",
        "離脱していない顧客の割合。離脱とは、最後の購入から決めた日数（初期値240日）を過ぎたこと。",
        "Share of customers who have not lapsed: ordered within the set days (240 by default).",
    ),
    Term(
        "rfm",
        "RFM",
        "RFM",
        "最終購入日（R）・購入回数（F）・購入金額（M）をそれぞれ1～5で評価する方法。5が最もよい。",
        "Recency, frequency and money, each scored 1 to 5; 5 is best.",
    ),
    Term(
        "rfm_r",
        "R（最終購入）",
        "R score",
        "最後の購入が新しいほど高い1～5の点。",
        "1 to 5, higher the more recent the last order.",
    ),
    Term(
        "rfm_f",
        "F（購入回数）",
        "F score",
        "購入回数が多いほど高い1～5の点。",
        "1 to 5, higher the more orders.",
    ),
    Term(
        "rfm_m",
        "M（購入金額）",
        "M score",
        "購入金額が多いほど高い1～5の点。",
        "1 to 5, higher the more revenue.",
    ),
    Term(
        "decile",
        "デシル",
        "Decile",
        "売上順に顧客を10等分した組。1が最も多く買う組。",
        "Tenths of the customers by revenue; 1 buys most.",
    ),
    Term(
        "pareto",
        "パレート曲線",
        "Pareto curve",
        "売上の多い順に顧客を並べたとき、上位何％が売上の何％を占めるか。",
        "Which share of revenue the best customers hold.",
    ),
    Term(
        "cpm",
        "CPM（顧客ポートフォリオ）",
        "CPM groups",
        "在籍期間・購入回数・金額・最後の購入で分ける10の顧客群。",
        "Customer portfolio management: ten groups by tenure, orders, revenue and last order.",
    ),
    Term(
        "vip",
        "VIP",
        "VIP",
        "売上上位の顧客。一度VIPになると、下の基準を割るまでVIPのままです。",
        "The best customers by revenue. Who has become one stays until below the lower threshold.",
    ),
    Term(
        "vip_share",
        "VIPの売上構成比",
        "VIP share of revenue",
        "期間の売上のうちVIPによるものの割合。",
        "The share of a period's revenue that comes from VIPs.",
    ),
)
