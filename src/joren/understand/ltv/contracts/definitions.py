"""What each figure of this room means, in the marketer's words."""

from __future__ import annotations

from typing import Final

DEFINITIONS: Final[dict[str, tuple[str, str, str, str]]] = {
    # name: (Japanese term, English term, Japanese definition, English definition)
    "customers": (
        "顧客数",
        "Customers",
        "基準日までに1回以上購入した人の数(取消・返品・無料サンプルだけの人を除く)。",
        "People with at least one purchase up to the as-of day, not counting cancelled or returned "
        "orders and free samples.",
    ),
    "orders": (
        "購入件数",
        "Purchases",
        "顧客のわかる有効な注文の数。取消・返品・無料サンプルは含まない。",
        "Kept orders of known customers; cancelled or returned ones and free samples do not count.",
    ),
    "revenue_past": (
        "累計売上(実績)",
        "Revenue to date",
        "割引後・税抜の商品代金と送料から返金を引いた、基準日までの合計。ポイントとモール負担クーポンは"
        "支払手段なので引かない。",
        "Goods after the shop's discounts and without tax, plus shipping charged, less refunds, up "
        "to the as-of day. Points and coupons that a mall pays for are means of payment.",
    ),
    "profit_past": (
        "累計利益(実績)",
        "Profit to date",
        "累計売上から原価・自社負担送料・決済手数料・メッセージ費用を引いたもの。原価が不明な注文がある顧客は「不明」。"
        "合計は原価のわかる購入だけで計算し、その割合を併記する。",
        "Revenue to date less cost of goods, shipping borne, payment fees and message cost. Not "
        "known for a customer as long as one order's cost of goods is not; totals cover the "
        "purchases whose cost is known and say their share.",
    ),
    "refunds": (
        "返金",
        "Refunds",
        "基準日までに返金した金額。注文を特定しない返金(クレジットノート)を含む。",
        "Given back up to the as-of day, credit notes that name no order included.",
    ),
    "goods_cost": (
        "原価",
        "Cost of goods",
        "注文明細の原価、なければ商品台帳の現在の原価。",
        "As the order lines state it, else the catalogue's cost of today.",
    ),
    "shipping_borne": (
        "自社負担送料",
        "Shipping borne",
        "店が負担した配送費。不明な注文は引かれず、わかる割合を示す。",
        "What the shop paid for delivery. Where it is not known nothing is subtracted, and the "
        "share that is known is shown.",
    ),
    "payment_fee": (
        "決済手数料",
        "Payment fees",
        "決済・モール手数料。不明な注文は引かれず、わかる割合を示す。",
        "Fees of payment and mall. Where they are not known nothing is subtracted, and the share "
        "that is known is shown.",
    ),
    "points_granted": (
        "付与ポイント(原価)",
        "Points granted, at cost",
        "付与したポイントの原価。まだ記録がないため「不明」。",
        "Not yet recorded, hence not known and not subtracted.",
    ),
    "message_cost": (
        "メッセージ費用",
        "Message cost",
        "購入者に送ったメッセージの費用(配信ルールで決めた1通あたりの額)。額が不明な通は引かれず、"
        "わかる割合を示す。購入前に送った分も含む。",
        "Of the messages sent to customers, also before their first purchase, at what one of the "
        "channel costs by the rules of sending. Where that is not known nothing is subtracted, "
        "and the share that is known is shown.",
    ),
    "service_cost": (
        "応対費用",
        "Service cost",
        "問い合わせ対応の費用。まだ記録がないため「不明」。",
        "Not yet recorded, hence not known and not subtracted.",
    ),
    "coverage": (
        "判明率",
        "Coverage",
        "その費用がわかっている購入の割合(メッセージ費用では、送った通数の割合)。",
        "Share of purchases, or of messages, for which the term is known.",
    ),
    "revenue_365d": (
        "今後1年の予測売上",
        "Predicted revenue, next 365 days",
        "これまでの購入の頻度と新しさから予測した回数 × 1回あたりの予測金額。"
        "既存顧客の平均的な見込みであり、中央値ではない。",
        "Purchases expected from how often and how recently somebody bought × expected spend per "
        "purchase, by the models named beside it. Of today's customers; a mean, not a median.",
    ),
    "profit_365d": (
        "今後1年の予測利益",
        "Predicted profit, next 365 days",
        "予測売上 × 顧客の利益率(購入が少ない顧客ほど店全体の率に寄せる)。",
        "Predicted revenue × the customer's margin, drawn towards the shop's the less they bought.",
    ),
    "expected_orders_365d": (
        "今後1年の予測購入回数",
        "Expected purchases, next 365 days",
        "選ばれたモデルによる期待値。同じ日の購入は1回と数える。",
        "Of the model named beside it; purchases of one day count once.",
    ),
    "purchase_interval": (
        "平均購入間隔(顧客ごと)",
        "Days between purchases, per customer",
        "2日以上購入した顧客の、初回から最終購入までの日数 ÷ リピート回数。",
        "Of customers with purchases on two days or more: days from the first to the last, over "
        "the repeat purchases.",
    ),
    "store_elsewhere": (
        "他店舗でも購入した割合",
        "Bought elsewhere too",
        "その店舗の購入者のうち、他の店舗でも購入した人の割合。",
        "Of the store's buyers, the share who bought at another store as well.",
    ),
    "mae": (
        "平均絶対誤差(1人あたり)",
        "Mean absolute error per customer",
        "顧客1人について、予測した購入回数と実績の差(絶対値)の平均。",
        "Mean distance between the orders predicted of one customer and those that came.",
    ),
    "rmse": (
        "二乗平均平方根誤差(1人あたり)",
        "Root mean square error per customer",
        "差の二乗の平均の平方根。大きく外れた顧客ほど重く数える。",
        "Square root of the mean squared distance: customers who were missed by much weigh more.",
    ),
    "spearman": (
        "順位相関",
        "Rank correlation",
        "予測の多い順と実績の多い順がどれだけ一致したか(Spearman、1で完全一致)。",
        "How far the order by prediction agrees with the order by what came (Spearman; 1 is full "
        "agreement).",
    ),
    "gini": (
        "ジニ係数(予測順の集中度)",
        "Gini of what came, ordered by prediction",
        "予測の高い顧客から順に並べたとき、実績がどれだけ上位に集まったか。",
        "How much of what came lay with those of whom most was predicted.",
    ),
    "next_order_days": (
        "次の注文までの日数",
        "Days until the next order",
        "基準日から数えて、次の注文が来るとすれば何日後か(中央値)。区間は、その確からしさで次の注文が"
        "入る日数の範囲。もう来ない確率は含まない。",
        "Counted from the as-of day, if one comes: the median, and the span into which it falls "
        "with that level. The chance that none ever comes is told apart.",
    ),
    "no_further_order": (
        "もう注文が来ない確率",
        "Chance of no further order",
        "いつまで待っても次の注文が来ない確率。",
        "That no further order comes, however long one waits.",
    ),
    "newcomer_orders_365d": (
        "新規顧客の1年間の再購入回数",
        "Further purchases of a new customer, 365 days",
        "基準日に初めて購入した人が、その後365日間に何回また購入するかの期待値。",
        "Expected of somebody whose first purchase falls on the as-of day.",
    ),
    "newcomer_share_365d": (
        "新規顧客が1年以内に再購入する確率",
        "Chance of a second purchase within 365 days",
        "基準日に初めて購入した人が、その後365日以内に1回以上また購入する確率。",
        "That somebody whose first purchase falls on the as-of day buys again at least once.",
    ),
    "expected_spend": (
        "1回あたりの予測金額",
        "Expected spend per purchase",
        "今後の購入1回あたりの平均売上。",
        "Mean revenue of a future purchase.",
    ),
    "p_alive": (
        "継続確率",
        "Probability of being a customer still",
        "まだ離れていない確率。1回だけの購入者はBG/NBDでは常に1になるため、回数と併せて読む。",
        "That somebody has not left for good. BG/NBD gives 1 to everybody with one purchase: "
        "read it together with the expected purchases.",
    ),
    "frequency": (
        "リピート回数",
        "Repeat purchases",
        "購入のあった日数 − 1。",
        "Days with a purchase, less one.",
    ),
    "recency": (
        "初回から最終購入までの日数",
        "Days from first to last purchase",
        "初回購入日から最終購入日までの日数。",
        "From the day of the first purchase to the day of the last.",
    ),
    "T": (
        "初回からの経過日数",
        "Days since the first purchase",
        "初回購入日から基準日までの日数。",
        "From the day of the first purchase to the as-of day.",
    ),
    "monetary_value": (
        "リピート1回あたりの平均売上",
        "Mean revenue of repeat purchases",
        "2回目以降の購入日のうち、売上が0を超える日の平均。",
        "Over the days of repeat purchases whose revenue is above zero.",
    ),
    "margin": (
        "利益率",
        "Margin",
        "利益 ÷ 売上。原価のわかる購入で計算する。",
        "Profit over revenue, of the purchases whose cost is known.",
    ),
    "margin_strength": (
        "利益率の重み",
        "Weight of the shop's margin",
        "顧客自身の売上がこの額のとき、本人の利益率と店全体の利益率を半々に見る。",
        "With this much revenue of one's own, one's own margin counts as much as the shop's.",
    ),
    "formula_ltv": (
        "公式LTV(売上・365日の実績)",
        "Formula LTV (revenue, by the last 365 days)",
        "平均購買価格 × 購買頻度 × 継続期間。予測モデルではなく、期間の平均の掛け算。",
        "Average order value × purchase frequency × years kept: a product of averages of the "
        "period, no prediction.",
    ),
    "order_value": (
        "平均購買価格",
        "Average order value",
        "期間中の売上 ÷ 購入件数。",
        "Revenue of the period over its purchases.",
    ),
    "purchase_frequency": (
        "購買頻度(年)",
        "Purchases per customer and year",
        "期間中の購入件数 ÷ 期間中に購入した顧客数。",
        "Purchases of the period over the customers who made them.",
    ),
    "duration": (
        "継続期間(年)",
        "Years kept",
        "期間中に購入した顧客の、初回から最終購入までの平均年数に、平均購入間隔1回分を加えたもの。",
        "Mean years from first to last purchase of those who bought in the period, plus one mean "
        "interval between purchases.",
    ),
    "bias": (
        "総数の誤差",
        "Error of the total",
        "過去のある日に立てた予測の合計が、その後の実績より何%多かった(少なかった)か。",
        "How far the total, predicted as if on an earlier day, lay above (below) what came.",
    ),
    "revenue_bias": (
        "売上総額の誤差",
        "Error of total revenue",
        "過去のある日に立てた売上予測の合計が、その後の実績より何%多かった(少なかった)か。",
        "How far total revenue, predicted as if on an earlier day, lay above (below) what came.",
    ),
}
