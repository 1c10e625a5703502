"""Everything a rule may ask about, by name. Upper rooms enter what they know of a customer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from joren.core.registry import Registry
from joren.decide.segments.contracts import ATTRIBUTES, Measure, Op
from joren.understand.ltv.contracts import CONTRACT_STATUSES
from joren.understand.ranks.contracts import CPM_GROUPS, STAGES

Type = Literal["number", "money", "share", "day", "birthday", "choice", "text", "flag"]
Listed = Literal["stores", "life_stages"]
Table = str
"""people, lots, paces, values, contracts, ranks, shifts, purchases, lines, events, or one of
TABLES."""

OPS: Final[Mapping[Type, tuple[Op, ...]]] = {
    "number": ("at_least", "at_most", "between", "known", "unknown"),
    "money": ("at_least", "at_most", "between", "known", "unknown"),
    "share": ("at_least", "at_most", "between", "known", "unknown"),
    "day": (
        "in_last_days", "not_in_last_days", "on_or_after", "on_or_before", "between",
        "anniversary_in_next_days", "anniversary_this_month", "known", "unknown",
    ),
    "birthday": ("in_next_days", "this_month", "is", "known", "unknown"),
    "choice": ("is", "is_not", "known", "unknown"),
    "text": ("is", "is_not", "known", "unknown"),
    "flag": ("yes", "no"),
}  # fmt: skip
"""What may be asked of each type of field."""

MOVED: Final[tuple[Op, ...]] = ("rose_by", "fell_by", "rose_by_percent", "fell_by_percent")
"""What may be asked of a value beside: figures of earlier days are kept."""


@dataclass(frozen=True)
class Field:
    """One thing that is known of a customer, a purchase or a line, in both languages.

    ``column`` is where the table has it; ``choices`` are the values it can have, with their words;
    ``listed`` is whose numbers a choice without such are; ``use`` is what the facts have to be good
    enough for (see collect.quality), "" for nothing.
    """

    ja: str
    en: str
    type: Type
    table: Table
    column: str
    choices: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    unit: tuple[str, str] = ("", "")
    use: str = ""
    listed: Listed = "stores"
    zero_of_none: bool = False  # whom the table does not have, has zero of it
    named: str = ""  # of a table with a row for each name, the rows of that one


def ops_of(field: Field) -> tuple[Op, ...]:
    """What may be asked of it."""
    moves = field.table == "values" and field.type in ("number", "money", "share")
    return (*OPS[field.type], *(MOVED if moves else ()))


ATTRIBUTE: Final = "attribute:"
_NAME: Final = re.compile(r"[A-Za-z0-9_]{1,64}")


class CustomerFields(Registry[Field]):
    """What was entered, and every ``attribute:NAME`` there can be: a word that a journey keeps.

    Which names there are is the affair of the journeys, which keep them.
    """

    def __getitem__(self, name: str) -> Field:
        if name in self:
            own = name.removeprefix(ATTRIBUTE)
            if own != name:
                return Field(f"属性「{own}」", f"Attribute “{own}”", "text", ATTRIBUTES, "value",
                             named=own)  # fmt: skip
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        if isinstance(name, str) and name.startswith(ATTRIBUTE):
            return _NAME.fullmatch(name.removeprefix(ATTRIBUTE)) is not None
        return super().__contains__(name)


FIELDS: Final = CustomerFields("field of segments")

_RANK = {str(n): (str(n), str(n)) for n in range(1, 6)}
_GENDERS = {"female": ("女性", "female"), "male": ("男性", "male"), "other": ("その他", "other")}
_LANGUAGES = {"ja": ("日本語", "Japanese"), "en": ("英語", "English")}
_AGES = {
    "10": ("19歳以下", "up to 19"),
    **{f"{ten}": (f"{ten}代", f"{ten} to {ten + 9}") for ten in range(20, 80, 10)},
    "80": ("80歳以上", "80 and more"),
}
_TENTH = {str(n): (str(n), str(n)) for n in range(1, 11)}
_DAYS, _ORDERS = ("日", " days"), ("回", " orders")
_OWN: Final[Mapping[str, Field]] = {
    "orders": Field("購入回数", "Number of orders", "number", "values", "orders", unit=_ORDERS),
    "first_on": Field("初回購入日", "First purchase", "day", "values", "first_on"),
    "last_on": Field("最終購入日", "Last purchase", "day", "values", "last_on"),
    "intervals_quiet": Field(
        "最終購入からの日数(本人の平均購入間隔の何倍か)",
        "Time since the last purchase, in the customer's own mean intervals", "number", "paces",
        "intervals_quiet", unit=("倍", " intervals"),
    ),
    "revenue_past": Field("累計売上", "Revenue to date", "money", "values", "revenue_past",
                          use="revenue"),
    "profit_past": Field(
        "累計利益", "Profit to date", "money", "values", "profit_past", use="profit"
    ),
    "monetary_value": Field(
        "リピート時の平均購入額", "Mean revenue of repeat days", "money", "values",
        "monetary_value",
        use="revenue",
    ),
    "p_alive": Field(
        "継続確率", "Probability to be active", "share", "values", "p_alive", use="predictions"
    ),
    "expected_orders_365d": Field(
        "今後12か月の予測購入回数", "Orders predicted for 12 months", "number", "values",
        "expected_orders_365d", unit=_ORDERS, use="predictions",
    ),
    "revenue_365d": Field(
        "今後12か月の予測売上", "Revenue predicted for 12 months", "money", "values",
        "revenue_365d", use="predictions",
    ),
    "profit_365d": Field(
        "今後12か月の予測利益", "Profit predicted for 12 months", "money", "values", "profit_365d",
        use="predictions",
    ),
    "subscriber": Field("定期の購入がある", "Has bought by subscription", "flag", "values",
                        "subscriber"),
    "contract_active": Field("定期が継続中", "Has a contract that runs", "flag", "contracts",
                             "contract_active"),
    "contract_status": Field("定期の状態", "Status of the contract", "choice", "contracts",
                             "contract_status", choices=dict(CONTRACT_STATUSES)),
    "contract_number": Field("定期回数", "Running number of the contract", "number", "contracts",
                             "contract_number", unit=("回目", "")),
    "contract_next_on": Field("次回のお届け予定日", "Next delivery due", "day", "contracts",
                              "contract_next_on"),
    "contract_p_cancel": Field(
        "次回までの解約確率(定期)", "Probability to cancel before the next delivery", "share",
        "contracts", "contract_p_cancel",
    ),
    "contract_revenue_365d": Field(
        "今後12か月の予測売上(定期)", "Revenue predicted for 12 months (contracts)", "money",
        "contracts", "contract_revenue_365d",
    ),
    "first_source": Field("初回の流入元", "Source of the first order", "text", "values",
                          "first_source", use="source"),
    "first_medium": Field("初回の流入メディア", "Medium of the first order", "text", "values",
                          "first_medium", use="source"),
    "first_sku": Field("初回の商品", "First product (SKU)", "text", "values", "first_sku",
                       use="sku"),
    "first_category": Field("初回のカテゴリ", "First category", "text", "values",
                            "first_category", use="category"),
    "first_store": Field("初回の店舗", "First store", "choice", "values", "first_store_id"),
    "stage": Field("ステージ", "Stage", "choice", "ranks", "stage",
                   choices=dict(STAGES.items()), use="rfm"),
    "cpm": Field("CPM", "CPM group", "choice", "ranks", "cpm",
                 choices={code: (code, en) for code, en in CPM_GROUPS.items()}, use="rfm"),
    "rfm_r": Field("R(最終購買)", "R (recency)", "choice", "ranks", "rfm_r", choices=_RANK,
                   use="rfm"),
    "rfm_f": Field("F(購買頻度)", "F (frequency)", "choice", "ranks", "rfm_f", choices=_RANK,
                   use="rfm"),
    "rfm_m": Field("M(購入金額)", "M (monetary)", "choice", "ranks", "rfm_m", choices=_RANK,
                   use="rfm"),
    "decile": Field("デシル", "Decile", "choice", "ranks", "decile", choices=_TENTH, use="rfm"),
    "vip": Field("VIPである", "Is a VIP", "flag", "ranks", "vip", use="rfm"),
    "shift_to": Field("増えたカテゴリ(構成の変化)", "Category that rose (shift of the mix)", "text",
                      "shifts", "shift_to"),
    "shift_from": Field("減ったカテゴリ(構成の変化)", "Category that fell (shift of the mix)",
                        "text", "shifts", "shift_from"),
    "shifted_on": Field("カテゴリ構成の変化を見つけた日", "Shift of the category mix found on",
                        "day", "shifts", "shifted_on"),
    "prefecture": Field("都道府県", "Prefecture", "text", "people", "prefecture"),
    "acquisition_source": Field("獲得元", "Acquisition source", "text", "people",
                                "acquisition_source"),
    "lot_number": Field("くじ番号(1〜100、変わらない)", "Lot number (1 to 100, never changes)",
                        "number", "lots", "lot_number"),
    "registered_on": Field("会員登録日", "Registered", "day", "people", "registered_on"),
    "birthday": Field("誕生日", "Birthday", "birthday", "people", "birth_day"),
    "gender": Field("性別", "Gender", "choice", "people", "gender", choices=_GENDERS),
    "age_band": Field("年代", "Age", "choice", "people", "age_band", choices=_AGES),
    "language": Field("言語", "Language", "choice", "people", "language", choices=_LANGUAGES),
    "life_stage": Field("ライフステージ", "Life stage", "choice", "people", "life_stage",
                        listed="life_stages"),
    "life_stage_since": Field("ライフステージの開始日", "Life stage since", "day", "people",
                              "life_stage_since"),
    "life_stage_changed_on": Field("ライフステージの変化日", "Life stage changed", "day", "people",
                                   "life_stage_changed_on"),
    "may_email": Field("メールの配信に同意している", "May get news by mail", "flag", "people",
                       "may_email"),
    "may_line": Field("LINEの配信に同意している", "May get news by LINE", "flag", "people",
                      "may_line"),
    "may_sms": Field("SMSの配信に同意している", "May get news by SMS", "flag", "people", "may_sms"),
    "may_post": Field("郵便の送付に同意している", "May get news by post", "flag", "people",
                      "may_post"),
    "may_push": Field("アプリの通知に同意している", "May get news by the app", "flag", "people",
                      "may_push"),
    "may_phone": Field("電話での案内に同意している", "May be called about news", "flag", "people",
                       "may_phone"),
    "may_email_surveys": Field("メールのアンケートに同意している", "May be asked by mail", "flag",
                               "people", "may_email_surveys"),
    "may_line_surveys": Field("LINEのアンケートに同意している", "May be asked by LINE", "flag",
                              "people", "may_line_surveys"),
    "may_sms_surveys": Field("SMSのアンケートに同意している", "May be asked by SMS", "flag",
                             "people", "may_sms_surveys"),
    "may_post_surveys": Field("郵便のアンケートに同意している", "May be asked by post", "flag",
                              "people", "may_post_surveys"),
    "may_phone_surveys": Field("電話のアンケートに同意している", "May be asked by telephone",
                               "flag", "people", "may_phone_surveys"),
    "may_web_analytics": Field("サイトの閲覧の計測に同意している",
                               "May be measured on the website", "flag", "people",
                               "may_web_analytics"),
}  # fmt: skip
for _name, _field in _OWN.items():
    FIELDS.enter(_name, _field)

_STATUSES = {
    "open": ("受付", "open"),
    "paid": ("支払い済み", "paid"),
    "shipped": ("出荷済み", "shipped"),
    "completed": ("完了", "completed"),
}
_OF_ORDERS: Final[Mapping[str, Field]] = {
    "store": Field("店舗", "Store", "choice", "purchases", "store_id"),
    "nth": Field("何回目の購入か", "Which purchase it was", "number", "purchases", "nth",
                 unit=("回目", "")),
    "source": Field("流入元", "Source", "text", "purchases", "source", use="source"),
    "medium": Field("流入メディア", "Medium", "text", "purchases", "medium", use="source"),
    "campaign": Field("キャンペーン", "Campaign", "text", "purchases", "campaign", use="source"),
    "channel": Field("販売チャネル", "Sales channel", "text", "purchases", "channel"),
    "status": Field("注文の状態", "Status of the order", "choice", "purchases", "status",
                    choices=_STATUSES),
    "subscription": Field("定期の注文である", "Is an order of a subscription", "flag", "purchases",
                          "subscription"),
    "subscription_number": Field("定期回数", "Running number of the subscription", "number",
                                 "purchases", "subscription_number", unit=("回目", "")),
    "coupon": Field("クーポン", "Coupon", "text", "purchases", "coupon_code"),
    "with_coupon": Field("クーポンを使った注文である(モールのものを含む)",
                         "A coupon was used (a mall's too)", "flag", "purchases", "with_coupon"),
    "with_points": Field("ポイントを使った注文である", "Points were used", "flag", "purchases",
                         "with_points"),
    "discounted": Field("注文の値引きがある", "The order was discounted", "flag", "purchases",
                        "discounted"),
}  # fmt: skip

OF_PURCHASES: Final[Mapping[str, Field]] = {
    **_OF_ORDERS,
    "revenue": Field("注文の売上", "Revenue of the order", "money", "purchases", "revenue",
                     use="revenue"),
    "sku": Field("主な商品(SKU)", "Main product (SKU)", "text", "purchases", "main_sku",
                 use="sku"),
    "category": Field("主なカテゴリ", "Main category", "text", "purchases", "main_category",
                      use="category"),
}  # fmt: skip
"""By what purchases are chosen."""

OF_LINES: Final[Mapping[str, Field]] = {
    "sku": Field("商品(SKU)", "Product (SKU)", "text", "lines", "sku", use="sku"),
    "category": Field("カテゴリ", "Category", "text", "lines", "category", use="category"),
    "unit_price": Field("単価", "Unit price", "money", "lines", "unit_price"),
    "quantity": Field("数量", "Quantity", "number", "lines", "quantity"),
    **_OF_ORDERS,
}  # fmt: skip
"""By what lines of purchases are chosen: what they say, and what their order says."""

MEASURES: Final[Mapping[Measure, Field]] = {
    "orders": Field("購入回数", "Number of orders", "number", "purchases", "order_id",
                    unit=_ORDERS),
    "days": Field("購入のあった日数", "Days with a purchase", "number", "purchases", "ordered_on",
                  unit=_DAYS),
    "revenue": Field("購入金額の合計", "Total revenue", "money", "purchases", "revenue",
                     use="revenue"),
    "profit": Field("利益の合計", "Total profit", "money", "purchases", "profit", use="profit"),
    "mean_revenue": Field("平均購入額", "Mean revenue of an order", "money", "purchases",
                          "revenue", use="revenue"),
    "first_on": Field("最初の購入日", "First day", "day", "purchases", "ordered_on"),
    "last_on": Field("最後の購入日", "Last day", "day", "purchases", "ordered_on"),
    "lines": Field("明細の数", "Number of lines", "number", "lines", "order_id",
                   unit=("行", " lines")),
    "quantity": Field("購入数量", "Pieces", "number", "lines", "quantity", unit=("点", " pieces")),
    "amount": Field("明細金額の合計", "Amount of the lines", "money", "lines", "amount"),
    "products": Field("商品の種類", "Different products", "number", "lines", "sku",
                      use="sku", unit=("種類", " products")),
    "categories": Field("カテゴリの種類", "Different categories", "number", "lines", "category",
                        use="category", unit=("種類", " categories")),
    "first_line_on": Field("商品・カテゴリを最初に買った日", "First day of the product or category",
                           "day", "lines", "ordered_on"),
    "last_line_on": Field("商品・カテゴリを最後に買った日", "Last day of the product or category",
                          "day", "lines", "ordered_on"),
}  # fmt: skip
"""What may be counted of purchases."""

assert set(MEASURES) == set(get_args(Measure))  # noqa: S101 (a measure without words is a mistake)


def of_measure(measure: Measure) -> Mapping[str, Field]:
    """The fields by which the rows of that measure are chosen."""
    return OF_LINES if MEASURES[measure].table == "lines" else OF_PURCHASES
