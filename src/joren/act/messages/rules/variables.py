"""What a template may ask for, with an example of each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final


@dataclass(frozen=True)
class Variable:
    """What it is called, and an example, in Japanese and in English."""

    ja: str
    en: str
    ja_example: Any
    en_example: Any

    def called(self, language: str) -> str:
        return self.ja if language == "ja" else self.en

    def example(self, language: str) -> Any:
        return self.ja_example if language == "ja" else self.en_example


def _same(ja: str, en: str, example: Any) -> Variable:
    return Variable(ja, en, example, example)


_ITEMS_JA: Final = ({"name": "深煎りブレンド 200g", "sku": "DARK-200", "quantity": 2},)
_ITEMS_EN: Final = ({"name": "Dark roast blend 200 g", "sku": "DARK-200", "quantity": 2},)

VARIABLES: Final[Mapping[str, Variable]] = {
    "customer.name": Variable("お名前", "Name", "山田 花子", "Hanako Yamada"),
    "customer.name_kana": _same("お名前（カナ）", "Name in kana", "ヤマダ ハナコ"),
    "customer.email": _same("メールアドレス", "E-mail", "hanako@customer.example"),
    "customer.prefecture": Variable("都道府県", "Prefecture", "京都府", "Kyoto"),
    "customer.birthday": _same("誕生日（月-日）", "Birthday (month-day)", "04-01"),
    "customer.registered_on": _same("登録日", "Registered on", "2025-04-01"),
    "orders.count": _same("購入回数", "Number of orders", 3),
    "orders.first_on": _same("初回購入日", "Day of the first order", "2025-04-03"),
    "orders.last.number": _same("最後の注文番号", "Number of the last order", "A-1024"),
    "orders.last.ordered_on": _same("最後の購入日", "Day of the last order", "2026-03-21"),
    "orders.last.days_ago": _same("最後の購入からの日数", "Days since the last order", 10),
    "orders.last.total": Variable(
        "最後の注文の金額", "Amount of the last order", "3,980円", "¥3,980"
    ),
    "orders.last.store": Variable(
        "最後に購入した店舗", "Store of the last order", "本店", "Own shop"
    ),
    "orders.last.items": Variable(
        "最後の注文の商品（name, sku, quantity）", "Items of the last order (name, sku, quantity)",
        _ITEMS_JA, _ITEMS_EN,
    ),
    "value.stage": Variable("ステージ", "Stage", "現役", "Active"),
    "value.rfm": _same("RFM（5-5-5が最良）", "RFM (5-5-5 is best)", "5-4-3"),
    "value.decile": _same("デシル（1が最上位）", "Decile (1 is the top)", 2),
    "value.vip": _same("VIPか", "Is a VIP", True),
    "value.revenue": Variable("累計購入額", "Revenue to date", "12,400円", "¥12,400"),
    "suggestion.name": Variable(
        "一緒におすすめする商品", "One product that goes with the last order",
        "コーヒーミル", "Coffee mill",
    ),
    "suggestion.because": Variable(
        "おすすめの理由になった商品", "What they bought that it goes with",
        "深煎りブレンド 200g", "Dark roast blend 200 g",
    ),
    "suggestion.relation": Variable(
        "関係（complement, upgrade, replenish）", "Relation (complement, upgrade, replenish)",
        "complement", "complement",
    ),
    "suggestion.sku": Variable(
        "おすすめする商品の商品コード", "Product code of the suggestion", "MILL-1", "MILL-1"
    ),
    "reason": Variable(
        "お届けする理由", "Why they get it",
        "2026-03-21に本店でご購入いただいたため", "you ordered at Own shop on 2026-03-21",
    ),
    "attributes.NAME": Variable(
        "ジャーニーが記録した属性（NAMEは属性の名前）",
        "A word that a journey kept (NAME is its name)",
        "プレミアム", "premium",
    ),
    "shop.name": Variable("店舗名", "Name of the shop", "常連珈琲", "Joren Coffee"),
    "shop.postal_address": Variable(
        "店舗の住所", "Postal address of the shop", "京都市中京区一丁目1-1", "1-1 Nakagyo, Kyoto"
    ),
    "shop.email": _same("店舗のメールアドレス", "E-mail of the shop", "hello@shop.example"),
    "unsubscribe_url": _same("配信停止のリンク", "Unsubscribe link", ""),
    "preferences_url": _same("配信設定のリンク", "Preferences link", ""),
    "confirm_url": _same(
        "登録を確認するリンク（確認メールだけ）", "Link to confirm by (confirmation mail alone)",
        "https://shop.example/confirm",
    ),
    "confirm_days": _same(
        "確認できる日数（確認メールだけ）", "Days to confirm in (confirmation mail alone)", "7"
    ),
    "confirm_words": Variable(
        "同意の文言（確認メールだけ）", "What is agreed to (confirmation mail alone)",
        "メールでのご案内の受け取りに同意します。",
        "The shop may send me news and offers by e-mail.",
    ),
    "today": _same("今日の日付", "Today's date", "2026-03-31"),
}  # fmt: skip

ATTRIBUTES: Final = "attributes"

ALWAYS: Final = ("shop", "unsubscribe_url", "preferences_url", "today")
"""Known of everybody; all else may be missing."""


def example(language: str) -> dict[str, Any]:
    """Somebody of whom everything is known, and who is nobody."""
    made: dict[str, Any] = {}
    for path, variable in VARIABLES.items():
        *folders, last = path.split(".")
        place = made
        for folder in folders:
            place = place.setdefault(folder, {})
        value = variable.example(language)
        place[last] = [dict(one) for one in value] if isinstance(value, tuple) else value
    return made


def nobody() -> dict[str, Any]:
    """Somebody of whom nothing is known: the worst that a template meets."""
    return {"customer": {}, "orders": {"last": None}, "value": {}, "suggestion": {},
            "attributes": {}}  # fmt: skip


def is_known(path: Sequence[Any]) -> bool:
    """Does the path lead to something that a template may ask for, or to what is above it?"""
    words = [part for part in path if isinstance(part, str)]
    asked = ".".join(words)
    if words[:1] == [ATTRIBUTES]:
        return len(words) <= 2  # the shop names them
    if asked in VARIABLES or any(known.startswith(f"{asked}.") for known in VARIABLES):
        return True
    above, _, last = asked.rpartition(".")
    while above:
        if above in VARIABLES:  # an item, or how many there are
            return isinstance(VARIABLES[above].ja_example, tuple) and (
                last in ("size", "first", "last", *_ITEMS_JA[0])
            )
        above, _, last = above.rpartition(".")
    return False


_TAGS: Final = re.compile(r"\{[{%].*?[%}]\}", re.DOTALL)
_NAMES: Final = re.compile(r"\w+")
_BY_NAME: Final = re.compile(r"(?<![\w.\]])\s*\[")
"""A bracket that follows no name: what is asked for may be made of letters there."""


@lru_cache(maxsize=64)
def names_asked(subject: str, body: str) -> frozenset[str]:
    """Which of the names at the root of ``VARIABLES`` a template may ask for; rather too many."""
    roots = frozenset(path.partition(".")[0] for path in VARIABLES)
    source = f"{subject}\n{body}"
    tags = "\n".join(_TAGS.findall(source))
    return roots if _BY_NAME.search(tags) else roots & frozenset(_NAMES.findall(tags))
