"""A refresh of a shop whose people are those of the orders."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any, Final
from unittest import mock

import pyarrow as pa

from joren.collect.customers import selectors as customers
from joren.collect.orders import selectors as facts
from joren.project import refresh as refreshing
from joren.understand.ltv.services import predicting
from joren.understand.ltv.services.judging import choosing
from joren.warehouse import Warehouse

_KNOWN: Final[dict[bytes, Any]] = {}


def everybody(house: Warehouse) -> pa.Table:
    """Every identity is a customer of the same number."""
    orders = facts.orders(house)
    known = house.engine.arrow(orders.select("identity_id").distinct().drop_null())
    return known.append_column("customer_id", known["identity_id"])


def refreshed(**named: object) -> refreshing.Report:
    """``refresh``, with people from the orders instead of the database.

    Which model suits a shop and what may be believed of it is half of the time, and many tests have
    the same shop: of the same customers it is reckoned once.
    """
    with (
        mock.patch.object(customers, "person_of", everybody),
        mock.patch.object(choosing, "choose", _once(choosing.choose)),
        mock.patch.object(predicting, "believed", _once(predicting.believed)),
    ):
        return refreshing.refresh(**named)  # type: ignore[arg-type]


def _once(reckoned: Callable[..., Any]) -> Callable[..., Any]:
    def known(*given: Any, **named: Any) -> Any:
        key = pickle.dumps((reckoned.__name__, given, named))
        if key not in _KNOWN:
            _KNOWN[key] = reckoned(*given, **named)
        return _KNOWN[key]

    return known
