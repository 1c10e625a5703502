"""Forms to begin with, each with why it pays, in our own words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from joren.act.forms.contracts import Content, Speech, Variant


@dataclass(frozen=True)
class ReadyForm:
    """A form and why a shop tries it, in Japanese and in English."""

    key: str
    ja: str
    en: str
    ja_why: str
    en_why: str
    ja_content: Content
    en_content: Content

    def content(self, language: str) -> Content:
        return self.ja_content if language == "ja" else self.en_content


def _form(language: Speech, variants: tuple[Variant, ...], thanks: str) -> Content:
    return Content(variants, {"name": "may"}, thanks=thanks, language=language)


_THANKS_JA: Final = (
    "ご登録ありがとうございます。月に2回ほど、季節のおすすめとお手入れのコツをお届けします。"
)
_THANKS_EN: Final = "Thank you for signing up. About twice a month we write what is in season."
_PLAIN_JA: Final = Variant("A", "案内なし", 1, "メールでのご案内", button="登録する", plain=True)
_PLAIN_EN: Final = Variant("A", "No text", 1, "News by e-mail", button="Sign up", plain=True)

READY_MADE: Final[tuple[ReadyForm, ...]] = (
    ReadyForm(
        "story",
        "社長の物語と商品の案内",
        "The founder's story against the product",
        "「誰が、なぜ作っているか」で登録するお客さまと、「何が届くか」で登録するお客さまのどちらが、"
        "初回購入まで進むかを比べます。登録の多さではなく、購入で選びます。",
        "Do more visitors sign up, and order, when they read who makes it and why, or what they "
        "get? The winner is who buys, and not who signs up.",
        _form(
            "ja",
            (
                _PLAIN_JA,
                Variant(
                    "B", "物語", 1, "毎朝4時、一人で火を入れています",
                    "はじめまして、店主です。父の代から続く小さな店を、私が継いで12年になります。\n\n"
                    "うまくいった日も、失敗した日も、包み隠さずお手紙に書きます。読み終えたころに、"
                    "「この人の作るものなら」と思っていただけたら、それがいちばんうれしいことです。",
                    "お手紙を受け取る",
                ),
                Variant(
                    "C", "商品", 1, "季節の商品を、いちばん早くお届けします",
                    "ご登録の方だけにお知らせする内容：\n\n"
                    "- 新商品と数量限定品の先行案内（月2回）\n"
                    "- 長く使うためのお手入れのコツ\n- ご登録の方だけの特典",
                    "案内を受け取る",
                ),
            ),
            _THANKS_JA,
        ),
        _form(
            "en",
            (
                _PLAIN_EN,
                Variant(
                    "B", "Story", 1, "Every morning at four I light the fire myself",
                    "I am the owner. My father began this small shop, and I have run it for twelve "
                    "years.\n\nI write about good days and about failures alike. If at the end you "
                    "think “I would like something this person makes”, nothing pleases me more.",
                    "Get my letters",
                ),
                Variant(
                    "C", "Product", 1, "What is in season, before anybody else",
                    "What you get:\n\n- new and limited products first, twice a month\n"
                    "- how to make things last\n- something for subscribers alone",
                    "Get the news",
                ),
            ),
            _THANKS_EN,
        ),
    ),
    ReadyForm(
        "value",
        "登録する理由を3つ",
        "Three reasons to sign up",
        "何がどのくらい届くのかを具体的に示すと登録が増えるかを、案内のないフォームと比べます。",
        "Does it bring more sign-ups to say what comes and how often? Beside a form without text.",
        _form(
            "ja",
            (
                _PLAIN_JA,
                Variant(
                    "B", "理由を3つ", 1, "暮らしに役立つお便りを、月2回",
                    "- 季節のおすすめと、選び方のポイント\n- 長く使うためのお手入れのコツ\n"
                    "- いつでも、リンクひとつで停止できます",
                    "登録する",
                ),
            ),
            _THANKS_JA,
        ),
        _form(
            "en",
            (
                _PLAIN_EN,
                Variant(
                    "B", "Three reasons", 1, "Useful letters, twice a month",
                    "- what is in season, and how to choose\n- how to make things last\n"
                    "- one link stops it at any time",
                    "Sign up",
                ),
            ),
            _THANKS_EN,
        ),
    ),
)  # fmt: skip
