"""What may be asked of live events: by name, by what they carry, by allowed property."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, get_args

from joren.decide.segments.contracts import ANYTHING, PAGE_VIEWED, Happening
from joren.decide.segments.rules.fields import Field

PROPERTY: Final = "property:"
NUMBER: Final = "number:"
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")

OF_EVENTS: Final[Mapping[str, Field]] = {
    "product": Field("商品ID", "Product ID", "text", "events", "product_id"),
    "sku": Field("商品(SKU)", "Product (SKU)", "text", "events", "sku"),
    "category": Field("カテゴリ", "Category", "text", "events", "category"),
    "path": Field("ページのパス", "Path of the page", "text", "events", "path"),
    "page": Field("ページの名前", "Name of the page", "text", "events", "name"),
    "value": Field("行動の金額", "Value of the event", "money", "events", "value"),
    "quantity": Field("数量", "Quantity", "number", "events", "quantity"),
    "store": Field("店舗", "Store", "choice", "events", "store_id"),
    "source": Field("流入元", "Source", "text", "events", "campaign_source"),
    "medium": Field("流入メディア", "Medium", "text", "events", "campaign_medium"),
    "campaign": Field("キャンペーン", "Campaign", "text", "events", "campaign_name"),
}
"""By what events are chosen; beside them each allowed property, see ``EventFields``."""

HAPPENINGS: Final[Mapping[Happening, Field]] = {
    "times": Field("回数", "times", "number", "events", "event_id", unit=("回", " times")),
    "days": Field("日数", "days", "number", "events", "occurred_on", unit=("日", " days")),
    "distinct": Field("種類", "different", "number", "events", "", unit=("種類", "")),
    "first_on": Field("最初の日", "first day", "day", "events", "occurred_on"),
    "last_on": Field("最後の日", "last day", "day", "events", "occurred_on"),
}
"""What may be counted of events."""

assert set(HAPPENINGS) == set(get_args(Happening))  # noqa: S101 (one without words is a mistake)

EVENT_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    ANYTHING: ("何らかの行動", "anything"),
    PAGE_VIEWED: ("ページを見た", "page viewed"),
    "Product Viewed": ("商品を見た", "product viewed"),
    "Product List Viewed": ("商品一覧を見た", "product list viewed"),
    "Products Searched": ("商品を検索した", "products searched"),
    "Product Added": ("カートに入れた", "added to cart"),
    "Product Removed": ("カートから出した", "removed from cart"),
    "Cart Viewed": ("カートを見た", "cart viewed"),
    "Checkout Started": ("購入手続きを始めた", "checkout started"),
    "Checkout Step Completed": ("購入手続きを進めた", "checkout step completed"),
    "Payment Info Entered": ("支払い方法を入力した", "payment info entered"),
    "Order Completed": ("注文を終えた", "order completed"),
    "Order Cancelled": ("注文を取り消した", "order cancelled"),
    "Coupon Applied": ("クーポンを使った", "coupon applied"),
    "Product Added to Wishlist": ("お気に入りに入れた", "added to wishlist"),
    "Product Shared": ("商品を共有した", "product shared"),
    "Product Reviewed": ("レビューを書いた", "product reviewed"),
    "Signed Up": ("フォームで登録を申し込んだ", "signed up by a form"),
    "Sign-up Confirmed": ("フォームでの登録を確認した", "sign-up by a form confirmed"),
    "Email Sent": ("メールを受け取った", "got a mail"),
    "Email Bounced": ("メールが届かなかった", "a mail bounced"),
    "Email Marked as Spam": ("メールを迷惑メールに報告した", "reported a mail as spam"),
    "Unsubscribed": ("配信を停止した", "unsubscribed"),
    "Message Sent": ("メール以外のメッセージを受け取った", "got a message other than mail"),
    "Message Link Clicked": (
        "メッセージのリンクを押した（メール以外）",
        "link in a message clicked",
    ),
    "Email Opened": ("メールを開いた", "mail opened"),
    "Email Link Clicked": ("メールのリンクを押した", "link in a mail clicked"),
}
"""How the usual events are called; any other keeps the name with which it is sent."""


def event_words(event: str) -> tuple[str, str]:
    """The event in Japanese and in English."""
    known = {name.lower(): words for name, words in EVENT_WORDS.items()}
    return known.get(event.strip().lower(), (event.strip(), event.strip()))


class EventFields(Mapping[str, Field]):
    """OF_EVENTS, and every ``property:NAME`` (a text) and ``number:NAME`` there can be.

    Which names are allowed into the warehouse is the shop's own affair, see ``properties_of``.
    """

    def __getitem__(self, name: str) -> Field:
        if name in OF_EVENTS:
            return OF_EVENTS[name]
        kind, _, own = name.partition(":")
        if f"{kind}:" not in (PROPERTY, NUMBER) or not _NAME.fullmatch(own):
            raise KeyError(name)
        return Field(own, own, "text" if kind == "property" else "number", "events", name)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.get(name) is not None

    def __iter__(self) -> Iterator[str]:
        yield from OF_EVENTS
        yield from (f"{PROPERTY}NAME", f"{NUMBER}NAME")

    def __len__(self) -> int:
        return len(OF_EVENTS) + 2


EVENT_FIELDS: Final = EventFields()
