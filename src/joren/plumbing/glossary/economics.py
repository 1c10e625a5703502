"""Whether winning customers pays."""

from __future__ import annotations

from joren.plumbing.glossary.term import Term

TERMS = (
    Term(
        "cac",
        "CAC（顧客獲得単価）",
        "CAC",
        "新規顧客1人を得るためにかかった広告費。広告費が分からない流入元は「不明」。",
        "Ad spend per new customer. Where spend is missing it is unknown, not zero.",
    ),
    Term(
        "ltv_cac",
        "LTV：CAC（利益）",
        "LTV:CAC (profit)",
        "顧客1人あたりの利益（実績と12か月予測の合計）をCACで割ったもの。",
        "Profit per customer, past and predicted for 12 months, divided by CAC.",
    ),
    Term(
        "payback_months",
        "回収期間",
        "Payback",
        "1人あたりの累計利益がCACに達するまでの月数。0か月は初回購入で回収できること。",
        "Months until a customer's cumulative profit reaches the CAC; 0 if the first purchase "
        "already does.",
    ),
    Term(
        "allowed_cac",
        "許容CAC",
        "Allowed CAC",
        "目標とするLTV：CACや回収期間を守れる獲得単価の上限。",
        "The highest CAC that keeps the target for LTV:CAC or payback.",
    ),
    Term(
        "repeat_cost_ratio",
        "リピート費用と新規費用の比",
        "Repeat cost to new cost",
        "リピート注文1件の費用を新規注文1件の費用で割った、この店の実測値。",
        "What a repeat order costs as a share of what a first order costs, measured in this shop.",
    ),
    Term(
        "ad_dependence",
        "広告依存度",
        "Dependence on ads",
        "新規顧客のうち広告経由の人の割合。",
        "The share of new customers who came by ads.",
    ),
    Term(
        "organic_ltv",
        "自然流入の価値",
        "Organic value",
        "広告によらずに来た顧客の1人あたりの利益。",
        "Profit per customer who came without ads.",
    ),
)
