"""For those who are about to leave, or have left: before they go dormant, and after."""

from __future__ import annotations

from typing import Final

from joren.act.journeys.rules.ready_made.shape import (
    DAY,
    DEAR_EN,
    DEAR_JA,
    ORDERED,
    ReadyJourney,
    ReadyMail,
    Slot,
    Words,
    enters,
    leaves,
    line,
)

_BEFORE: Final = "休眠直前"
_DORMANT: Final = "休眠"
_SINCE_JA: Final = (
    "{% if orders.last %}前回のご注文から{{ orders.last.days_ago }}日が経ちました。"
    "{% else %}しばらくぶりにご連絡します。{% endif %}"
)
_SINCE_EN: Final = (
    "{% if orders.last %}it is {{ orders.last.days_ago }} days since your last order."
    "{% else %}we have not written for a while.{% endif %}"
)

LEAVING: Final[tuple[ReadyJourney, ...]] = (
    ReadyJourney(
        "before_dormancy",
        "離れる前のひと声（休眠直前）",
        "A word before they go dormant",
        "いつもの間隔を過ぎた頃に、休眠してしまう前のひと声を届けます。値引きは使いません。",
        "A word when their usual time has passed, before they have to be won back, and without a "
        "discount.",
        "配信から30日以内の再購入率",
        "Share that orders within 30 days of the mail",
        "at_risk",
        {
            # They enter 90 days after an order and would go dormant after 240: who leaves the
            # segment while they are on the way has ordered.
            "triggers": [enters(_BEFORE)],
            "goal": [ORDERED, leaves(_BEFORE)],
            "reentry": "after",
            "reentry_days": 180,
            **line((0, "before_how"), (14 * DAY, "before_new"), stay=30 * DAY),
        },
        (
            ReadyMail(
                "before_how", "休眠直前1：お変わりありませんか", "Before dormancy 1: how are you?",
                "brand",
                {
                    "ja": Words(
                        "お変わりありませんか", "お変わりありませんか",
                        (
                            f"{DEAR_JA}<br/>{_SINCE_JA}いつもご利用いただき、ありがとうございます。",
                            "お困りのことや、足りないところはありませんか。"
                            "このメールにそのままご返信いただければ、担当者が読んでお答えします。",
                        ),
                        (Slot("shop_link", "お店をのぞいてみる"),),
                    ),
                    "en": Words(
                        "How have you been?", "How have you been?",
                        (
                            f"{DEAR_EN}<br/>{_SINCE_EN}",
                            "Is there anything that was not as it should be? Answer this mail: a "
                            "person reads it and writes back.",
                        ),
                        (Slot("shop_link", "Look around the shop"),),
                    ),
                },
            ),
            ReadyMail(
                "before_new", "休眠直前2：最近のおすすめ", "Before dormancy 2: what is new",
                "brand",
                {
                    "ja": Words(
                        "最近のおすすめをひとつだけ", "最近のおすすめをひとつだけ",
                        (
                            f"{DEAR_JA}<br/>前回のご注文のあとに加わったものから、ひとつだけご紹介します。",
                            "お好みに合うかどうか迷ったら、このメールにご返信ください。"
                            "お選びするお手伝いをします。",
                        ),
                        (Slot("new", "新しくなったものを見る"),),
                    ),
                    "en": Words(
                        "One thing that is new", "One thing that is new",
                        (
                            f"{DEAR_EN}<br/>of what came since your last order, we show you one "
                            "thing.",
                            "If you are not sure whether it suits you, answer this mail and we "
                            "help you to choose.",
                        ),
                        (Slot("new", "See what is new"),),
                    ),
                },
            ),
        ),
    ),
    ReadyJourney(
        "win_back",
        "お久しぶりです（休眠からの掘り起こし）",
        "It has been a while (win-back)",
        "値引きの前に、離れた理由を尋ねます。尋ねるだけで戻る方の割合が分かると、値引きに払ってよい額も決められます。",
        "Before any discount it asks why they left. Who comes back without one says how much a "
        "discount may cost.",
        "配信から60日以内の復帰購入率",
        "Share that orders within 60 days of the mail",
        "dormant",
        {
            "triggers": [enters(_DORMANT)],
            "goal": [ORDERED, leaves(_DORMANT)],
            "reentry": "after",
            "reentry_days": 365,
            **line((0, "back_why"), (30 * DAY, "back_last"), stay=30 * DAY),
        },
        (
            ReadyMail(
                "back_why", "掘り起こし1：お久しぶりです", "Win-back 1: it has been a while",
                "brand",
                {
                    "ja": Words(
                        "お久しぶりです、{{ shop.name }}です", "お久しぶりです",
                        (
                            f"{DEAR_JA}<br/>{_SINCE_JA}",
                            "離れた理由があれば、このメールへのご返信でひと言お聞かせください。"
                            "次に活かします。その間に新しくなったものも、ぜひご覧ください。",
                        ),
                        (Slot("new", "新しくなったものを見る"),),
                    ),
                    "en": Words(
                        "It has been a while", "It has been a while",
                        (
                            f"{DEAR_EN}<br/>{_SINCE_EN}",
                            "If there was a reason, tell us in a line by answering this mail: we "
                            "learn from it. And some things are new since then.",
                        ),
                        (Slot("new", "See what is new"),),
                    ),
                },
            ),
            ReadyMail(
                "back_last", "掘り起こし2：これからのお便り", "Win-back 2: shall we go on?",
                "brand",
                {
                    "ja": Words(
                        "これからもお便りをお送りしてよいですか", "これからもお送りしてよいですか",
                        (
                            f"{DEAR_JA}<br/>ご無沙汰しております。{{{{ shop.name }}}}です。",
                            "お便りの内容や回数は、下の「受け取る内容を選ぶ」から変えられます。"
                            "お役に立たなければ、配信を停止していただいてかまいません。"
                            "またお会いできる日を楽しみにしています。",
                        ),
                        (Slot("shop_link", "お店をのぞいてみる"),),
                    ),
                    "en": Words(
                        "Shall we go on writing?", "Shall we go on writing?",
                        (
                            f"{DEAR_EN}<br/>this is {{{{ shop.name }}}}. We have not met for a "
                            "while.",
                            "Below you can choose what you get and how often, and also stop it "
                            "altogether. We would be glad to see you again.",
                        ),
                        (Slot("shop_link", "Look around the shop"),),
                    ),
                },
            ),
        ),
    ),
)  # fmt: skip
