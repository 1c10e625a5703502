"""Who of both arms of a holdout was first reached by when, as its page says it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext, gettext_noop, ngettext

from joren.core.figures import Figure
from joren.measure.experiments import selectors
from joren.measure.experiments.contracts.exposure import (
    Exposure,
    ExposureWarning,
    ExposureWarningKind,
)
from joren.project import showing
from joren.project.pages.tables import Column, Row, Table

_WARNINGS: Final[dict[ExposureWarningKind, str]] = {
    "asked_differs": gettext_noop(
        "What is sent was to go to more of one group than of the other (p %(p)s): look for what "
        "differs between them before the message, such as an event that the message itself sets "
        "off."
    ),
    "passed_differs": gettext_noop(
        "Consent, addresses, caps, quiet hours or budget let more of one group through than of the "
        "other (p %(p)s): those reached and those who would have been are not alike. The effect is "
        "of everybody who was drawn and stays right; do not compare the reached alone."
    ),
}


@dataclass(frozen=True)
class Reached:
    """``why`` says why nothing is known."""

    why: str
    as_of: date | None = None
    warnings: tuple[str, ...] = ()
    differences: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()


def exposure_of(number: int) -> Reached:
    found = selectors.exposure(number)
    if found.as_of is None:
        return Reached(showing.reason(found.why))
    both = (found.asked_difference, found.passed_difference)
    return Reached(
        "", found.as_of, tuple(_warned(one) for one in found.warnings),
        tuple(one for one in both if one), (_arms(found), _curve(found)),
    )  # fmt: skip


def _warned(one: ExposureWarning) -> str:
    if one.kind == "left_out_reached":
        return ngettext(
            "%(n)s customer of those left out got a message all the same: what both groups differ "
            "by is less than the whole effect.",
            "%(n)s customers of those left out got a message all the same: what both groups differ "
            "by is less than the whole effect.",
            one.customers or 0,
        ) % {"n": f"{one.customers or 0:,}"}
    return gettext(_WARNINGS[one.kind]) % {"p": f"{one.p or 0:.2g}"}


def _arms(found: Exposure) -> Table:
    return Table(
        "exposure-arms",
        gettext("Who was reached, of everybody who was drawn"),
        [
            Column(gettext("Arm")), Column(gettext("Customers"), "count"),
            Column(gettext("To be sent to"), "count"), Column(gettext("Let through"), "count"),
            Column(gettext("Got it"), "count"), Column(gettext("Share reached")),
            Column(gettext("Its 95% interval"), below=True), Column(gettext("First")),
            Column(gettext("Last")), Column(gettext("Half of them after"), "days"),
        ],
        [
            Row(
                [
                    gettext("treated") if one.arm == "treated" else gettext("left out"),
                    one.customers, one.asked, one.passed, one.got, one.exposed,
                    showing.interval(one.exposed), one.first, one.last, one.half,
                ]
            )
            for one in found.arms
        ],
        note=gettext(
            "Of those left out, who would have got a message had the lot not left them out. A "
            "household counts as one customer."
        ),
        term="exposure_share",
    )  # fmt: skip


def _curve(found: Exposure) -> Table:
    return Table(
        "exposure-curve",
        gettext("Reached by when"),
        [
            Column(gettext("Days since they were drawn"), "count"),
            Column(gettext("Drawn so long ago"), "count"), Column(gettext("Treated")),
            Column(gettext("Its 95% interval"), below=True), Column(gettext("Left out, as ghosts")),
            Column(gettext("Its 95% interval"), below=True),
        ],
        [
            Row(
                [
                    one.days, (one.treated.n or 0) + (one.held_out.n or 0), one.treated,
                    showing.interval(one.treated), one.held_out, showing.interval(one.held_out),
                ]
            )
            for one in found.curve
        ],
        term="exposure_share",
    )  # fmt: skip
