"""What each figure of this room means, in the marketer's words."""

from __future__ import annotations

from typing import Final

DEFINITIONS: Final[dict[str, tuple[str, str, str, str]]] = {
    "rfm_r": (
        "R(最終購買)",
        "R (recency)",
        "最後の購入からの日数による5段階。5が最も最近。同じ日数の人は必ず同じランク。",
        "One to five by days since the last purchase; five is most recent. Equal days, equal rank.",
    ),
    "rfm_f": (
        "F(購買頻度)",
        "F (frequency)",
        "購入回数(同じ日の注文は1回)による5段階。同じ回数の人は必ず同じランク。",
        "One to five by number of purchases (orders of one day are one). Equal number, equal rank.",
    ),
    "rfm_m": (
        "M(購入金額)",
        "M (monetary)",
        "返金後の累計売上(税抜)による5段階。同じ金額の人は必ず同じランク。",
        "One to five by revenue to date after refunds, without tax. Equal amount, equal rank.",
    ),
    "decile": (
        "デシル",
        "Decile",
        "累計売上の多い順に顧客を10等分したもの。デシル1が最上位。",
        "Customers in ten equal groups by revenue to date; decile 1 is the highest.",
    ),
    "decile_revenue_share": (
        "デシルの売上構成比",
        "Decile's share of revenue",
        "そのグループの売上が全体の売上に占める割合。",
        "Revenue of the group over revenue of all customers.",
    ),
    "top_fifth_revenue_share": (
        "上位20%の売上構成比",
        "Revenue share of the top 20%",
        "累計売上の多い順に並べた上位20%の顧客が売上に占める割合(パレート)。",
        "Share of revenue that the fifth of customers with the highest revenue brings (Pareto).",
    ),
    "cpm": (
        "CPM(顧客ポートフォリオ)",
        "CPM (customer portfolio)",
        "最終購入からの日数で現役と離脱に、在籍日数と累計売上で初回・よちよち・コツコツ・流行・優良に分けた10グループ。",
        "Ten groups: active or lapsed by days since the last purchase, and five kinds by days "
        "from first to last purchase and revenue to date.",
    ),
    "stage": (
        "ステージ",
        "Stage",
        "新規(購入1回)、F2(2回)、現役(3回以上)。最終購入から一定日数(既定240日)を過ぎた人は離脱。",
        "New (one purchase), F2 (two), active (three or more); lapsed when the last purchase is "
        "longer ago than the bound (240 days by default).",
    ),
    "f2_rate": (
        "F2転換率",
        "F2 rate",
        "初回購入から指定日数以内に別の日に2回目を購入した人の割合。指定日数がすでに過ぎた人だけを数える。",
        "Share of first-time buyers with a second purchase, on another day, within the window; "
        "only those for whom the window has passed are counted.",
    ),
    "fk_reached": (
        "F継続率",
        "F survival",
        "初回購入から指定日数以内にk回目まで購入した人の割合。",
        "Share of first-time buyers with a k-th purchase within the window after the first.",
    ),
    "fk_onward": (
        "次回転換率",
        "Onward rate",
        "k回目の購入から指定日数以内に次の購入をした人の割合。",
        "Share of those with a k-th purchase who bought again within the window after it.",
    ),
    "vip": (
        "VIP(優良顧客)",
        "VIP",
        "直近365日の売上が購入者の上位(既定10%)に入った人。下の境界(既定15%)を下回るまでVIPのまま。",
        "Customers whose revenue of the last 365 days entered the top share of buyers (10% by "
        "default); they stay until they fall below the lower bound (15%).",
    ),
    "vip_share": (
        "VIPの売上構成比",
        "VIP share of sales",
        "直近365日の売上のうちVIPによる割合。",
        "Share of the revenue of the last 365 days that VIPs brought.",
    ),
    "active_share": (
        "現役率",
        "Active share",
        "最終購入が現役の日数(既定240日)以内の顧客の割合。",
        "Share of customers whose last purchase is within the active days (240 by default).",
    ),
    "group_customer_share": (
        "人数構成比",
        "Share of customers",
        "そのグループの人数が全顧客に占める割合。",
        "Customers of the group over all customers.",
    ),
    "group_mean_purchases": (
        "平均購入回数",
        "Mean purchases",
        "顧客1人あたりの購入回数(同じ日の注文は1回)。",
        "Purchases per customer (orders of one day are one).",
    ),
    "group_mean_revenue": (
        "1人あたり累計売上",
        "Revenue per customer",
        "顧客1人あたりの返金後の累計売上(税抜、実績)。",
        "Past revenue per customer after refunds, without tax.",
    ),
}
