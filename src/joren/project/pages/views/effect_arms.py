"""Whether the arms of a holdout are those that were drawn, and where they are not."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext, gettext_noop

from joren.measure.experiments import selectors
from joren.measure.experiments.contracts.checks import (
    ARMS_GROUP_NAMES,
    STAGES,
    ArmsCause,
    ArmsCheck,
    ArmsGroup,
    ArmsLikely,
)
from joren.project.pages.tables import Column, Row, Table
from joren.science.inference.sample_ratio import BLOCKS_BELOW

_CAUSES: Final[dict[ArmsCause, str]] = {
    "in_two_arms": gettext_noop(
        "Persons are in both groups: profiles were joined after the draw, or drawn anew."
    ),
    "assigned_unevenly": gettext_noop("It was so from the draw on."),
    "lost_on_the_way": gettext_noop(
        "They were drawn as planned, and customers of one group are missing since: %(where)s."
    ),
    "in_some_groups": gettext_noop("It is so in these alone (%(group)s): %(where)s."),
    "everywhere": gettext_noop(
        "All parts lean the same way: other shares were drawn than planned, or customers of one "
        "group are missing everywhere."
    ),
}


def arms_of(number: int) -> tuple[str, list[str], Table | None]:
    """What may be said in a sentence, likely causes, and the counts."""
    found = selectors.arms_check(number)
    if found.p is None:
        return "", [], None
    said = {"p": f"{found.p:.3f}"}
    if found.blocks:
        words = gettext(
            "The groups are not as large as they were drawn (p %(p)s): no effect is concluded."
        )
    else:
        words = gettext("The groups are as large as they were drawn (p %(p)s).")
    return words % said, [_cause(one) for one in found.likely], _table(found)


def _cause(one: ArmsLikely) -> str:
    named = {
        "group": gettext(ARMS_GROUP_NAMES[one.group]),
        "where": "、".join(_name(one.group, each) for each in one.where) or "–",
    }
    return gettext(_CAUSES[one.cause]) % named


def _table(found: ArmsCheck) -> Table:
    return Table(
        "arms-check",
        gettext("Are the groups those that were drawn?"),
        [
            Column(gettext("By")), Column(gettext("Part")), Column(gettext("Treated"), "count"),
            Column(gettext("Left out"), "count"), Column(gettext("Share left out"), "share"),
            Column(gettext("By chance (p)")),
        ],
        [
            Row(
                [
                    gettext(ARMS_GROUP_NAMES[one.group]), _name(one.group, one.name), one.treated,
                    one.held_out, one.held_out / max(one.treated + one.held_out, 1),
                    f"{one.p:.3f}",
                ],
                thin=one.p >= BLOCKS_BELOW,
            )
            for one in found.counts
        ],
        note=gettext(
            "Sizes are held against the shares of the draw (χ²); below .001 nothing is concluded. "
            "Where one part alone is off, look there first: an import, a shop or a day on which "
            "customers of one group went missing."
        ),
    )  # fmt: skip


def _name(group: ArmsGroup, name: str) -> str:
    if group == "stage" and name in STAGES:
        return gettext(name)
    if not name:
        return gettext("not bought yet") if group == "stratum" else gettext("unknown")
    return name
