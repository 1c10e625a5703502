"""Why something is not known, and what each figure is."""

from __future__ import annotations

from typing import Final

from joren.core.words import gettext_noop

ARMS_BROKEN: Final = gettext_noop("the arms are not those that were drawn")
NOBODY_RIPE: Final = gettext_noop("nobody has had so many days yet")
NOBODY_REACHED: Final = gettext_noop("nobody was reached yet")
FIGURES_END_BEFORE: Final = gettext_noop("the figures end before the day of treatment")
TOO_FEW_BUYERS: Final = gettext_noop("too few bought to read anything from it")
NOBODY_SAID_COST: Final = gettext_noop("nobody has said what the action cost")
A_CHANNEL_WITHOUT_COST: Final = gettext_noop("what a message of its channel costs is not said")
COST_NOTHING: Final = gettext_noop("the action cost nothing")
NOTHING_HELD_BACK: Final = gettext_noop("nobody is left out any more")
COST_UNKNOWN: Final = gettext_noop("the cost of an order is not known")

DEFINITIONS: Final[dict[str, tuple[str, str, str, str]]] = {
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
        "予測は含まない。",
        "Incremental profit of all who were treated, less what the action cost (messages, coupons, "
        "points, goods). No model in it.",
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
}
