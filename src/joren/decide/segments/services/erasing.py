"""What segments keep of people: the one table of traits, by number and without a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis.expr.types as ir
from django.utils.translation import gettext

from joren.collect.customers.contracts import TRAITS
from joren.core.erasing import Eraser, Traces
from joren.core.words import gettext_noop
from joren.decide.segments.contracts import FROZEN
from joren.plumbing.warehouse import warehouse


def _rows(traces: Traces) -> ir.Table:
    house = warehouse()
    known = house.embedded.files(house.lake.files(TRAITS), TRAITS)
    return known.filter(known.customer_id.isin(list(traces.customers)))


def _goes(traces: Traces) -> dict[str, int]:
    if not warehouse().lake.files(TRAITS):
        return {}
    (row,) = warehouse().embedded.rows(_rows(traces).agg(n=_rows(traces).count()))
    return {gettext_noop("rows of traits"): int(row["n"])}


def _stays(traces: Traces) -> dict[str, int]:
    """A frozen list holds numbers, which are nobody's from then on."""
    house = warehouse()
    if not house.lake.files(FROZEN):
        return {}
    frozen = house.embedded.files(house.lake.files(FROZEN), FROZEN)
    theirs = frozen.filter(frozen.customer_id.isin(list(traces.customers)))
    (row,) = house.embedded.rows(theirs.agg(n=theirs.count()))
    return {gettext_noop("places in frozen segments, by number only"): int(row["n"])}


def _erase(traces: Traces) -> dict[str, int]:
    """Call it with the warehouse held. What a reader still reads goes with the next sweep."""
    counted = _goes(traces)
    if any(counted.values()):
        warehouse().lake.remove(TRAITS, "customer_id", traces.customers)
    return counted


def _export(traces: Traces) -> list[Mapping[str, Any]]:
    if not warehouse().lake.files(TRAITS):
        return []
    labels = {
        "birth_day": gettext("Birthday (month and day)"),
        "prefecture": gettext("Prefecture"),
        "acquisition_source": gettext("First source"),
        "language": gettext("Language"),
        "gender": gettext("Gender"),
        "age_band": gettext("Age (in tens)"),
        "registered_on": gettext("Registered at"),
        "may_email": gettext("May get news by mail"),
        "may_line": gettext("May get news by LINE"),
        "may_sms": gettext("May get news by SMS"),
        "may_post": gettext("May get news by post"),
        "may_push": gettext("May get news by the app"),
        "may_phone": gettext("May be called about news"),
        "may_email_surveys": gettext("May be asked by mail"),
        "may_line_surveys": gettext("May be asked by LINE"),
        "may_sms_surveys": gettext("May be asked by SMS"),
        "may_post_surveys": gettext("May be asked by post"),
        "may_phone_surveys": gettext("May be asked by telephone"),
        "may_web_analytics": gettext("May be measured on the website"),
    }
    rows = warehouse().embedded.rows(_rows(traces).distinct())
    return [
        {label: row[name] for name, label in labels.items() if row[name] is not None}
        for row in rows
    ]


ERASER: Final = Eraser(
    gettext_noop("Traits for segments"),
    ("warehouse.traits",),
    goes=_goes,
    stays=_stays,
    erase=_erase,
    export=_export,
)
