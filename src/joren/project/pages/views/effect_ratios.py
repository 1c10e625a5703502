"""What one order is like in both arms of a holdout, as its page says it."""

from __future__ import annotations

from django.utils.translation import gettext

from joren.measure.experiments import selectors
from joren.measure.experiments.contracts import DEFINITIONS
from joren.measure.experiments.contracts.ratios import RATIO_EVIDENCE_NAMES
from joren.project import showing
from joren.project.pages.codes import partner
from joren.project.pages.tables import Column, Row, Table


def ratios_of(number: int) -> Table | None:
    """None where the arms are none, or are not those that were drawn."""
    found = selectors.ratios(number)
    if not found:
        return None
    return Table(
        "ratios",
        gettext("What one order is like"),
        [
            Column(gettext("Ratio")), Column(gettext("Treated")),
            Column(gettext("Its 95% interval"), below=True), Column(gettext("Left out")),
            Column(gettext("Its 95% interval"), below=True), Column(gettext("Difference")),
            Column(gettext("Its 95% interval"), below=True), Column(gettext("Lift")),
            Column(gettext("Its 95% interval"), below=True), Column(gettext("Evidence")),
        ],
        [
            Row(
                [
                    partner(*DEFINITIONS[one.treated.name][:2]), one.treated,
                    showing.interval(one.treated), one.held_out, showing.interval(one.held_out),
                    one.difference, showing.interval(one.difference), one.lift,
                    showing.interval(one.lift), gettext(RATIO_EVIDENCE_NAMES[one.evidence]),
                ],
                thin=one.evidence == "too_small",
            )
            for one in found
        ],
        note=gettext(
            "Of the orders of both groups since that day, with the customer as the unit. Among "
            "those of the treated are orders that the action brought: a ratio says what orders are "
            "like, and only the figures per customer above say what the action earned. Difference "
            "and lift never disagree about zero; their intervals hold however often you look and "
            "for all ratios together."
        ),
    )  # fmt: skip
