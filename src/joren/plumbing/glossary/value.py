"""What a customer is worth."""

from __future__ import annotations

from joren.plumbing.glossary.term import Term

TERMS = (
    Term(
        "revenue",
        "売上",
        "Revenue",
        "店舗負担の値引き後の商品代金（税抜）に受取送料を加え、返金を返金日に差し引いた額。"
        "ポイント利用とモール負担のクーポンは支払手段なので差し引きません。",
        "Goods after the discounts that the shop pays, tax excluded, plus shipping charged, less "
        "refunds on their date. Points used and the mall's coupons are means of payment.",
    ),
    Term(
        "profit",
        "利益",
        "Profit",
        "売上から原価・送料負担・決済手数料・付与ポイント・配信費・対応費を引いた額。"
        "分からない費用は0とせず「不明」と示します。",
        "Revenue less cost of goods, shipping borne, payment fees, points granted, message and "
        "service cost. A cost that is unknown is shown as unknown, not as zero.",
    ),
    Term(
        "revenue_past",
        "過去売上（実績LTV・売上）",
        "Past revenue",
        "最初の注文から基準日までに顧客がもたらした売上の合計。",
        "The revenue of a customer from the first order to the as-of day.",
    ),
    Term(
        "profit_past",
        "過去利益（実績LTV・利益）",
        "Past profit",
        "最初の注文から基準日までに顧客がもたらした利益の合計。",
        "The profit of a customer from the first order to the as-of day.",
    ),
    Term(
        "revenue_365d",
        "今後12か月の予測売上",
        "Predicted revenue, 365 days",
        "基準日の翌日から365日間の売上の期待値。購買回数と1回の金額の予測を掛けたもの。"
        "どのモデルかはⓘの「モデル」に示します。割引はしません: 1年のうちの額なので、"
        "年10%で割り引いても約5%の差であり、率の選び方で数字が変わらないようにします。",
        "The revenue expected in the 365 days after the as-of day: predicted orders times "
        "predicted spend per order, by the models that the ⓘ names. Not discounted: within one "
        "year a rate of 10% a year would take about 5%, and so the figure does not depend on the "
        "rate that somebody chose.",
    ),
    Term(
        "profit_365d",
        "今後12か月の予測利益",
        "Predicted profit, 365 days",
        "予測売上に顧客の利益率を掛けたもの。注文の少ない顧客の利益率は店全体の値に寄せます。"
        "予測売上と同じく、割引はしません。",
        "Predicted revenue times the customer's margin, which is drawn towards the shop's margin "
        "the fewer orders there are. Not discounted, as the revenue that it is made of.",
    ),
    Term(
        "formula_ltv",
        "公式LTV（売上）",
        "Formula LTV (revenue)",
        "平均購買価格 × 購買頻度 × 継続期間。変化は3つの項に余りなく分解できます。",
        "Average order value × purchase frequency × lifetime. Its change splits into the three "
        "terms without a remainder.",
    ),
    Term(
        "average_order_value",
        "平均購買価格",
        "Average order value",
        "1注文あたりの売上。",
        "Revenue per order.",
    ),
    Term(
        "purchase_frequency",
        "購買頻度",
        "Purchase frequency",
        "一定期間の顧客1人あたりの注文回数。",
        "Orders per customer in a span of time.",
    ),
    Term(
        "lifetime",
        "継続期間",
        "Lifetime",
        "最初の注文から最後の注文までの平均の長さ。",
        "The mean time from the first order to the last.",
    ),
    Term(
        "margin",
        "利益率",
        "Margin",
        "売上に占める利益の割合。",
        "Profit as a share of revenue.",
    ),
    Term(
        "p_alive",
        "継続確率",
        "Probability of being alive",
        "顧客がまだ離れていない確率。BG/NBDモデルでは1回だけの顧客は常に1です。",
        "The probability that the customer has not left. For customers with one order BG/NBD "
        "always says 1; the other models do not.",
    ),
    Term(
        "expected_orders_365d",
        "今後12か月の予測注文回数",
        "Expected orders, 365 days",
        "基準日の翌日から365日間の注文回数の期待値。",
        "The number of orders expected in the 365 days after the as-of day.",
    ),
    Term(
        "back_test",
        "バックテスト",
        "Back-test",
        "過去のある時点で予測し、その後に実際に起きたことと比べた誤差。",
        "A prediction made as of an earlier day, compared with what then happened.",
    ),
    Term(
        "total_error",
        "注文総数の平均誤差",
        "Mean error of total orders",
        "過去の各検証時点で予測した注文の総数が、実績から平均で何%ずれたか（向きを問わない大きさ）。",
        "How far total orders, as foretold at the cut-offs, lay from what came: the mean size of "
        "the error, whichever way it went.",
    ),
    Term(
        "revenue_error",
        "売上総額の平均誤差",
        "Mean error of total revenue",
        "過去の各検証時点で予測した売上総額が、実績から平均で何%ずれたか（向きを問わない大きさ）。",
        "How far total revenue, as foretold at the cut-offs, lay from what came: the mean size of "
        "the error, whichever way it went.",
    ),
    Term(
        "log_score",
        "対数スコア",
        "Log score",
        "実際に起きたことに予測が与えていた確率の対数の、顧客1人あたりの平均。0に近いほど良い予測です。",
        "The mean logarithm of the chance that a forecast gave to what a customer then did. The "
        "nearer to 0, the better.",
    ),
    Term(
        "cut_off",
        "検証時点",
        "Cut-off",
        "過去にさかのぼって予測を立てる日。その日までの注文だけを使い、その後の注文と比べます。",
        "The day of the past as of which a forecast is made: from the orders up to it, judged by "
        "those after.",
    ),
)
