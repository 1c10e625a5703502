"""What each figure of this room means, in the marketer's words."""

from __future__ import annotations

from typing import Final

DEFINITIONS: Final[dict[str, tuple[str, str, str, str]]] = {
    "cac": (
        "CAC(顧客獲得単価)",
        "CAC",
        "広告費(新規向け、または目的の分かれていないもの)を、その流入元の新規顧客数で割ったもの。広告費の記録がない流入元は不明。",
        "Ad spend (for new customers, or not split) per new customer of that source. Unknown "
        "where no spend is recorded.",
    ),
    "revenue_first_year": (
        "初年度の1人あたり売上(実績)",
        "First-year revenue per customer (past)",
        "初回購入から365日間の返金後売上(税抜)。365日がすでに過ぎた顧客だけを数える。",
        "Revenue after refunds, without tax, of the 365 days from the first purchase; only "
        "customers for whom they have passed.",
    ),
    "profit_first_year": (
        "初年度の1人あたり利益(実績)",
        "First-year profit per customer (past)",
        "初回購入から365日間の利益。原価の分かる購入の利益率を売上に掛ける。広告費は引かない。",
        "Profit of the 365 days from the first purchase: revenue times the margin of the "
        "purchases whose cost is known. Ad spend is not subtracted.",
    ),
    "revenue_expected": (
        "新規顧客の1人あたり売上(実績+今後365日の予測)",
        "Revenue per new customer (past plus next 365 days predicted)",
        "直近365日の新規顧客の、これまでの売上と今後365日の予測売上の合計。",
        "Of customers of the last 365 days: revenue so far plus what the next 365 days are "
        "predicted to bring.",
    ),
    "ltv_cac_revenue": (
        "LTV:CAC(売上・初年度実績)",
        "LTV:CAC (revenue, first year, past)",
        "初年度の1人あたり売上をCACで割ったもの。",
        "First-year revenue per customer over CAC.",
    ),
    "ltv_cac": (
        "LTV:CAC(利益・初年度実績)",
        "LTV:CAC (profit, first year, past)",
        "初年度の1人あたり利益をCACで割ったもの。",
        "First-year profit per customer over CAC.",
    ),
    "ltv_cac_expected": (
        "LTV:CAC(利益・予測込み)",
        "LTV:CAC (profit, with prediction)",
        "直近365日の新規顧客の実績と今後365日の予測売上に利益率を掛け、CACで割ったもの。",
        "Revenue per new customer, past plus next 365 days predicted, times the margin, over CAC.",
    ),
    "payback_months": (
        "回収期間",
        "Payback",
        "1人あたりの累計利益がCACに達するまでの月数。0か月は初回購入で回収できること。",
        "Months after which cumulative profit per customer reaches the CAC; 0 if the first "
        "purchase already does.",
    ),
    "allowed_cac_payback": (
        "許容CAC(回収期間から)",
        "Allowed CAC (by payback)",
        "目標の月数で回収できるCACの上限=その月数までの1人あたり累計利益。",
        "The highest CAC that is paid back in the target months: profit per customer by then.",
    ),
    "allowed_cac_ratio": (
        "許容CAC(LTV:CACから)",
        "Allowed CAC (by LTV:CAC)",
        "初年度の1人あたり利益を目標のLTV:CACで割ったもの。",
        "First-year profit per customer over the target for LTV:CAC.",
    ),
    "profit_coverage": (
        "原価の分かる売上の割合",
        "Revenue with known cost",
        "利益の計算に使えた購入の売上の割合。8割を下回ると利益は不明とする。",
        "Share of revenue from purchases whose cost is known; below 80% profit stays unknown.",
    ),
    "repeat_cost": (
        "リピート1注文の費用",
        "Cost of a repeat order",
        "リピート向けの広告費をリピート注文数で割ったもの。",
        "Spend for repeat purchases per repeat order.",
    ),
    "repeat_cost_ratio": (
        "リピート費用と新規費用の比",
        "Repeat cost to new cost",
        "リピート1注文の費用を新規顧客1人の費用で割った、自店の実測値。",
        "Cost of a repeat order over cost of a new customer, as this shop measured it.",
    ),
    "ad_dependence": (
        "広告依存度(新規)",
        "Dependence on ads (new customers)",
        "直近365日の新規顧客のうち広告経由の割合(流入元の分かる人だけ)。",
        "Share of the new customers of the last 365 days who came by something paid for, among "
        "those of whom it is known.",
    ),
    "ad_dependence_revenue": (
        "広告依存度(売上)",
        "Dependence on ads (revenue)",
        "直近365日の売上のうち、広告経由の注文の割合(流入元の分かる注文だけ)。",
        "Share of the revenue of the last 365 days from orders that came by something paid for, "
        "among those of which it is known.",
    ),
    "unknown_source_share": (
        "流入元の不明率",
        "Unknown source",
        "直近365日の新規顧客のうち、流入元が分からない割合。",
        "Share of the new customers of the last 365 days whose source is not known.",
    ),
    "touch_customer_share": (
        "新規顧客の構成比",
        "Share of new customers",
        "直近365日の新規顧客に占める割合。",
        "Share of the new customers of the last 365 days.",
    ),
    "touch_revenue_share": (
        "売上の構成比",
        "Share of revenue",
        "直近365日の売上に占める割合(注文ごとの流入元による)。",
        "Share of the revenue of the last 365 days, by the source of each order.",
    ),
    "organic_difference": (
        "自然流入と広告の差",
        "Unpaid less paid",
        "初年度の1人あたり売上の差(自然流入-広告)。",
        "Difference of first-year revenue per customer, unpaid less paid.",
    ),
    "repeat_rate": (
        "リピート率(365日)",
        "Repeat rate (365 days)",
        "初回購入から365日以内に別の日に再び購入した人の割合。365日が過ぎた顧客だけを数える。",
        "Share of customers who bought again, on another day, within 365 days of the first "
        "purchase; only those for whom they have passed.",
    ),
    "subscription_share": (
        "定期購入の割合",
        "Subscription share",
        "直近365日の注文のうち定期購入の割合。",
        "Share of the orders of the last 365 days that belong to a subscription.",
    ),
    "interval_days": (
        "購入間隔(中央値)",
        "Interval between purchases (median)",
        "2回以上購入した顧客の平均購入間隔の中央値。",
        "Median, over customers with two purchases or more, of their mean interval.",
    ),
    "mean_order": (
        "平均注文単価",
        "Mean order value",
        "直近365日の注文1件あたりの返金後売上(税抜)。",
        "Revenue after refunds, without tax, per order of the last 365 days.",
    ),
}
