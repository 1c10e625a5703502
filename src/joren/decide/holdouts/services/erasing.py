"""What holdouts keep of people: a number in a log that is never changed, and nobody's name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis.expr.types as ir
from django.utils.translation import gettext

from joren.core.erasing import Eraser, Traces
from joren.core.words import gettext_noop
from joren.decide.holdouts import selectors
from joren.decide.holdouts.contracts import ASSIGNMENTS
from joren.plumbing.warehouse import warehouse


def _rows(traces: Traces) -> ir.Table:
    house = warehouse()
    every = house.embedded.files(house.lake.files(ASSIGNMENTS), ASSIGNMENTS)
    return every.filter(every.customer_id.isin(list(traces.customers)))


def _stays(traces: Traces) -> dict[str, int]:
    """Without them a lot could not be drawn again; the numbers are nobody's from then on."""
    found = _rows(traces)
    (row,) = warehouse().embedded.rows(found.agg(n=found.count()))
    return {gettext_noop("places in lots, by number only"): int(row["n"])}


def _export(traces: Traces) -> list[Mapping[str, Any]]:
    names = {one.lot: one for one in selectors.holdouts()}
    rows = warehouse().embedded.rows(_rows(traces).select("lot", "held_out").distinct())
    return [
        {
            gettext("Holdout"): names[row["lot"]].name,
            gettext("Drawn"): names[row["lot"]].drawn_at.date().isoformat(),
            gettext("Arm"): gettext("left out") if row["held_out"] else gettext("treated"),
        }
        for row in rows
        if row["lot"] in names
    ]


ERASER: Final = Eraser(
    gettext_noop("Lots of holdouts"),
    ("warehouse.holdout_assignments",),
    stays=_stays,
    export=_export,
)
