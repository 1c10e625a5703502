"""A campaign at the hour of each: what that brought against the usual hour."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from joren.act.campaigns.contracts import Campaign
from joren.measure.experiments import selectors
from joren.measure.experiments.contracts import EVIDENCE_NAMES, HourTest, NoOwnHour
from joren.project.pages.tables import Column, Row, Table
from joren.understand.ltv.contracts import NoSnapshot


def panel(one: Campaign) -> dict[str, Any]:
    """For the page of a campaign that goes at hours of their own; nothing for others."""
    if not one.plan.own_hour:
        return {}
    try:
        test = selectors.hour_test(one.id)
    except (NoOwnHour, NoSnapshot):
        return {"hours_wait": True}
    return {
        "hours": test,
        "hours_table": _table(test),
        "hours_says": gettext(EVIDENCE_NAMES[test.evidence]),
    }


def _table(test: HourTest) -> Table:
    unit = test.usual.each.unit
    label = gettext("Profit per customer") if test.metric == "profit" else (
        gettext("Revenue per customer")
    )  # fmt: skip
    called = {"usual": gettext("The usual hour"), "own": gettext("An hour of their own")}
    return Table(
        "hours",
        gettext("Two hours beside each other"),
        [
            Column(gettext("Hour")), Column(gettext("Customers"), "count"),
            Column(gettext("Buyers"), "count"), Column(gettext("Revenue"), unit),
            Column(label, unit),
        ],
        [
            Row([called[arm.hour], arm.customers, arm.buyers, arm.revenue, arm.each])
            for arm in (test.usual, test.own)
        ],
        note=gettext("Everybody whom the lot gave that hour counts, whether or not it arrived."),
    )  # fmt: skip
