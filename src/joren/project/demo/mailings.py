"""Which mails the demo shop has sent: to whom, what they say, and what they truly bring."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from joren.act.messages import selectors as messages
from joren.act.messages.contracts import Content, Text
from joren.decide.segments.contracts import All, Is, Rule
from joren.project.simulation import Answer


@dataclass(frozen=True)
class Mailing:
    """A campaign of the past. ``share`` of the audience was left out; ``answer`` is the truth."""

    name: str
    utm: str
    segment: str
    rule: Rule
    kind: str
    texts: Mapping[str, Text]
    answer: Answer
    share: float
    days_later: int = 0

    @property
    def content(self) -> Content:
        """The template, whose links tell the campaign."""
        utm = {"source": "newsletter", "medium": "email", "campaign": self.utm}
        return Content(self.name, self.kind, "mjml", self.texts, utm)


def _text(language: str, subject: str, *paragraphs: str) -> Text:
    blocks = [f"<mj-text>{paragraph}</mj-text>" for paragraph in (_DEAR[language], *paragraphs)]
    return Text(subject, messages.mail_body(language, subject, blocks))


_DEAR: Final = {
    "ja": '{{ customer.name | default: "お客" }}さま',
    "en": 'Dear {{ customer.name | default: "customer" }},',
}
_LAST_JA: Final = '{{ orders.last.items[0].name | default: "お選びいただいた商品" }}'
_LAST_EN: Final = '{{ orders.last.items[0].name | default: "what you chose" }}'
_MAY: Final = Is("may_email", "yes")

MAILINGS: Final = (
    Mailing(
        "夏の水出しフェア", "summer-cold-brew", "2年以内に購入し、メールを受け取る顧客",
        All((_MAY, Is("last_on", "in_last_days", (730,)))), "brand",
        {
            "ja": _text(
                "ja", "水出しの季節です", "暑い日には、前の晩に仕込む一杯を。",
                "粉60gに水700ml、冷蔵庫で8時間。甘さが残り、雑味が出ません。",
            ),
            "en": _text(
                "en", "It is cold-brew season", "For hot days, a cup made the night before.",
                "60 g of coffee, 700 ml of water, eight hours in the fridge: sweet and clear.",
            ),
        },
        Answer(extra_orders=0.4), share=0.3,
    ),
    Mailing(
        "2回目のご案内", "second-order", "初回購入から180日以内、メールを受け取る顧客",
        All((_MAY, Is("orders", "between", (1, 1)), Is("last_on", "in_last_days", (180,)))),
        "goal_support",
        {
            "ja": _text(
                "ja", "その後、いかがですか", f"{_LAST_JA}はいかがでしたか。",
                "お好みに合うものをお探しなら、このメールにご返信ください。",
            ),
            "en": _text(
                "en", "How was it?", f"How did you like {_LAST_EN}?",
                "If you look for something that suits you, answer this mail.",
            ),
        },
        Answer(extra_orders=0.06, after_days=20.0), share=0.2, days_later=14,
    ),
)  # fmt: skip
