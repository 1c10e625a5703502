"""MakeShop: the shop's own template decides the columns; date and time stand apart."""

from __future__ import annotations

from dataclasses import replace

from joren.collect.connectors.formats import generic
from joren.collect.connectors.formats.shape import Canonical, Columns, Format


def recognises(header: Columns) -> bool:
    return {"日付", "注文時間", "注文番号", "処理状況"} <= set(header)


def canonical(header: Columns) -> Canonical:
    """Like a generic table; a template without amounts needs other columns."""
    shape = generic.canonical(header)
    moment = "\"日付\" || ' ' || lpad(\"注文時間\", 6, '0')"
    fields = {
        **shape.fields,
        "ordered_at": moment,
        "status": generic.status('"処理状況"'),
        "channel": "'makeshop'",
    }
    return replace(
        shape, fields=fields, columns={**shape.columns, "status": "処理状況"}, currency="JPY"
    )


FORMAT = Format("makeshop", recognises, canonical)
