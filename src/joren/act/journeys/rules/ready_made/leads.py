"""For those who have not bought yet: welcome and nurture, and a cart that was left behind."""

from __future__ import annotations

from typing import Final

from joren.act.journeys.contracts import END
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
    parts_of,
    sends,
    waits,
)

_LEADS: Final = "購入のない会員"
_WILLING: Final = "購入がなく、メールに同意している会員"
"""Not all leads: whoever is asked before they agreed would be refused their first mail."""

CONFIRMED: Final = {"kind": "event", "event": "Sign-up Confirmed"}
"""By a form, also of somebody who has bought before: they are greeted, and no more."""

LEADS: Final[tuple[ReadyJourney, ...]] = (
    ReadyJourney(
        "welcome",
        "ようこそから初回購入まで",
        "From welcome to the first order",
        "登録を確認した直後から、届く内容、選び方、よくあるご質問の順に伝え、値引きに頼らず初回購入へ導きます。",
        "From the moment they confirmed that they signed up: what will come, how to choose and "
        "what others ask, in this order, towards a first order without a discount.",
        "登録から30日以内の初回購入率",
        "Share with a first order within 30 days of signing up",
        "lead",
        {
            "triggers": [CONFIRMED, enters(_WILLING)],
            "goal": [ORDERED, leaves(_LEADS)],
            **parts_of(
                [
                    sends("hello", END),
                    waits("wait_2", 3 * DAY, END),
                    {
                        "id": "is_lead", "do": "branch", "otherwise": END,
                        "ways": [
                            {"when": {"kind": "segment", "segment": _LEADS}, "then": "choosing"}
                        ],
                    },
                    sends("choosing", END),
                    waits("wait_3", 4 * DAY, END),
                    sends("asked", END),
                    waits("stay", 23 * DAY, END),
                ]
            ),
        },
        (
            ReadyMail(
                "hello", "リード1：はじめまして", "Lead 1: nice to meet you", "brand",
                {
                    "ja": Words(
                        "{{ shop.name }}にご登録ありがとうございます", "はじめまして",
                        (
                            f"{DEAR_JA}<br/>ご登録ありがとうございます。{{{{ shop.name }}}}です。",
                            "これから1週間ほどの間に、選び方と、よくいただくご質問をお送りします。"
                            "その後は季節の便りだけです。必要がなくなったら、下のリンクからいつでも止められます。",
                        ),
                        (Slot("shop_link", "お店をのぞいてみる"),),
                    ),
                    "en": Words(
                        "Thank you for signing up with {{ shop.name }}", "Nice to meet you",
                        (
                            f"{DEAR_EN}<br/>thank you for signing up with {{{{ shop.name }}}}.",
                            "In the coming week we write about how to choose and about what others "
                            "ask. After that only about the seasons. You can stop it below at any "
                            "time.",
                        ),
                        (Slot("shop_link", "Look around the shop"),),
                    ),
                },
            ),
            ReadyMail(
                "choosing", "リード2：はじめての選び方", "Lead 2: how to choose", "goal_support",
                {
                    "ja": Words(
                        "はじめての一品の選び方", "はじめての一品の選び方",
                        (
                            f"{DEAR_JA}<br/>最初の一品は、毎日の暮らしのどこで使うかを思い浮かべて選ぶと、長く続きます。",
                            "「こんなときに使いたい」とひと言、このメールにご返信ください。"
                            "担当者が合うものを一つだけお答えします。",
                        ),
                        (Slot("beginners", "はじめての方に選ばれている商品"),),
                    ),
                    "en": Words(
                        "How to choose your first one", "How to choose your first one",
                        (
                            f"{DEAR_EN}<br/>what suits you best is what has a place in your day: "
                            "think of when you would use it.",
                            "Tell us by answering this mail, and a person suggests one thing.",
                        ),
                        (Slot("beginners", "What others chose first"),),
                    ),
                },
            ),
            ReadyMail(
                "asked", "リード3：よくいただくご質問", "Lead 3: what others ask", "brand",
                {
                    "ja": Words(
                        "ご購入の前に、よくいただくご質問", "分からないことはありませんか",
                        (
                            f"{DEAR_JA}<br/>お届けまでの日数、送料、返品の決まりなど、気がかりなことはありませんか。",
                            "このメールにそのままご返信いただければ、担当者が読んでお答えします。",
                        ),
                        (Slot("questions", "お買い物のご案内を読む"),),
                    ),
                    "en": Words(
                        "What others ask before they order", "Is anything unclear?",
                        (
                            f"{DEAR_EN}<br/>how long does it take, what does shipping cost, how do "
                            "returns work: is there anything you would like to know?",
                            "Answer this mail: a person reads it and writes back.",
                        ),
                        (Slot("questions", "How ordering works"),),
                    ),
                },
            ),
        ),
    ),
    ReadyJourney(
        "cart",
        "カートに残した方へのご案内（カゴ落ち）",
        "A cart that was left behind",
        "途中で用事ができただけの方も多いものです。値引きを付けると次も待たれるので、続きへの入口と相談先だけを伝えます。",
        "Many were only called away. A discount teaches to wait for the next one, so that this "
        "shows the way back and whom to ask, and no more.",
        "カゴ落ちから7日以内の購入率",
        "Share that orders within 7 days of leaving a cart",
        "lead",
        {
            "triggers": [
                {"kind": "event", "event": "Product Added"},
                {"kind": "event", "event": "Checkout Started"},
            ],
            "goal": [ORDERED],
            "reentry": "after",
            "reentry_days": 14,
            **line((3, "cart_kept"), (45, "cart_doubts"), stay=5 * DAY, expires_hours=24),
        },
        (
            ReadyMail(
                "cart_kept", "カゴ落ち1：お買い物の続き", "Cart 1: where you left off",
                "goal_support",
                {
                    "ja": Words(
                        "お買い物の途中ではありませんでしたか", "お買い物の続きはこちらから",
                        (
                            f"{DEAR_JA}<br/>{{{{ shop.name }}}}をご覧いただき、"
                            "ありがとうございました。",
                            "カートからそのまま続けられます。すでにご購入がお済みでしたら、行き違いをお許しください。",
                        ),
                        (Slot("cart", "カートを見る"),),
                    ),
                    "en": Words(
                        "Were you interrupted?", "Go on where you left off",
                        (
                            f"{DEAR_EN}<br/>thank you for visiting {{{{ shop.name }}}}.",
                            "You can go on from your cart. If you have ordered in the meantime, "
                            "please excuse this mail.",
                        ),
                        (Slot("cart", "See the cart"),),
                    ),
                },
            ),
            ReadyMail(
                "cart_doubts", "カゴ落ち2：迷っている方へ", "Cart 2: in doubt", "goal_support",
                {
                    "ja": Words(
                        "迷っていることはありませんか", "迷っていることはありませんか",
                        (
                            f"{DEAR_JA}<br/>大きさや使い方、お届けの日など、決めかねていることはありませんか。",
                            "このメールにそのままご返信ください。担当者が読んでお答えします。"
                            "この件のご案内はこれで最後です。",
                        ),
                        (Slot("cart", "カートを見る"),),
                    ),
                    "en": Words(
                        "Is anything in doubt?", "Is anything in doubt?",
                        (
                            f"{DEAR_EN}<br/>size, use, the day of delivery: is there anything that "
                            "keeps you from deciding?",
                            "Answer this mail: a person reads it and writes back. This is the last "
                            "mail about it.",
                        ),
                        (Slot("cart", "See the cart"),),
                    ),
                },
            ),
        ),
    ),
)  # fmt: skip
