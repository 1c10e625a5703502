"""What holdouts keep of people: a number in a log that is never changed, and nobody's name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext

from joren.core.erasing import Eraser, Traces
from joren.core.tables import TableSpec
from joren.core.words import gettext_noop
from joren.decide.holdouts import models, selectors
from joren.decide.holdouts.contracts import ARRIVALS, ASSIGNMENTS, EXPOSURES
from joren.plumbing.warehouse import warehouse

_LOG: Final = ("lot", "held_out")


def _stays(traces: Traces) -> dict[str, int]:
    """Without them a lot could not be drawn again; the numbers are nobody's from then on."""
    logged = sum(len(_logged(traces, spec)) for spec in (ASSIGNMENTS, ARRIVALS))
    placed = models.Place.objects.filter(customer_id__in=traces.customers).count()
    reached = len(_of_theirs(traces, EXPOSURES, ("lot",)))
    return {
        gettext_noop("places in lots, by number only"): logged + placed,
        gettext_noop("first messages under lots, by number only"): reached,
    }


def _goes(traces: Traces) -> dict[str, int]:
    held = models.GloballyHeld.objects.filter(customer_id__in=traces.customers).count()
    return {gettext_noop("places among those left out of everything"): held}


def _erase(traces: Traces) -> dict[str, int]:
    counted = _goes(traces)
    models.GloballyHeld.objects.filter(customer_id__in=traces.customers).delete()
    return counted


def _export(traces: Traces) -> list[Mapping[str, Any]]:
    known = selectors.lots()
    names = {one.lot: one for one in known}
    placed = models.Place.objects.filter(customer_id__in=traces.customers)
    lots = {one.id: one.lot for one in known}
    rows = {(row["lot"], row["held_out"]) for row in _logged(traces, ASSIGNMENTS)}
    rows |= {(lots[one.holdout_id], one.held_out) for one in placed}
    reached = _reached(traces)
    return [
        {
            gettext("Holdout"): names[lot].name,
            gettext("Drawn"): names[lot].drawn_at.date().isoformat(),
            gettext("Arm"): gettext("left out") if held else gettext("treated"),
            gettext("First message"): reached.get(lot, ""),
        }
        for lot, held in sorted(rows)
        if lot in names
    ]


def _logged(traces: Traces, spec: TableSpec) -> list[dict[str, Any]]:
    return _of_theirs(traces, spec, _LOG)


def _reached(traces: Traces) -> dict[int, str]:
    """By lot, the day on which they got its first message, or would have got it."""
    rows = _of_theirs(traces, EXPOSURES, ("lot", "step", "at"))
    shown = [row for row in rows if row["step"] != "asked"]
    return {row["lot"]: row["at"].date().isoformat() for row in sorted(shown, key=_latest_first)}


def _latest_first(row: Mapping[str, Any]) -> float:
    return -float(row["at"].timestamp())


def _of_theirs(traces: Traces, spec: TableSpec, names: Sequence[str]) -> list[dict[str, Any]]:
    house = warehouse()
    every = house.embedded.files(house.lake.files(spec), spec)
    theirs = every.filter(every.customer_id.isin(list(traces.customers)))
    return house.embedded.rows(theirs.select(*names))


ERASER: Final = Eraser(
    gettext_noop("Lots of holdouts"),
    (
        "holdouts.place", "holdouts.globallyheld",
        "warehouse.holdout_assignments", "warehouse.holdout_arrivals",
        "warehouse.holdout_exposures",
    ),
    goes=_goes,
    stays=_stays,
    erase=_erase,
    export=_export,
)  # fmt: skip
