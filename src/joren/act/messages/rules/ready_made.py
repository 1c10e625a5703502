"""Templates to begin with, in our own words, each with why it pays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from joren.act.messages.contracts import Content, Text


@dataclass(frozen=True)
class ReadyMade:
    """A template and why a shop sends it, in Japanese and in English."""

    ja: str
    en: str
    ja_why: str
    en_why: str
    kind: str
    campaign: str
    texts: Mapping[str, Text]

    def content(self, language: str) -> Content:
        """As it is kept, under its name in that language."""
        utm = {"source": "joren", "medium": "email", "campaign": self.campaign}
        name = self.ja if language == "ja" else self.en
        return Content(name, self.kind, "mjml", self.texts, utm)


_FOOT: Final = {
    "ja": (
        '{{ reason | default: "お知らせをお受け取りいただいているため" }}、お送りしています。<br/>'
        "このメールは{{ shop.name }}からお送りしています。<br/>{{ shop.postal_address }}",
        "配信を停止する", "受け取る内容を選ぶ",
    ),
    "en": (
        'You get it because {{ reason | default: "you receive our news" }}.<br/>'
        "This mail is from {{ shop.name }}.<br/>{{ shop.postal_address }}",
        "Unsubscribe", "Choose what you get",
    ),
}  # fmt: skip
_FONT: Final = "'Hiragino Sans','Yu Gothic',Meiryo,Helvetica,Arial,sans-serif"


def _mjml(language: str, title: str, paragraphs: tuple[str, ...], button: str = "") -> str:
    """A title, a few paragraphs, and at most one button."""
    blocks = [f"<mj-text>{paragraph}</mj-text>" for paragraph in paragraphs]
    if button:
        blocks.append(f'<mj-button href="https://shop.example/">{button}</mj-button>')
    return mail_body(language, title, blocks)


def mail_body(language: str, title: str, blocks: Iterable[str], *, foot: str | None = None) -> str:
    """A calm mail of a title, blocks of MJML, and the way out, or a foot of its own.

    Liquid may stand in all of them.
    """
    foot = foot or _way_out(language)
    told = "\n".join(f"      {block}" for block in blocks)
    return f"""<mjml>
  <mj-head>
    <mj-attributes>
      <mj-all font-family="{_FONT}" />
      <mj-text font-size="16px" line-height="1.8" color="#26292e" />
      <mj-button background-color="#1f5f4a" font-size="16px" border-radius="6px" />
    </mj-attributes>
  </mj-head>
  <mj-body background-color="#f4f2ee">
    <mj-section background-color="#ffffff" padding="24px 8px">
      <mj-column>
      <mj-text font-size="22px" font-weight="700">{title}</mj-text>
{told}
      </mj-column>
    </mj-section>
    <mj-section padding="12px 8px">
      <mj-column>
      <mj-text font-size="12px" color="#5b6068">{foot}</mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
"""


def _way_out(language: str) -> str:
    said, leave, choose = _FOOT[language]
    return (
        f'{said}<br/><a href="{{{{ unsubscribe_url }}}}">{leave}</a> ｜ '
        f'<a href="{{{{ preferences_url }}}}">{choose}</a>'
    )


_DEAR_JA: Final = '{{ customer.name | default: "お客" }}さま'
_DEAR_EN: Final = 'Dear {{ customer.name | default: "customer" }},'
_LAST_JA: Final = '{{ orders.last.items[0].name | default: "お選びいただいた商品" }}'
_LAST_EN: Final = '{{ orders.last.items[0].name | default: "what you chose" }}'

READY_MADE: Final[tuple[ReadyMade, ...]] = (
    ReadyMade(
        "ようこそ", "Welcome",
        "登録直後に、これから何がどのくらい届くのかを約束します。",
        "Right after signing up: what will come, and how often.",
        "brand", "welcome",
        {
            "ja": Text(
                '{{ shop.name }}へようこそ',
                _mjml("ja", "はじめまして", (
                    f"{_DEAR_JA}<br/>ご登録ありがとうございます。{{{{ shop.name }}}}です。",
                    "私たちが大切にしていること、季節のおすすめ、お手入れのコツを、月に2回ほどお届けします。"
                    "必要がなくなったら、下のリンクからいつでも止められます。",
                    "まずは、いちばん選ばれている商品からご覧ください。",
                ), "はじめての方へのおすすめ"),
            ),
            "en": Text(
                "Welcome to {{ shop.name }}",
                _mjml("en", "Nice to meet you", (
                    f"{_DEAR_EN}<br/>thank you for signing up with {{{{ shop.name }}}}.",
                    "About twice a month we write about what we care for, what is in season, and "
                    "how to get more out of it. You can stop it below at any time.",
                    "A good beginning is what others chose first.",
                ), "Where to begin"),
            ),
        },
    ),
    ReadyMade(
        "購入のお礼", "Thank you for the purchase",
        "売り込まずに、お礼と使い方、相談先を伝えます。",
        "Thanks without an offer, with how to use it and whom to ask.",
        "thanks", "thank-you",
        {
            "ja": Text(
                '{{ customer.name | default: "お客" }}さま、ありがとうございました',
                _mjml("ja", "お買い上げありがとうございました", (
                    f"{_DEAR_JA}<br/>このたびは{_LAST_JA}をお選びいただき、ありがとうございました。",
                    "お手元に届いたら、まずは説明書きの「はじめに」の通りにお試しください。"
                    "うまくいかないことがあれば、このメールにそのままご返信ください。担当者が読んでお答えします。",
                )),
            ),
            "en": Text(
                'Thank you, {{ customer.name | default: "and welcome" }}',
                _mjml("en", "Thank you for your order", (
                    f"{_DEAR_EN}<br/>thank you for choosing {_LAST_EN}.",
                    "When it arrives, begin as the leaflet says. If something does not work out, "
                    "answer this mail: a person reads it and writes back.",
                )),
            ),
        },
    ),
    ReadyMade(
        "2回目のご案内（F2）", "Second order (F2 step)",
        "初回から2回目へ続くように（F2転換）、使い切る頃に届けます。",
        "That a second order follows the first: send it when the first is used up.",
        "goal_support", "f2",
        {
            "ja": Text(
                "その後、いかがですか",
                _mjml("ja", "その後、いかがですか", (
                    f"{_DEAR_JA}<br/>{_LAST_JA}はいかがでしたか。",
                    "そろそろ残り少なくなる頃です。続けてお使いの方は、次の2つを一緒に選ばれています。"
                    "迷ったら、このメールにご返信ください。お好みに合うものをご案内します。",
                ), "同じものをもう一度"),
            ),
            "en": Text(
                "How was it?",
                _mjml("en", "How was it?", (
                    f"{_DEAR_EN}<br/>how did you like {_LAST_EN}?",
                    "It may be running low by now. If you are not sure what suits you next, answer "
                    "this mail and we suggest something.",
                ), "The same again"),
            ),
        },
    ),
    ReadyMade(
        "お久しぶりです（休眠）", "It has been a while (win-back)",
        "離れた理由を尋ねるひと言は、値引きより安く、戻る方の割合を測る基準にもなります。",
        "Asking why somebody left costs less than a discount, and shows who comes back "
        "without one.",
        "brand", "win-back",
        {
            "ja": Text(
                'お久しぶりです、{{ shop.name }}です',
                _mjml("ja", "お変わりありませんか", (
                    f"{_DEAR_JA}<br/>{{% if orders.last %}}前回のご注文から"
                    "{{ orders.last.days_ago }}日が経ちました。"
                    "{% else %}しばらくぶりにご連絡します。"
                    "{% endif %}",
                    "その間に新しくなったものを、ひとつだけご紹介します。もし足りないところがあったのなら、"
                    "ご返信で教えてください。次に活かします。",
                ), "新しくなったもの"),
            ),
            "en": Text(
                "It has been a while",
                _mjml("en", "How have you been?", (
                    f"{_DEAR_EN}<br/>{{% if orders.last %}}it is {{{{ orders.last.days_ago }}}} "
                    "days since your last order."
                    "{% else %}we have not written for a while.{% endif %}",
                    "One thing is new since then. And if something was not as it should be, tell "
                    "us by answering this mail: we learn from it.",
                ), "What is new"),
            ),
        },
    ),
    ReadyMade(
        "お誕生日", "Birthday",
        "お祝いは個別に届くほど喜ばれます。誕生日が分からない方には届かないので、まず登録をお願いします。",
        "A wish is welcome because it is personal. Ask for birthdays first: who has none gets "
        "none.",
        "thanks", "birthday",
        {
            "ja": Text(
                '{{ customer.name | default: "お客" }}さま、お誕生日おめでとうございます',
                _mjml("ja", "お誕生日おめでとうございます", (
                    f"{_DEAR_JA}<br/>お誕生日おめでとうございます。{{{{ shop.name }}}}一同、"
                    "この一年がよい年になりますよう願っています。",
                    "ささやかですが、次のお買い物の際に使える贈り物をご用意しました。",
                ), "贈り物を見る"),
            ),
            "en": Text(
                "Happy birthday from {{ shop.name }}",
                _mjml("en", "Happy birthday", (
                    f"{_DEAR_EN}<br/>happy birthday! All of us at {{{{ shop.name }}}} wish you a "
                    "good year.",
                    "There is a small gift for your next order.",
                ), "See the gift"),
            ),
        },
    ),
)  # fmt: skip
