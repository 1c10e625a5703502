"""Arms of a journey's splits beside each other, by profit and never by openings."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from joren.core.figures import Figure
from joren.measure.experiments import selectors
from joren.measure.experiments.contracts import SPLIT_DAYS, VARIANT_EVIDENCE, SplitTest
from joren.project.pages.tables import Column, Row, Table
from joren.project.pages.views.campaign_tests import called
from joren.understand.ltv.contracts import NoSnapshot


@dataclass(frozen=True)
class Beside:
    """One split over so many days, as its panel shows it."""

    test: SplitTest
    says: str
    best: str
    leads: list[tuple[str, Figure]]
    table: Table


def panels(journey: int) -> list[Beside]:
    """For the page of a journey; nothing before there are figures or where nothing is split."""
    try:
        found = [one for days in SPLIT_DAYS for one in selectors.split_tests(journey, days=days)]
    except NoSnapshot:
        return []
    return [_beside(one) for one in sorted(found, key=lambda one: one.node)]


def _beside(test: SplitTest) -> Beside:
    names = {arm.arm: arm.name for arm in test.arms}
    leads = [(names[arm], lead) for arm, lead in test.against]
    says = gettext(VARIANT_EVIDENCE[test.evidence])
    return Beside(test, says, names.get(test.best, ""), leads, _table(test))


def _table(test: SplitTest) -> Table:
    unit = test.arms[0].each.unit
    return Table(
        f"split-{test.node}-{test.days}",
        gettext("“{node}”: the first {days} days").format(node=test.node, days=test.days),
        [
            Column(gettext("Arm")), Column(gettext("Share"), "share"),
            Column(gettext("Fell into it"), "count"),
            Column(gettext("Their days are over"), "count"), Column(gettext("Buyers"), "count"),
            Column(gettext("Revenue"), unit), Column(gettext("Cost of the messages"), unit),
            Column(called(test.metric), unit),
        ],
        [
            Row([arm.name, arm.share / 100, arm.dealt, arm.customers, arm.buyers, arm.revenue,
                 arm.cost, arm.each])
            for arm in test.arms
        ],
        note=gettext(
            "Everybody who passed the split counts from that day on, whatever reached them; nobody "
            "who is held out does. Each interval holds for all pairs and on every day."
        ),
    )  # fmt: skip
