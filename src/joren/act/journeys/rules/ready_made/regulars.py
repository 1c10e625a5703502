"""For those who come again: replenishment, days to remember, VIPs and subscriptions."""

from __future__ import annotations

from typing import Final

from joren.act.journeys.contracts import END
from joren.act.journeys.rules.ready_made.shape import (
    DAY,
    DEAR_EN,
    DEAR_JA,
    LAST_EN,
    LAST_JA,
    ORDERED,
    ReadyJourney,
    ReadyMail,
    Slot,
    Words,
    enters,
    line,
    parts_of,
    sends,
    waits,
)

_STOPPING: Final = "定期が止まりそうな人"

_REPLENISHMENT = ReadyJourney(
    "replenishment",
    "そろそろなくなる頃のご案内",
    "Replenishment",
    "その方のいつもの間隔から、なくなる少し前にお知らせします。必要なときの案内は、売り込みと受け取られません。",
    "It comes shortly before it runs out, by each person's own interval. What comes when it is "
    "needed is not taken for advertising.",
    "予定日の前後10日の再購入率",
    "Share that orders within 10 days of the expected day",
    "regular",
    {
        "triggers": [{"kind": "date", "date": "next_order", "days": -3, "at": "10:00"}],
        "goal": [ORDERED],
        "reentry": "after",
        "reentry_days": 14,
        **line((0, "replenish"), stay=13 * DAY),
    },
    (
        ReadyMail(
            "replenish", "そろそろなくなる頃です", "It may be running low", "goal_support",
            {
                "ja": Words(
                    "そろそろなくなる頃ではありませんか", "そろそろなくなる頃です",
                    (
                        f"{DEAR_JA}<br/>いつもありがとうございます。{LAST_JA}は、そろそろなくなる頃ではありませんか。",
                        "まだ残っているときは、どうぞお気になさらず。"
                        "量やお届けの日を変えたいときは、このメールにご返信ください。",
                    ),
                    (Slot("again", "同じものをもう一度"),),
                ),
                "en": Words(
                    "Is it running low?", "It may be running low",
                    (
                        f"{DEAR_EN}<br/>thank you for coming back to us. Is {LAST_EN} running low?",
                        "If there is enough left, do not mind this mail. If you would like another "
                        "size or day, answer it.",
                    ),
                    (Slot("again", "The same again"),),
                ),
            },
        ),
    ),
)  # fmt: skip

_BACK_IN_STOCK = ReadyJourney(
    "back_in_stock",
    "再入荷のお知らせ",
    "Back in stock",
    "知らせを頼んだ方への約束です。店舗のシステムが、頼んだ方ごとに Back In Stock というイベントを"
    "送ると届きます。",
    "A promise to those who asked for word. The shop's system sends the event Back In Stock for "
    "each of them.",
    "お知らせから7日以内の購入率",
    "Share that orders within 7 days of the word",
    "regular",
    {
        "triggers": [{"kind": "event", "event": "Back In Stock"}],
        "goal": [ORDERED],
        "reentry": "always",
        **line((0, "in_stock"), stay=7 * DAY, expires_hours=24),
    },
    (
        ReadyMail(
            "in_stock", "再入荷のお知らせ", "Back in stock", "goal_support",
            {
                "ja": Words(
                    "お待ちの商品が入荷しました", "お待たせしました",
                    (
                        f"{DEAR_JA}<br/>お知らせをご希望の商品が入荷しました。",
                        "お取り置きはしておりませんので、ご希望の場合はお早めにご確認ください。",
                    ),
                    (Slot("product", "商品を見る"),),
                ),
                "en": Words(
                    "What you waited for is here", "It is back",
                    (
                        f"{DEAR_EN}<br/>what you asked us to tell you about is in stock again.",
                        "None is set aside, so have a look soon if you would still like it.",
                    ),
                    (Slot("product", "See it"),),
                ),
            },
        ),
    ),
    "ご本人が知らせを頼んでいるため、全員にお送りします。",
    "They asked for it themselves, so that everybody gets it.",
)  # fmt: skip

_BIRTHDAY = ReadyJourney(
    "birthday",
    "お誕生日のお祝い",
    "Birthday",
    "お祝いは売り込みではないからこそ喜ばれます。誕生日が分からない方には届かないので、登録のときに伺います。",
    "A wish is welcome because it sells nothing. Who has told no birthday gets none, so ask for it "
    "when they sign up.",
    "誕生月の継続率（配信なしとの差）",
    "Share that is still active, against those left out",
    "regular",
    {
        "triggers": [{"kind": "date", "date": "birthday", "days": 0, "at": "09:00"}],
        "reentry": "after",
        "reentry_days": 300,
        **line((0, "birthday"), expires_hours=24),
    },
    (
        ReadyMail(
            "birthday", "お誕生日のお祝い", "Happy birthday", "thanks",
            {
                "ja": Words(
                    '{{ customer.name | default: "お客" }}さま、お誕生日おめでとうございます',
                    "お誕生日おめでとうございます",
                    (
                        f"{DEAR_JA}<br/>お誕生日おめでとうございます。日頃のご愛顧に、心より感謝いたします。",
                        "この一年が、健やかで楽しい年になりますように。{{ shop.name }}一同",
                    ),
                ),
                "en": Words(
                    "Happy birthday from {{ shop.name }}", "Happy birthday",
                    (
                        f"{DEAR_EN}<br/>happy birthday, and thank you for being with us.",
                        "We wish you a good year. All of us at {{ shop.name }}",
                    ),
                ),
            },
        ),
    ),
)  # fmt: skip

_ANNIVERSARY = ReadyJourney(
    "anniversary",
    "初めてのご購入から1年のお礼",
    "Thanks a year after the first order",
    "節目のお礼は、覚えていてくれる店だと伝わるひと言です。販促とは数えず、売り込みも入れません。",
    "Thanks on such a day say that the shop remembers. It counts as no promotion, and sells "
    "nothing.",
    "配信から90日以内の継続率（配信なしとの差）",
    "Share that is active after 90 days, against those left out",
    "regular",
    {
        "triggers": [{"kind": "date", "date": "first_order", "days": 365, "at": "10:00"}],
        **line((0, "one_year")),
    },
    (
        ReadyMail(
            "one_year", "1年のお礼", "Thanks for a year", "thanks",
            {
                "ja": Words(
                    "初めてのご購入から1年になりました", "1年間ありがとうございます",
                    (
                        f"{DEAR_JA}<br/>初めてお選びいただいた日から、ちょうど1年になりました。",
                        "続けてこられたのは、お客さまのおかげです。お気づきのことがあれば、"
                        "このメールへのご返信でお聞かせください。",
                    ),
                ),
                "en": Words(
                    "A year with {{ shop.name }}", "Thank you for a year",
                    (
                        f"{DEAR_EN}<br/>a year ago you chose something of ours for the first time.",
                        "Thank you for it. If there is anything that we should know, answer this "
                        "mail.",
                    ),
                ),
            },
        ),
    ),
)  # fmt: skip

_VIP = ReadyJourney(
    "vip",
    "VIPの方へのお礼",
    "Thanks to VIPs",
    "上位のお客さまには、値引きより感謝と直通の窓口が響きます。VIPになった方に、多くても年に一度お送りします。",
    "The best customers are moved by thanks and by a person to turn to, more than by a discount. "
    "To those who became one, at most once a year.",
    "VIPの翌年の残存率（配信なしとの差）",
    "Share of VIPs that stay so for a year, against those left out",
    "vip",
    {
        "triggers": [enters("VIP")],
        "reentry": "after",
        "reentry_days": 365,
        **line((0, "vip_thanks")),
    },
    (
        ReadyMail(
            "vip_thanks", "VIPの方へのお礼", "Thanks to VIPs", "thanks",
            {
                "ja": Words(
                    '{{ customer.name | default: "お客" }}さまへ、心からのお礼',
                    "いつもありがとうございます",
                    (
                        f"{DEAR_JA}<br/>たびたび{{{{ shop.name }}}}をお選びいただき、"
                        "心よりお礼申し上げます。",
                        "ご相談やご要望がありましたら、このメールにそのままご返信ください。担当者が直接承ります。",
                    ),
                ),
                "en": Words(
                    "Thank you from all of us at {{ shop.name }}", "Thank you",
                    (
                        f"{DEAR_EN}<br/>you have chosen {{{{ shop.name }}}} again and again, and "
                        "we thank you for it.",
                        "If there is anything you wish for, answer this mail: it goes straight to "
                        "a person.",
                    ),
                ),
            },
        ),
    ),
)  # fmt: skip

_SUBSCRIPTION = ReadyJourney(
    "subscription",
    "定期の継続（止まる前のご相談）",
    "Staying subscribed",
    "「余っている」からやめる方には、間隔の変更や1回休みで足ります。それを先に伝え、まだ迷う方に続けるよさを伝えます。",
    "To whoever has too much of it, another interval or a pause is enough, and comes first. What "
    "staying brings comes to those who still hesitate.",
    "配信から90日後の定期継続率（配信なしとの差）",
    "Share still subscribed after 90 days, against those left out",
    "subscription",
    {
        "triggers": [enters(_STOPPING)],
        "reentry": "after",
        "reentry_days": 120,
        **parts_of(
            [
                sends("sub_pace", END),
                waits("wait_1", 10 * DAY, "still"),
                # Whoever has stopped meanwhile, or is safe again, gets no second mail.
                {
                    "id": "still", "do": "branch", "otherwise": END,
                    "ways": [
                        {"when": {"kind": "segment", "segment": _STOPPING}, "then": "sub_perks"}
                    ],
                },
                sends("sub_perks", END),
            ]
        ),
    },
    (
        ReadyMail(
            "sub_pace", "定期の継続1：お届けの間隔", "Subscription 1: the interval", "goal_support",
            {
                "ja": Words(
                    "お届けの間隔は合っていますか", "お届けの間隔は合っていますか",
                    (
                        f"{DEAR_JA}<br/>いつも定期をご利用いただき、ありがとうございます。",
                        "余っているとき、足りないときは、お届けの間隔や量を変えたり、1回お休みしたりできます。"
                        "ご希望をこのメールにご返信ください。担当者が承ります。",
                    ),
                    (Slot("contract", "定期の内容を見る"),),
                ),
                "en": Words(
                    "Does the interval suit you?", "Does the interval suit you?",
                    (
                        f"{DEAR_EN}<br/>thank you for your subscription.",
                        "If there is too much or too little of it, you can change the interval or "
                        "the amount, or leave one out. Answer this mail, and a person sees to it.",
                    ),
                    (Slot("contract", "See your subscription"),),
                ),
            },
        ),
        ReadyMail(
            "sub_perks", "定期の継続2：続けるよさ", "Subscription 2: what staying brings",
            "goal_support",
            {
                "ja": Words(
                    "定期を続けてくださっている方へ", "続けてくださり、ありがとうございます",
                    (
                        f"{DEAR_JA}<br/>定期を続けてくださり、ありがとうございます。",
                        "注文の手間がなく、切らさずにお使いいただけるのが定期のよさです。"
                        "もっとよくできるところがあれば、このメールへのご返信でお聞かせください。",
                    ),
                    (Slot("perks", "継続の特典を見る"),),
                ),
                "en": Words(
                    "To those who stay subscribed", "Thank you for staying",
                    (
                        f"{DEAR_EN}<br/>thank you for staying subscribed.",
                        "It spares you the ordering, and you never run out. If we could do better, "
                        "tell us by answering this mail.",
                    ),
                    (Slot("perks", "See what staying brings"),),
                ),
            },
        ),
    ),
)  # fmt: skip

REGULARS: Final[tuple[ReadyJourney, ...]] = (
    _REPLENISHMENT, _BACK_IN_STOCK, _BIRTHDAY, _ANNIVERSARY, _VIP, _SUBSCRIPTION,
)  # fmt: skip
