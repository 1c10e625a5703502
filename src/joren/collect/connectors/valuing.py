"""Values of fields as SQL over the text of rows."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from joren.collect.connectors import typing
from joren.collect.connectors.contracts import Kind
from joren.collect.connectors.fields import TYPES, type_of
from joren.collect.connectors.formats.shape import Canonical
from joren.collect.connectors.typing import Context, Type
from joren.collect.customers.contracts import contacts

_SQL_TYPES: Mapping[Type, str] = {
    "money": "BIGINT", "price": "BIGINT", "count": "BIGINT", "rate": "BIGINT",
    "moment": "TIMESTAMPTZ", "day": "DATE", "flag": "BOOLEAN",
}  # fmt: skip
_ALWAYS = ("order_number", "currency")


def valued(
    rows: str,
    shape: Canonical,
    kind: Kind,
    context: Context,
    names: Collection[str] | None = None,
) -> str:
    """The rows with the value of each field, as ``v_`` and its name; of all or of those named."""
    asked = TYPES[kind] if names is None else names
    values = [_value(name, kind, shape, context) for name in asked]
    if kind == "orders" and "unit_price" in asked:
        values.append(_finer(shape, context))
    listed = ", ".join(["*", *values])
    return f"(SELECT {listed} FROM {_with_scale(rows, shape, context)})"


def _with_scale(rows: str, shape: Canonical, context: Context) -> str:
    """The rows, each with the scale of the currency that it names."""
    if not context.by_row:
        return f"({rows})"
    code = f"upper(trim({shape.fields['currency']}))"
    scale = typing.scale_of(code, context.currency)
    return f"(SELECT *, {scale} AS {typing.SCALE} FROM ({rows}))"


def _value(name: str, kind: Kind, shape: Canonical, context: Context) -> str:
    text = shape.fields.get(name)
    if name == "currency":
        known = typing.typed("currency", text, context) if text else "NULL"
        return f"coalesce({known}, '{context.currency}') AS v_currency"
    own = type_of(name, kind, shape)
    if text is None:
        return f"CAST(NULL AS {_SQL_TYPES.get(own, 'VARCHAR')}) AS v_{name}"
    return f"{typing.typed(own, text, context)} AS v_{name}"


def said(shape: Canonical, kind: Kind) -> list[str]:
    """The fields of the file, and those that the typed rows are asked for in any case."""
    return [name for name in TYPES[kind] if name in shape.fields or name in _ALWAYS]


def kept(name: str, shape: Canonical, kind: Kind) -> str:
    """The field as the typed rows have it."""
    # Contacts of orders are written alike at the door, each once and not again on every line.
    as_written = kind == "orders" and name in contacts.ALIKE
    return f"{shape.fields[name] if as_written else f'v_{name}'} AS {name}"


def exact_amount() -> str:
    """The line's amount where its price is finer than the currency, and what rounding took off."""
    exact = "_finer * coalesce(v_quantity, 1)"
    return (
        f"CAST(floor({exact}) AS BIGINT) AS amount, "
        f"CAST({exact} - floor({exact}) AS DECIMAL(9, 8)) AS _rest"
    )


def _finer(shape: Canonical, context: Context) -> str:
    """The price of a line, once for all that asks for it, where it is finer than the currency."""
    price = "NULL"
    if "unit_price" in shape.fields and "unit_price" not in shape.whole:
        price = typing.finer(shape.fields["unit_price"], context)
    return f"CAST({price} AS DECIMAL(28, 8)) AS _finer"
