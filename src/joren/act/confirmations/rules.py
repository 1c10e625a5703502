"""Who gets a mail to confirm, in which language, and how many. No clock, no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from joren.act.confirmations.contracts import GAP, MOST_A_DAY, MOST_OF_ONE

LANGUAGES: Final = ("ja", "en")
OURS: Final = ("form", "registration")
"""In front of the first colon of a proof: those whose requests are answered by a mail of joren. The
consents' API lets nobody write them.

Whoever asked through the API got the link and sends it, and a file of consents is old news.
"""


def is_ours(proof: str) -> bool:
    return proof.partition(":")[0] in OURS


def language_of(proof: str) -> str:
    """The last part of a proof says in which language somebody asked; ja where none does."""
    last = proof.rpartition(":")[2]
    return last if last in LANGUAGES else "ja"


def why_not(sent: Sequence[datetime], of_this: int, *, now: datetime) -> str:
    """Why no further mail goes to an address that had these; "" where one may.

    ``of_this`` counts those of the same request.
    """
    if of_this >= MOST_OF_ONE or sum(at > now - timedelta(days=1) for at in sent) >= MOST_A_DAY:
        return "too_many"
    return "too_soon" if any(at > now - GAP for at in sent) else ""


_TEXTS: Final = {
    "ja": (
        "【{{ shop.name }}】登録の確認をお願いします",
        "登録の確認をお願いします",
        (
            "{{ shop.name }}のご案内メールに、このアドレスでの登録のお申し込みがありました。",
            "同意の内容：{{ confirm_words }}",
            "ご本人のお申し込みでしたら、下のボタンを開き、次のページで「同意します」を押してください。"
            "押すまで、登録は完了しません。リンクは{{ confirm_days }}日間有効です。",
        ),
        "登録を確認する",
        "お心当たりがない場合は、このメールを破棄してください。何も届かず、お申し込みは自動的に取り消されます。",
    ),
    "en": (
        "{{ shop.name }}: please confirm your sign-up",
        "Please confirm your sign-up",
        (
            "Somebody signed this address up for news from {{ shop.name }}.",
            "What is agreed to: {{ confirm_words }}",
            "If it was you, open the button below and agree on the page behind it. Until then "
            "you are not signed up. The link works for {{ confirm_days }} days.",
        ),
        "Confirm",
        "If you did not ask for it, throw this mail away: nothing is sent, and the sign-up is "
        "taken back by itself.",
    ),
}  # fmt: skip
NAMES: Final = ("登録の確認メール", "登録の確認メール（joren）", "Confirmation of a sign-up")


FOOT: Final = "{{ shop.name }}<br/>{{ shop.postal_address }}<br/>{{ shop.email }}"
"""Nobody can leave what they never joined: the foot says only who writes."""


@dataclass(frozen=True)
class Words:
    """Subject, title and blocks of MJML of the mail, with the places that it fills."""

    subject: str
    title: str
    blocks: tuple[str, ...]


def words_in(language: str) -> Words:
    """What the mail says."""
    subject, title, paragraphs, button, otherwise = _TEXTS[language]
    return Words(
        subject,
        title,
        (
            *(f"<mj-text>{one}</mj-text>" for one in paragraphs),
            f'<mj-button href="{{{{ confirm_url }}}}">{button}</mj-button>',
            f'<mj-text font-size="13px" color="#5b6068">{otherwise}</mj-text>',
        ),
    )
