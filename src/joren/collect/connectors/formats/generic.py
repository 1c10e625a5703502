"""Any table whose headers say in Japanese or English what they are, and plain logs."""

from __future__ import annotations

from collections.abc import Mapping

from joren.collect.connectors.contracts import ColumnsRepeat, ColumnsUnknown, Kind
from joren.collect.connectors.files.headings import comes_again
from joren.collect.connectors.formats import synonyms
from joren.collect.connectors.formats.shape import (
    Canonical,
    Columns,
    Fields,
    Format,
    normal,
    translated,
)

_WORDS: Mapping[Kind, Mapping[str, str]] = {
    "orders": synonyms.ORDERS,
    "customers": synonyms.CUSTOMERS,
    "products": synonyms.PRODUCTS,
    "ad_spend": synonyms.AD_SPEND,
    "refunds": synonyms.REFUNDS,
    "rates": synonyms.RATES,
}
_REQUIRED: Mapping[Kind, tuple[str, ...]] = {
    "orders": ("ordered_at",),
    "customers": (),
    "products": ("sku",),
    "ad_spend": ("day", "amount"),
    "refunds": ("order_number", "refunded_at", "amount"),
    "rates": ("day", "currency", "rate"),
}
_STATUSES = {
    "open": "open pending new 新規受付 未入金 注文受付 受付 入金待ち 未処理",
    "paid": "paid 入金済み 入金済 決済済み 対応中 発送待ち processing",
    "shipped": "shipped 発送済み 発送済 配送 出荷済 出荷済み partially_refunded",
    "completed": "completed complete done fulfilled 完了 配達完了 取引完了",
    "cancelled": "cancelled canceled cancel キャンセル 取消 取り消し 注文取消し "
    "注文キャンセル void",
    "returned": "returned refunded 返品 返品済み 返送",
}


def fields_of(kind: Kind) -> tuple[str, ...]:
    """Every field that a file of the kind may have."""
    return tuple(_WORDS[kind])


def required_of(kind: Kind) -> tuple[str, ...]:
    """Fields without which a row of the kind says nothing."""
    return _REQUIRED[kind]


def named_columns(header: Columns, kind: Kind) -> dict[str, str]:
    """Which column is which, as far as the names say; our own name goes before a synonym."""
    by_normal = {normal(column): column for column in reversed(header)}
    found: dict[str, str] = {}
    for own_names in (True, False):
        for field, words in _WORDS[kind].items():
            names = [field] if own_names else words.split()
            column = next((by_normal[normal(n)] for n in names if normal(n) in by_normal), None)
            if column is not None and field not in found and column not in found.values():
                found[field] = column
    return found


def canonical(
    header: Columns,
    kind: Kind = "orders",
    chosen: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,
) -> Canonical:
    """``chosen`` names columns by hand, ``constants`` says what is the same in every row."""
    known = _known(header, kind, chosen or {}, constants or {})
    named = named_columns(header, kind)
    columns = {f: c for f, c in named.items() if f not in known and c not in known.values()}
    columns = _of_one_meaning(header, columns, known) | known
    expressions = Fields(header).take(**columns)
    if kind == "customers":
        expressions = _named(header) | expressions
    for name, value in (constants or {}).items():
        expressions[name] = "'" + value.replace("'", "''") + "'"
    missing = [name for name in _REQUIRED[kind] if name not in expressions]
    if kind == "orders":
        missing += _with_amounts(expressions, columns)
    if kind == "customers" and not expressions.keys() & {"customer_number", "email", "phone"}:
        missing.append("customer_number, email or phone")
    if missing:
        raise ColumnsUnknown(
            f"no column says {' and '.join(missing)}; the header is: {', '.join(header)}"[:1500],
            hint=_way_out(header),
        )
    if "status" in expressions:
        expressions["status"] = status(expressions["status"])
    elif kind == "orders" and {"Invoice", "StockCode"} <= set(header):
        # UCI Online Retail: C begins the number of a note about goods that came back.
        expressions["status"] = "CASE WHEN starts_with(\"Invoice\", 'C') THEN 'returned' END"
    required = [*_REQUIRED[kind]]
    if kind == "orders":
        required += ["unit_price" if "unit_price" in expressions else "total"]
        required += ["order_number"] if "order_number" in expressions else []
    # A price may be finer than its currency, an amount may not: then it is of another one.
    amount = columns.get("unit_price") in (columns.get("amount"), columns.get("total"))
    whole = frozenset({"unit_price"}) if kind == "orders" and amount else frozenset[str]()
    return Canonical(expressions, columns, required=tuple(required), whole=whole)


_PARTS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "name": (("Last Name", "First Name"), ("姓", "名"), ("お名前(姓)", "お名前(名)")),
    "name_kana": (("セイ", "メイ"), ("お名前(セイ)", "お名前(メイ)"), ("姓カナ", "名カナ")),
}


def _named(header: Columns) -> dict[str, str]:
    """Names that stand in two columns: 山田 太郎, and Taro Yamada."""
    found, columns = {}, Fields(header)
    for field, pairs in _PARTS.items():
        for family, given in (pair for pair in pairs if {*pair} <= {*header}):
            last, first = columns.column(family), columns.column(given)
            latin = f"regexp_full_match({last} || {first}, '[ -~]*')"
            ways = (f"concat_ws(' ', {first}, {last})", f"concat_ws(' ', {last}, {first})")
            found[field] = f"nullif(CASE WHEN {latin} THEN {ways[0]} ELSE {ways[1]} END, '')"
            break
    return found


def _of_one_meaning(
    header: Columns, columns: Mapping[str, str], known: Mapping[str, str]
) -> dict[str, str]:
    """Without those of a name that comes again, where ``known`` says which of them is meant."""
    own = {}
    for field, column in columns.items():
        if not comes_again(column, header):
            own[field] = column
        elif not any(one.startswith(f"{column} (") for one in known.values()):
            raise ColumnsRepeat(
                f"more than one column is called {column!r}, of which one says {field}",
                hint="give each its own name, or say which it is with --mapping FILE",
            )
    return own


def _way_out(header: Columns) -> str:
    if header[:1] == ("column 1",):
        return "the file names no columns: say which is which with --mapping FILE"
    return "rename the columns, or say which is which with --mapping FILE"


def _known(
    header: Columns, kind: Kind, chosen: Mapping[str, str], constants: Mapping[str, str]
) -> dict[str, str]:
    for name in (*chosen, *constants):
        if name not in _WORDS[kind]:
            known = ", ".join(sorted(_WORDS[kind]))
            raise ColumnsUnknown(f"the mapping has no field {name!r}", hint=f"known: {known}")
    for name, column in chosen.items():
        if column not in header:
            raise ColumnsUnknown(
                f"the mapping reads {name} from {column!r}, and the file has no such column",
                hint=f"it has: {', '.join(header)}"[:1500],
            )
    return dict(chosen)


def _with_amounts(expressions: dict[str, str], columns: dict[str, str]) -> list[str]:
    """Make a line of what the row says; in a log without order numbers a row is an order."""
    amount = expressions.pop("amount", None)
    bare = "order_number" not in expressions
    if "unit_price" in expressions:
        expressions.setdefault("quantity", "'1'")
        return []
    of_order = {"shipping_charged", "fees_charged", "order_discount"} & expressions.keys()
    if amount is None and not of_order:
        amount, columns["amount"] = expressions.get("total"), columns.get("total", "total")
    if amount is None:
        return [] if "total" in expressions else ["total, unit_price or amount"]
    columns["unit_price"] = columns["amount"]
    expressions |= {"unit_price": amount, "quantity": "'1'"}
    if bare:
        expressions.setdefault("total", amount)
        columns.setdefault("total", columns["amount"])
    return []


def status(expression: str) -> str:
    """The usual words for a state, in Japanese and English, as ours."""
    words = {ours: theirs.split() for ours, theirs in _STATUSES.items()}
    usual = translated(expression, words, compared=f"lower(trim({expression}))")
    own = " ".join(f"WHEN {expression} = '{ours}' THEN '{ours}'" for ours in words)
    return f"CASE {own} ELSE {usual} END"


FORMAT = Format("generic", lambda _header: True, canonical)
