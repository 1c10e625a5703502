"""What a column of numbers counts, where no other term says it."""

from __future__ import annotations

from joren.plumbing.glossary.term import Term

TERMS = (
    Term(
        "cases",
        "件数（n）",
        "Cases (n)",
        "その行の数字が基づく件数。少ないほど不確かです。",
        "How many cases the figures of the row rest on; the fewer, the less sure.",
    ),
    Term(
        "buyers",
        "購入者数",
        "Buyers",
        "その店舗で1回以上購入した顧客の数。2店舗で買った顧客は両方に数えます。",
        "Customers who bought there at least once; whoever bought at two stores counts at both.",
    ),
    Term(
        "revenue_there",
        "その店舗での売上",
        "Revenue there",
        "その店舗での購入による累計売上。返金後。",
        "Revenue to date of the purchases at that store, less refunds.",
    ),
    Term(
        "group_revenue_share",
        "売上の構成比",
        "Share of revenue",
        "全顧客の累計売上に占める、そのグループの割合。",
        "The group's part of the revenue to date of all customers.",
    ),
    Term(
        "purchases",
        "購入回数",
        "Purchases",
        "基準日までの購入の回数。取り消しと無料サンプルは含みません。",
        "How often somebody purchased up to the as-of day; cancelled orders and free samples are "
        "no purchase.",
    ),
    Term(
        "age_months",
        "経過月数",
        "Months since the first",
        "最初の購入からの月数。過ぎきった月だけを数えます。",
        "Months since the first purchase; only those that have fully passed count.",
    ),
    Term(
        "predicted_orders",
        "予測注文数",
        "Predicted orders",
        "過去のある日までのデータだけで予測した、その後の注文数。",
        "Orders of the time that followed, as predicted from the facts up to a day in the past.",
    ),
    Term(
        "actual_orders",
        "実際の注文数",
        "Actual orders",
        "予測した期間に実際にあった注文数。",
        "Orders that came in the time that was predicted.",
    ),
    Term(
        "new_customers",
        "新規顧客数",
        "New customers",
        "その期間に初めて購入した顧客の数。",
        "Customers whose first purchase lies in the time that is looked at.",
    ),
    Term(
        "ad_spend",
        "広告費",
        "Ad spend",
        "取り込んだ広告費の合計。通貨が違うものはその日のレートで換算します。",
        "What was spent on advertising, as imported; other currencies at the rate of their day.",
    ),
    Term(
        "spend_new",
        "新規向け広告費",
        "Spend for new",
        "新規獲得のためと記録された広告費。",
        "Ad spend that was recorded as meant for new customers.",
    ),
    Term(
        "spend_repeat",
        "リピート向け広告費",
        "Spend for repeat",
        "リピートのためと記録された広告費。",
        "Ad spend that was recorded as meant for customers who are there.",
    ),
    Term(
        "spend_unsplit",
        "区分のない広告費",
        "Spend not split",
        "新規向けかリピート向けか記録のない広告費。",
        "Ad spend of which nobody recorded whom it was meant for.",
    ),
    Term(
        "repeat_orders",
        "リピート注文数",
        "Repeat orders",
        "2回目以降の購入の数。",
        "Purchases from the second one of a customer on.",
    ),
    Term(
        "mix_share",
        "構成比",
        "Share of the mix",
        "その顧客の購入に占める、そのカテゴリの割合。",
        "The category's part of what the customer bought.",
    ),
    Term(
        "purchase_days",
        "購入日数",
        "Purchase days",
        "購入のあった日の数。",
        "Days on which the customer bought.",
    ),
    Term(
        "moved_customers",
        "移動した顧客数",
        "Customers who moved",
        "前の基準日から今回までに、行の区分から列の区分へ移った顧客の数。対角線は動かなかった顧客。",
        "Customers who went from the row's group to the column's between the two as-of days; "
        "whoever stayed stands on the diagonal.",
    ),
    Term(
        "gap_days",
        "途切れの日数",
        "Days of a gap",
        "データのある日から次にある日までの日数。通常（中央値）の3倍を超えるものを途切れとします。",
        "Days from one day with rows to the next; beyond three times the usual (median) distance "
        "it is a gap.",
    ),
    Term(
        "total_difference",
        "合計との差額",
        "Difference from the stated total",
        "注文に記載された合計金額から、明細などの合計を引いた差。税抜にする前の金額です。",
        "The total that an order states, less what its parts add up to; before tax is taken out.",
    ),
    Term(
        "rows_taken_in",
        "行数",
        "Rows",
        "取り込まれて数字に使われている行の数。",
        "Rows that were taken in and that figures rest on.",
    ),
)
