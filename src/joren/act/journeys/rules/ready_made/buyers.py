"""For those who bought: thanks and how to use it, a review, and the way to the second order."""

from __future__ import annotations

from typing import Final

from joren.act.journeys.contracts import END
from joren.act.journeys.rules.ready_made.shape import (
    DAY,
    DEAR_EN,
    DEAR_JA,
    LAST_EN,
    LAST_JA,
    OFFER_EN,
    OFFER_JA,
    ORDERED,
    ReadyJourney,
    ReadyMail,
    Slot,
    Words,
    enters,
    leaves,
    line,
    parts_of,
    sends,
    waits,
)

_F2: Final = "F2転換候補(初回から14〜60日)"
_DELIVERED: Final = {"kind": "event", "event": "Order Delivered"}

_THANKS = ReadyJourney(
    "thanks",
    "購入後のお礼と使い方",
    "Thanks and how to use it, after an order",
    "お礼、届いた頃の使い方、感想の順に伝えます。売り込みは多くても一つに留め、効果は除外した方との差で確かめます。",
    "Thanks first, how to use it when it has arrived, then what they think of it; one suggestion "
    "at most. Those left out show what it earns.",
    "購入から60日以内の再購入率",
    "Share that orders again within 60 days",
    "first",
    {
        "triggers": [ORDERED],
        "reentry": "after",
        "reentry_days": 14,
        **parts_of(
            [
                waits("wait_1", 1, "thanks"),
                sends("thanks", END),
                {
                    "id": "arrives", "do": "await", "of": [_DELIVERED], "minutes": 5 * DAY * 60,
                    "then": "wait_2", "otherwise": "wait_2",
                },
                waits("wait_2", 2 * DAY, "how_to"),
                sends("how_to", END),
                waits("wait_3", 7 * DAY, "survey"),
                sends("survey", END),
            ]
        ),
    },
    (
        ReadyMail(
            "thanks", "お礼1：ありがとうございました", "Thanks 1: thank you", "thanks",
            {
                "ja": Words(
                    '{{ customer.name | default: "お客" }}さま、ありがとうございました',
                    "お買い上げありがとうございました",
                    (
                        f"{DEAR_JA}<br/>このたびは{LAST_JA}をお選びいただき、ありがとうございました。",
                        "大切にお届けします。ご不明なことがあれば、このメールにそのままご返信ください。"
                        "担当者が読んでお答えします。",
                    ),
                ),
                "en": Words(
                    'Thank you, {{ customer.name | default: "and welcome" }}',
                    "Thank you for your order",
                    (
                        f"{DEAR_EN}<br/>thank you for choosing {LAST_EN}.",
                        "We send it with care. If anything is unclear, answer this mail: a person "
                        "reads it and writes back.",
                    ),
                ),
            },
        ),
        ReadyMail(
            "how_to", "お礼2：使い方のこつ", "Thanks 2: how to use it", "goal_support",
            {
                "ja": Words(
                    "使いはじめに知っておくと便利なこと", "使いはじめのこつ",
                    (
                        f"{DEAR_JA}<br/>{LAST_JA}はもうお試しになりましたか。",
                        "まずは説明書きの「はじめに」の通りに、次にお好みに合わせて少しずつ変えてみてください。"
                        f"うまくいかないときは、このメールにご返信ください。{OFFER_JA}",
                    ),
                    (Slot("how_to", "使い方を見る"),),
                ),
                "en": Words(
                    "Good to know when you begin", "How to begin",
                    (
                        f"{DEAR_EN}<br/>have you tried {LAST_EN} yet?",
                        "Begin as the leaflet says, then change it little by little to your taste. "
                        f"If something does not work out, answer this mail.{OFFER_EN}",
                    ),
                    (Slot("how_to", "See how to use it"),),
                ),
            },
        ),
        ReadyMail(
            "survey", "お礼3：ご感想のお願い", "Thanks 3: what do you think?", "brand",
            {
                "ja": Words(
                    "使い心地はいかがですか", "使い心地はいかがですか",
                    (
                        f"{DEAR_JA}<br/>{LAST_JA}は、ご期待に沿うものでしたか。",
                        "良かったところ、足りなかったところを、このメールへのご返信でひと言お聞かせください。"
                        "いただいた声は担当者がすべて読み、品づくりに活かします。",
                    ),
                    (Slot("survey", "1分のアンケートに答える"),),
                ),
                "en": Words(
                    "How do you like it?", "How do you like it?",
                    (
                        f"{DEAR_EN}<br/>is {LAST_EN} what you had hoped for?",
                        "Tell us in a line what was good and what was not by answering this mail. "
                        "A person reads every answer.",
                    ),
                    (Slot("survey", "Answer a survey of one minute"),),
                ),
            },
        ),
    ),
)  # fmt: skip

_REVIEW = ReadyJourney(
    "review",
    "レビューのお願い",
    "Asking for a review",
    "使った人の言葉は、次の方が選ぶときの助けになります。購入から2週間の頃に、良し悪しを問わずお願いします。",
    "What users say helps others to choose. It is asked for two weeks after the order, be the "
    "answer good or bad.",
    "購入から30日以内のレビュー投稿率",
    "Share that reviews within 30 days of the order",
    "first",
    {
        "triggers": [{"kind": "date", "date": "last_order", "days": 14, "at": "10:00"}],
        "goal": [{"kind": "event", "event": "Product Reviewed"}],
        "reentry": "after",
        "reentry_days": 90,
        **line((0, "review"), stay=14 * DAY),
    },
    (
        ReadyMail(
            "review", "レビューのお願い", "Asking for a review", "goal_support",
            {
                "ja": Words(
                    "ひと言レビューをお願いできますか", "ご感想をお聞かせください",
                    (
                        f"{DEAR_JA}<br/>{LAST_JA}をお使いいただき、ありがとうございます。",
                        "これから選ぶ方のために、使ってみた感想をひと言お聞かせください。"
                        "良かったことも、気になったことも、そのままお書きいただけると助かります。"
                        "このメールへのご返信でも承ります。",
                    ),
                    (Slot("review", "レビューを書く"),),
                ),
                "en": Words(
                    "Would you write a short review?", "Tell others what you think",
                    (
                        f"{DEAR_EN}<br/>thank you for using {LAST_EN}.",
                        "A line about how it was helps those who choose next. Good or bad, please "
                        "write it as it is; an answer to this mail will do, too.",
                    ),
                    (Slot("review", "Write a review"),),
                ),
            },
        ),
    ),
)  # fmt: skip

_TO_F2 = ReadyJourney(
    "f2",
    "2回目のご購入へ（F2ステップメール）",
    "Towards the second order (F2 step mails)",
    "初回だけで終わらず2回目（F2転換）へ続くように、使い心地、合わせ方、使い切る頃の3通で、時期に沿ってお伝えします。",
    "That a second order follows the first: three mails keep step with the use, how it is, what "
    "goes with it, and when it runs low.",
    "初回から60日以内のF2転換率",
    "F2 conversion within 60 days of the first order",
    "f2",
    {
        # They belong from the 14th to the 60th day, and stay on the way for 41 days: who leaves
        # the segment in that time has ordered.
        "triggers": [enters(_F2)],
        "goal": [ORDERED, leaves(_F2)],
        **line((0, "f2_how"), (15 * DAY, "f2_with"), (14 * DAY, "f2_low"), stay=12 * DAY),
    },
    (
        ReadyMail(
            "f2_how", "F2ステップ1：その後いかがですか", "F2 step 1: how is it?", "goal_support",
            {
                "ja": Words(
                    "その後、いかがですか", "その後、いかがですか",
                    (
                        f"{DEAR_JA}<br/>{LAST_JA}はいかがですか。そろそろ使い慣れてきた頃かと思います。",
                        "「こんなふうに使いたい」とひと言ご返信いただければ、楽しむこつを担当者がお答えします。",
                    ),
                    (Slot("tips", "楽しむこつを読む"),),
                ),
                "en": Words(
                    "How is it?", "How is it?",
                    (
                        f"{DEAR_EN}<br/>how do you like {LAST_EN}? You may know it well by now.",
                        "Tell us how you would like to use it by answering this mail, and a person "
                        "writes back with what helps.",
                    ),
                    (Slot("tips", "Read how to get more out of it"),),
                ),
            },
        ),
        ReadyMail(
            "f2_with", "F2ステップ2：次の一品", "F2 step 2: what goes with it", "goal_support",
            {
                "ja": Words(
                    "次の一品を選ぶなら", "次の一品を選ぶなら",
                    (
                        f"{DEAR_JA}<br/>{LAST_JA}をお使いの方へ、次の一品のご提案です。",
                        "迷ったら、いまお使いのものと同じ場面で使えるものから選ぶと、無理なく続けられます。"
                        "お好みをご返信いただければ、担当者が一つだけお選びします。",
                    ),
                    (Slot("cross_sell", "一緒に選ばれている一品"),),
                ),
                "en": Words(
                    "What goes with it", "What goes with it",
                    (
                        f"{DEAR_EN}<br/>here is a thought for those who use {LAST_EN}.",
                        "What you can use at the same time of day is a good next choice. Tell us "
                        "what you like, and a person chooses one thing for you.",
                    ),
                    (Slot("cross_sell", "What others chose with it"),),
                ),
            },
        ),
        ReadyMail(
            "f2_low", "F2ステップ3：そろそろ使い切る頃", "F2 step 3: running low?", "goal_support",
            {
                "ja": Words(
                    "そろそろ残り少なくなる頃です", "残り少なくなっていませんか",
                    (
                        f"{DEAR_JA}<br/>{LAST_JA}は、残り少なくなっていませんか。",
                        "なくなる前にご注文いただくと、途切れずにお使いいただけます。"
                        "量や種類を変えたいときは、このメールにご返信ください。",
                    ),
                    (Slot("again", "同じものをもう一度"),),
                ),
                "en": Words(
                    "It may be running low", "Is it running low?",
                    (
                        f"{DEAR_EN}<br/>is {LAST_EN} running low?",
                        "Whoever orders in time does not have to go without. If you would like "
                        "another size or kind, answer this mail.",
                    ),
                    (Slot("again", "The same again"),),
                ),
            },
        ),
    ),
)  # fmt: skip

BUYERS: Final[tuple[ReadyJourney, ...]] = (_THANKS, _REVIEW, _TO_F2)
