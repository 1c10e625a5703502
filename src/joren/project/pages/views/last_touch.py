"""Last-touch attribution beside effects, labelled as what it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from joren.core.figures import Figure
from joren.measure.touches import selectors
from joren.measure.touches.contracts import LastTouchBeside, NoTouchesYet, TouchReport
from joren.project import showing
from joren.project.pages.sections import word
from joren.project.pages.tables import Column, Linked, Row, Table, Value
from joren.warehouse import Snapshot


def wanted(snapshot: Snapshot, verdicts: Mapping[Any, str]) -> Table | None:
    """The table where the shop wants it, and a refresh has counted it."""
    if not selectors.last_touch_rule().shown:
        return None
    try:
        return last_touch_table(selectors.report(snapshot), verdicts)
    except NoTouchesYet:
        return None


def last_touch_table(counted: TouchReport, verdicts: Mapping[Any, str]) -> Table:
    """What last touch would credit, beside what holdouts say."""
    unit = counted.currency
    columns = [
        Column(gettext("What was done")), Column(gettext("Orders"), "count"),
        Column(word("last_touch_revenue"), unit), Column(gettext("Incremental revenue by holdout")),
        Column(gettext("Its interval")), Column(word("last_touch_difference")),
        Column(gettext("Its interval")), Column(gettext("Evidence")),
    ]  # fmt: skip
    rows = [_last_touch(one, unit, verdicts) for one in selectors.last_touch_beside(counted)]
    note = gettext(
        "Last touch credits a whole order to the message touched last. It is no effect: what would "
        "have been bought without is in it, and what was bought without a click is not. It covers "
        "a year; the difference is of the holdout's days alone."
    )
    return Table("last-touch", gettext("Last touch beside effects"), columns, rows, note)


def _last_touch(one: LastTouchBeside, unit: str, verdicts: Mapping[Any, str]) -> Row:
    said, gap = one.experiment, one.difference
    credited = Figure("last_touch_revenue", one.touched.revenue, unit, one.touched.orders)
    if said is None:
        beside: list[Value | Linked] = [None, None, None, None, gettext("no holdout")]
    else:
        verdict = gettext(verdicts[said.evidence])
        beside = [
            said.revenue, showing.interval(said.revenue), gap, showing.interval(gap),
            Linked(verdict, reverse("holdout", args=[said.holdout])),
        ]  # fmt: skip
    return Row([one.called, one.touched.orders, credited, *beside], thin=said is None)
