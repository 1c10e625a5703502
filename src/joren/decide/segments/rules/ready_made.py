"""Segments that a shop expects to find, each as a rule that it may change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from joren.decide.segments.contracts import All, Any, Bought, Did, Is, Rule, Window


@dataclass(frozen=True)
class ReadyMade:
    """A name in both languages, what one does with it, and the rule."""

    ja: str
    en: str
    ja_use: str
    en_use: str
    rule: Rule


READY_MADE: Final[tuple[ReadyMade, ...]] = (
    ReadyMade(
        "F2転換候補(初回から14〜60日)", "F2 candidates (14 to 60 days after the first order)",
        "2回目の購入を促す。初回の商品に合わせた提案を。",
        "Ask for the second order, with what goes with the first.",
        All((Is("orders", "between", (1, 1)), Is("last_on", "in_last_days", (60,)),
             Is("last_on", "not_in_last_days", (14,)))),
    ),
    ReadyMade(
        "休眠直前", "About to go dormant",
        "本人のふだんの間隔の1.5倍、1回だけの人は90日を過ぎた現役客。離れる前に一声。",
        "Active customers past 1.5 of their own intervals, or 90 days after their only purchase. "
        "Speak to them before they leave.",
        All((Is("stage", "is_not", ("lapsed",)), Is("last_on", "not_in_last_days", (14,)),
             Any((Is("intervals_quiet", "at_least", (1.5,)),
                  All((Is("intervals_quiet", "unknown"),
                       Is("last_on", "not_in_last_days", (90,)))))))),
    ),
    ReadyMade(
        "休眠", "Dormant",
        "最後の購入から、お店が決めた離脱の日数が過ぎた人。掘り起こしは費用と効果を見ながら。",
        "No order for as long as the shop's own ranks say. Win back, with an eye on the cost.",
        All((Is("stage", "is", ("lapsed",)),)),
    ),
    ReadyMade(
        "VIP", "VIP",
        "売上の上位。割引ではなく、特別な扱いを。",
        "The best by sales. Treat them specially rather than with discounts.",
        All((Is("vip", "yes"),)),
    ),
    ReadyMade(
        "VIP落ちしそうな人", "VIPs about to fall",
        "VIPだが最近買っていない。",
        "VIPs who have not bought lately.",
        All((Is("vip", "yes"), Is("last_on", "not_in_last_days", (60,)))),
    ),
    ReadyMade(
        "一つの商品だけを買い続ける人", "Loyal to one product",
        "3回以上買っているが商品は1種類。関連商品の提案を。",
        "Three orders or more, always the same product. Suggest what goes with it.",
        All((Is("orders", "at_least", (3,)), Bought("products", "between", (1, 1)))),
    ),
    ReadyMade(
        "クーポンでしか買わない人", "Buys with coupons only",
        "値引きがなくても買うか、確かめる相手。",
        "People to try without a discount.",
        All((Is("orders", "at_least", (2,)),
             Bought("orders", "at_least", (2,), (Is("with_coupon", "yes"),)),
             Bought("orders", "at_most", (0,), (Is("with_coupon", "no"),)))),
    ),
    ReadyMade(
        "定期が止まりそうな人", "Subscription about to stop",
        "定期が継続中で、次回のお届けまでに解約する確率が30%以上。",
        "A contract that runs, and is cancelled before the next delivery with 30 % or more.",
        All((Is("contract_active", "yes"), Is("contract_p_cancel", "at_least", (0.3,)))),
    ),
    ReadyMade(
        "購入のない会員", "Leads without an order",
        "登録だけの人。初回の購入へ。",
        "Registered, nothing bought yet. Towards the first order.",
        All((Bought("orders", "at_most", (0,)),)),
    ),
    ReadyMade(
        "購入がなく、メールに同意している会員", "Leads who agreed to mail",
        "同意した時点から、ようこその便りを。",
        "To be welcomed from the moment they agreed.",
        All((Bought("orders", "at_most", (0,)), Is("may_email", "yes"))),
    ),
    ReadyMade(
        "価値が高いのに最近買っていない人", "High predicted value, quiet lately",
        "予測売上が高く、90日以上買っていない。最初に手を打つ相手。",
        "Worth much by prediction, and no order for 90 days: whom to look after first.",
        All((Is("revenue_365d", "at_least", (10_000,)),
             Is("last_on", "not_in_last_days", (90,)))),
    ),
    ReadyMade(
        "今月が誕生月の人", "Birthday this month",
        "お祝いとともに。",
        "With good wishes.",
        All((Is("birthday", "this_month"),)),
    ),
    ReadyMade(
        "直近90日に2回以上買った人", "Two orders or more in 90 days",
        "勢いのある人。定期や紹介の提案を。",
        "On a roll: suggest a subscription, or to bring a friend.",
        All((Bought("orders", "at_least", (2,), window=Window(last_days=90)),)),
    ),
    ReadyMade(
        "カゴ落ち(直近3日)", "Cart left in the last 3 days",
        "カートに入れたまま購入していない人。一声かける相手。",
        "Put something into the cart and has not ordered since: remind them.",
        All((Did("Product Added", "times", "at_least", (1,), window=Window(last_days=3),
                 but_not="order"),)),
    ),
)  # fmt: skip
