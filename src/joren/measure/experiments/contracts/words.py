"""Why something is not known, and what each figure is."""

from __future__ import annotations

from typing import Final

from joren.core.words import gettext_noop

ARMS_BROKEN: Final = gettext_noop("the arms are not those that were drawn")
NOBODY_RIPE: Final = gettext_noop("nobody has had so many days yet")
NOBODY_REACHED: Final = gettext_noop("nobody was reached yet")
FIGURES_END_BEFORE: Final = gettext_noop("the figures end before the day of treatment")
TOO_FEW_BUYERS: Final = gettext_noop("too few bought to read anything from it")
TOO_FEW_REACHED: Final = gettext_noop("too few were reached to compare")
NOBODY_SAID_COST: Final = gettext_noop("nobody has said what the action cost")
MESSAGES_UNSAID: Final = gettext_noop("nobody has said what its messages cost, which may be 0")
A_CHANNEL_WITHOUT_COST: Final = gettext_noop("what a message of its channel costs is not said")
NOBODY_BOUGHT: Final = gettext_noop("too few of them bought in the past to plan by")
COST_NOTHING: Final = gettext_noop("the action cost nothing")
NOTHING_HELD_BACK: Final = gettext_noop("nobody is left out any more")
NOT_READ: Final = gettext_noop("it could not be read; the server's log says why")
TOO_FEW_ACTIONS: Final = gettext_noop("fewer than four actions hardly tell how much they differ")
COST_UNKNOWN: Final = gettext_noop("the cost of an order is not known")

DEFINITIONS: Final[dict[str, tuple[str, str, str, str]]] = {
    "variant_profit": (
        "1人あたり利益（配信費用を除く）",
        "Profit per customer, less the messages",
        "比較期間に、そのメッセージ（ジャーニーでは分岐）を割り当てた全員が生んだ利益の合計から、実際に送った分の配信費用を引き、人数で割った金額。購入のない人は0として数える。",
        "Profit of everybody whom the lot gave the message, or the arm of a journey, over the days "
        "of the comparison, less what the messages that left cost, per customer; whoever bought "
        "nothing counts as 0.",
    ),
    "variant_margin": (
        "1人あたり注文の利益",
        "Orders' profit per customer",
        "比較期間に、そのメッセージ（ジャーニーでは分岐）を割り当てた全員の注文が生んだ利益を人数で割った金額。配信費用が分からないため、引いていない。",
        "Profit of the orders of everybody whom the lot gave the message, or the arm of a journey, "
        "per customer. What a message costs is not known, so that it is not taken off.",
    ),
    "variant_revenue": (
        "1人あたり売上",
        "Revenue per customer",
        "比較期間に、そのメッセージ（ジャーニーでは分岐）を割り当てた全員が生んだ売上を人数で割った金額。原価が8割以上分かれば利益で比べる。",
        "Revenue of everybody whom the lot gave the message, or the arm of a journey, per "
        "customer. Where the cost of four fifths of it is known, profit is compared instead.",
    ),
    "variant_lead": (
        "1人あたり利益の差",
        "Lead in profit per customer",
        "最も良いものと他との、1人あたり利益の差。区間は、すべての組み合わせを同時に比べた場合の95%区間。",
        "The best one less another one, in profit per customer; the intervals hold for all pairs "
        "together (95 %).",
    ),
    "variant_lead_margin": (
        "1人あたり注文の利益の差",
        "Lead in the orders' profit per customer",
        "最も良いものと他との、1人あたり注文の利益の差（配信費用を引く前）。区間は、すべての組み合わせを同時に比べた場合の95%区間。",
        "The best one less another one, in the orders' profit per customer before what the "
        "messages cost; the intervals hold for all pairs together (95 %).",
    ),
    "variant_lead_revenue": (
        "1人あたり売上の差",
        "Lead in revenue per customer",
        "最も良いものと他との、1人あたり売上の差。区間は、すべての組み合わせを同時に比べた場合の95%区間。",
        "The best one less another one, in revenue per customer; the intervals hold for all pairs "
        "together (95 %).",
    ),
    "hour_profit": (
        "1人あたり注文の利益",
        "Orders' profit per customer",
        "比較期間に、その時刻に割り当てた全員の注文が生んだ利益を人数で割った金額。購入のない人は0として数える。配信費用は両方で同じ。",
        "Profit of the orders of everybody whom the lot gave that hour, over the days of the "
        "comparison, per customer; whoever bought nothing counts as 0. The message costs the same "
        "in both.",
    ),
    "hour_revenue": (
        "1人あたり売上",
        "Revenue per customer",
        "比較期間に、その時刻に割り当てた全員が生んだ売上を人数で割った金額。原価が8割以上分かれば利益で比べる。",
        "Revenue of everybody whom the lot gave that hour, per customer. Where the cost of four "
        "fifths of it is known, profit is compared instead.",
    ),
    "hour_gain_profit": (
        "一人ひとりの時刻の効果（1人あたり利益）",
        "What an hour of their own brought, in profit per customer",
        "一人ひとりの時刻で送った人と、通常の時刻で送った人の、1人あたり利益の差。95%区間。決めた日に一度だけ読む。",
        "Own hours less the usual one, in profit per customer, with a 95 % interval; read on the "
        "planned day.",
    ),
    "hour_gain_revenue": (
        "一人ひとりの時刻の効果（1人あたり売上）",
        "What an hour of their own brought, in revenue per customer",
        "一人ひとりの時刻で送った人と、通常の時刻で送った人の、1人あたり売上の差。95%区間。決めた日に一度だけ読む。",
        "Own hours less the usual one, in revenue per customer, with a 95 % interval; read on the "
        "planned day.",
    ),
    "effect_conversion": (
        "購入率の差",
        "Difference in buyers",
        "実施日以降に購入した人の割合の、対象と除外の差。区間は Newcombe 法。",
        "Share of customers who bought since the day of treatment: treated less left out. "
        "Newcombe's interval.",
    ),
    "effect_per_customer": (
        "1人あたり売上の差",
        "Difference in revenue per customer",
        "実施日以降の1人あたり売上(返金後・税抜)の、対象と除外の差。購入のない人は0として数える。",
        "Revenue per customer since the day of treatment, after refunds, without tax: treated less "
        "left out. Who bought nothing counts as 0.",
    ),
    "effect_lift": (
        "1人あたり売上の伸び",
        "Lift of revenue per customer",
        "対象の1人あたり売上を、除外した人の1人あたり売上で割り、1を引いたもの。区間は1人あたり売上の差と同じ方法で求めるので、"
        "0を含むかどうかは差と食い違わない。",
        "Revenue per customer treated over that of those left out, less one. Its interval comes by "
        "the same method as that of the difference, so that the two never disagree about zero.",
    ),
    "effect_capped_per_customer": (
        "1人あたり売上の差(上限あり)",
        "Difference in revenue per customer, capped",
        "売上の多い上位0.1%の人の売上を、その次の人と同じ額として数えた、1人あたり売上の差。"
        "上限は両群を合わせて決める。",
        "The difference in revenue per customer, where of both arms together the one customer in a "
        "thousand who spent most counts as the next one does.",
    ),
    "effect_together": (
        "増分売上",
        "Incremental revenue",
        "1人あたり売上の差に、対象の人数を掛けた金額。施策がなければ得られなかった売上。",
        "The difference per customer times the customers treated: what would not have been bought "
        "otherwise.",
    ),
    "effect_profit_per_customer": (
        "1人あたり利益の差",
        "Difference in profit per customer",
        "実施日以降の1人あたり利益の、対象と除外の差。施策そのものの費用は引いていない。",
        "Profit per customer since the day of treatment: treated less left out, before the cost of "
        "the treatment itself.",
    ),
    "effect_profit_together": (
        "増分利益(施策費用を引く前)",
        "Incremental profit before the action's cost",
        "1人あたり利益の差に、対象の人数を掛けた金額。施策の費用がわからないため引いていない。",
        "The difference in profit per customer times the customers treated; the cost of the action "
        "is not known and not in it.",
    ),
    "effect_realised": (
        "増分LTV(実現分)",
        "Incremental LTV, realised",
        "対象全体の増分利益から施策の費用(メッセージ・クーポン・ポイント・商品)を引いた金額。"
        "注文に割引として表れているクーポンは売上から引かれており、二重には引かない。予測は含まない。",
        "Incremental profit of all who were treated, less what the action cost (messages, coupons, "
        "points, goods). Coupons that orders show as a discount are off their revenue already and "
        "not subtracted again. No model in it.",
    ),
    "effect_realised_per_customer": (
        "1人あたり増分LTV(実現分)",
        "Incremental LTV per customer, realised",
        "1人あたり利益の差から、1人あたりの施策費用を引いた金額。",
        "The difference in profit per customer less the action's cost per customer treated.",
    ),
    "effect_roi": (
        "ROI",
        "ROI",
        "(増分利益 − 施策費用) ÷ 施策費用。1なら、費用のほかに費用と同じ額が残った。",
        "(Incremental profit − cost) ÷ cost of the action. At 1 as much as the cost remains beyond "
        "it.",
    ),
    "effect_held_back": (
        "除外の費用(30日あたり)",
        "What holding out costs in 30 days",
        "除外した人にも実施していれば得られた金額の30日分。効果を確かめるための費用。",
        "What those left out would have brought in 30 days had they been treated: the price of "
        "knowing.",
    ),
    "effect_design_spend": (
        "過去の1人あたり売上",
        "Revenue per customer in the past",
        "このセグメントの人が、直近の同じ日数に1人あたりいくら買ったか。",
        "What a member of the segment bought in as many days up to the figures.",
    ),
    "effect_design_smallest": (
        "見分けられる最小の差(1人あたり)",
        "Smallest difference that can be seen, per customer",
        "この人数で、本当に差があるとき5回に4回は確認できる最小の差(1回だけ見る場合)。",
        "The smallest true difference that these arms would show four times of five, at one look.",
    ),
    "effect_design_together": (
        "見分けられる最小の増分売上",
        "Smallest incremental revenue that can be seen",
        "上の差に、対象の人数を掛けた金額。施策の費用や見込みと比べてください。",
        "The same over all who are treated. Compare it with what you expect and what it costs.",
    ),
    "effect_design_lift": (
        "見分けられる最小の増加率",
        "Smallest lift that can be seen",
        "上の差を、過去の1人あたり売上で割った割合。",
        "The same as a share of revenue per customer in the past.",
    ),
    "effect_design_held_back": (
        "除外の費用の見込み(30日あたり)",
        "What holding out would cost in 30 days",
        "施策で売上がこの割合だけ増えるとしたとき、除外した人から得られなくなる30日分の売上。",
        "Revenue that those left out would not bring in 30 days, if the action brought that lift.",
    ),
    "effect_expected": (
        "増分LTV(1年見込み)",
        "Incremental LTV, expected over a year",
        "実現分に、各顧客の1年目の残りの見込みを足した金額。施策を知らないモデルの予測なので、"
        "過去の施策の予測と実績のずれを区間に含める。実績が10件に満たない間は「未検証」。",
        "Realised, and what is still expected in the first year of each customer, by models that "
        "know of no action: the interval holds how far such projections were off. Below ten "
        "matured actions it is not yet validated.",
    ),
    "pool_per_customer": (
        "まとめた1人あたりの差",
        "Difference per customer, read together",
        "同じ種類の施策の、最初の90日間の1人あたりの差を、対象の人数で重みづけて平均した金額。費用がわかれば引いている。"
        "区間は、何度見ても、何回くり返しても成り立つ。",
        "The mean of what actions of one kind brought per customer in their first 90 days, each by "
        "its customers treated, less their cost where it is known. The interval holds however "
        "often one looks and repeats.",
    ),
    "pool_together": (
        "まとめた増分",
        "What they brought, read together",
        "まとめた1人あたりの差に、最初の90日を過ごした対象の人数を掛けた金額。",
        "The difference per customer, read together, times the customers treated who have had "
        "their first 90 days.",
    ),
    "pool_next": (
        "次の1回の見込み(1人あたり)",
        "A next one, per customer",
        "同じ種類の施策をもう一度行ったときに、本当の差が入ると見込まれる範囲(変量効果モデル)。4件から。",
        "Where the true difference of another action of the kind will lie (random effects). From "
        "four actions on.",
    ),
    "pool_alone": (
        "単独での1人あたりの差",
        "Alone, per customer",
        "その施策だけで見た、最初の90日間の1人あたりの差。区間は1回だけ見る場合。",
        "The difference per customer in its first 90 days, by its own arms; the interval is of one "
        "look.",
    ),
    "pool_drawn": (
        "全体に寄せた1人あたりの差",
        "Drawn to its kind, per customer",
        "単独ではわからない分だけ、同じ種類の平均に寄せた差。たまたま良かった回が勝者に見えるのを防ぐ。4件から。",
        "The same, drawn to the mean of its kind as far as little is known of it alone, so that "
        "the luckiest one does not pass for a winner. From four actions on.",
    ),
    "targeting_gain": (
        "1,000人あたりの上乗せ(見込み)",
        "Gain per 1,000 customers, as expected",
        "全員に送る・誰にも送らないのうち良い方と比べて、選んだ方法が1,000人あたりもたらす利益の見込み。偶然の分だけ0に寄せてある。",
        "Profit per 1,000 customers that the chosen policy is expected to bring over the better of "
        "everybody and nobody, drawn to 0 as far as policies differ by no more than chance.",
    ),
    "targeting_expected": (
        "見込み(1,000人あたり)",
        "As expected, per 1,000",
        "全員・誰にも送らないのうち良い方との差を、偶然の分だけ0に寄せた金額。これが最も高い方法を使う。",
        "The difference to the better of everybody and nobody, drawn to 0 as far as policies "
        "differ by no more than chance. The policy with the highest one is used.",
    ),
    "targeting_over_nobody": (
        "誰にも送らない場合との差(1,000人あたり)",
        "Over nobody, per 1,000",
        "その方法で送った場合と、誰にも送らない場合の利益の差。送る費用を引いている。",
        "Profit of sending by that policy less that of sending to nobody, the cost of sending "
        "taken off.",
    ),
    "targeting_over_plain": (
        "単純な方法との差(1,000人あたり)",
        "Over the plain choice, per 1,000",
        "全員に送る・誰にも送らないのうち良い方との、同じ顧客どうしで比べた利益の差。",
        "Profit over the better of everybody and nobody, paired over the same customers.",
    ),
    "exposure_share": (
        "届いた人の割合",
        "Share reached",
        "くじで割り当てた全員(世帯は1人)のうち、対象では実際に1通でも送られた人、除外では、除外されなければ送られていた人の割合。"
        "最初の1通の日時は割り当ての記録に残る。95%区間は Wilson 法。",
        "Of all who were drawn (a household is one): of the treated those to whom any message "
        "left, of those left out those who would have got one. The moment of the first is kept in "
        "the log of the lot. Wilson's 95 % interval.",
    ),
    "exposure_asked_difference": (
        "配信対象になった人の割合の差",
        "Difference in those it was to be sent to",
        "施策のメッセージが(送られたかどうかによらず)予定された人の割合の、対象と除外の差。くじが正しければ偶然の差しかない。"
        "95%区間は Newcombe 法。",
        "Share to whom anything was to be sent, whether or not it left: treated less left out. "
        "Between sound arms it differs by chance alone. Newcombe's 95 % interval.",
    ),
    "exposure_passed_difference": (
        "配信条件を通った人の割合の差",
        "Difference in those who would get it",
        "同意・配信停止・宛先・回数制限・配信しない時間帯・予算を通り、除外されていなければ送られた人の割合の、対象と除外の差。"
        "除外は送られたものとして数える。95%区間は Newcombe 法。",
        "Share whom consent, stops, addresses, caps, quiet hours and budget let through, those "
        "left out as ghosts: treated less left out. Newcombe's 95 % interval.",
    ),
    "ratio_order_value": (
        "平均注文単価",
        "Average order value",
        "実施日以降の売上(返金後・税抜)の合計を、注文数で割った金額。区間は注文した顧客を単位とするデルタ法(対数)、1回だけ見る場合の95%。",
        "Revenue since the day of treatment, after refunds, without tax, over the number of "
        "orders. Its interval is of the delta method on the logarithm, by customers, 95 % at one "
        "look.",
    ),
    "ratio_order_value_difference": (
        "平均注文単価の差",
        "Difference in average order value",
        "平均注文単価の、対象と除外の差。施策で買うようになった人の注文も入るので、注文の中身を表し、施策の効果の大きさではない。"
        "区間は、何度見ても、すべての比率を合わせて95%。",
        "Average order value: treated less left out. Orders that the action brought are among "
        "them, so that it says what orders are like, not what the action earned. The interval "
        "holds on all days and for all ratios together (95 %).",
    ),
    "ratio_margin_rate": (
        "利益率",
        "Margin rate",
        "実施日以降の注文の利益の合計を、売上の合計で割った割合(施策の費用を引く前)。売上の8割以上で原価がわかるときだけ。"
        "区間は1回だけ見る場合の95%。",
        "Profit of the orders since the day of treatment over their revenue, before the cost of "
        "the action; only where the cost of four fifths of it is known. 95 % at one look.",
    ),
    "ratio_margin_rate_difference": (
        "利益率の差",
        "Difference in margin rate",
        "利益率の、対象と除外の差。割引で売れば下がる。区間は、何度見ても、すべての比率を合わせて95%。",
        "Margin rate: treated less left out. Discounts lower it. The interval holds on all days "
        "and for all ratios together (95 %).",
    ),
    "ratio_coupon_share": (
        "クーポン利用率",
        "Share of orders with a coupon",
        "実施日以降の注文のうち、クーポン(店のコード、またはモールのもの)を使った注文の割合。区間は1回だけ見る場合の95%。",
        "Of the orders since the day of treatment, those with a coupon, of the shop by its code or "
        "of a mall. 95 % at one look.",
    ),
    "ratio_coupon_share_difference": (
        "クーポン利用率の差",
        "Difference in orders with a coupon",
        "クーポン利用率の、対象と除外の差。区間は、何度見ても、すべての比率を合わせて95%。",
        "Share of orders with a coupon: treated less left out. The interval holds on all days and "
        "for all ratios together (95 %).",
    ),
    "ratio_orders_each": (
        "購入者1人あたりの注文数",
        "Orders per buyer",
        "実施日以降に注文した人の、1人あたりの注文数。区間は1回だけ見る場合の95%。",
        "Orders since the day of treatment per customer who ordered. 95 % at one look.",
    ),
    "ratio_orders_each_difference": (
        "購入者1人あたりの注文数の差",
        "Difference in orders per buyer",
        "購入者1人あたりの注文数の、対象と除外の差。区間は、何度見ても、すべての比率を合わせて95%。",
        "Orders per buyer: treated less left out. The interval holds on all days and for all "
        "ratios together (95 %).",
    ),
    "ratio_lift": (
        "比率の伸び",
        "Lift of a ratio",
        "対象の比率を除外の比率で割り、1を引いたもの。差と同じ限界から求めるので、0を含むかどうかは差と食い違わない。",
        "The ratio of the treated over that of those left out, less one; by the same limits as the "
        "difference, so that both say the same about zero.",
    ),
}
