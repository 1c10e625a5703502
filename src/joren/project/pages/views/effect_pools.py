"""Actions of one kind read together, and each of them beside its kind: two tables of Effects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext, gettext_noop, ngettext

from joren.act.messages.contracts import KIND_NAMES
from joren.measure.experiments.contracts import Evidence, Likeness, Metric, Pool, PoolKind
from joren.project import showing
from joren.project.pages.tables import Column, Linked, Row, Table

SHARED: Final[dict[PoolKind, str]] = {
    "journey": gettext_noop("Same journey"),
    "message": gettext_noop("Same message"),
    "everything": gettext_noop("Left out of everything"),
    "audience": gettext_noop("Same audience, by hand"),
    "content": gettext_noop("Same kind of message"),
}


def together(
    pools: Sequence[Pool], verdicts: Mapping[Evidence, str], metrics: Mapping[Metric, str]
) -> Table:
    """A row for each kind."""
    return Table(
        "pools",
        gettext("Actions of one kind, read together"),
        [
            Column(gettext("What they share")), Column(gettext("Which"), below=True),
            Column(gettext("Number of actions"), "count"),
            Column(gettext("Customers"), "count"),
            Column(gettext("Evidence")), Column(gettext("Measured in"), below=True),
            Column(gettext("Per customer treated")),
            Column(gettext("Its 95% interval"), below=True), Column(gettext("Together")),
            Column(gettext("A next one: where it will lie")),
            Column(gettext("Not far enough yet"), "count"),
        ],
        [
            Row(
                [
                    gettext(SHARED[one.likeness.kind]), _name(one.likeness), len(one.actions),
                    one.customers, _verdict(one, verdicts), gettext(metrics[one.metric]),
                    one.per_customer, showing.interval(one.per_customer), one.together,
                    showing.interval(one.next_one), one.waiting,
                ],
                thin=one.evidence == "too_small",
            )
            for one in pools
        ],
        note=gettext(
            "Of each action the first 90 days of its customers, compared within the action, so "
            "that a larger share left out in one month cannot pass for an effect. The interval "
            "holds however often you look and repeat. Fewer than 30 buyers in an arm are too few "
            "to read."
        ),
    )  # fmt: skip


def apart(pools: Sequence[Pool]) -> Table:
    """Every action beside its kind."""
    return Table(
        "pooled",
        gettext("Each action beside its kind"),
        [
            Column(gettext("What they share")), Column(gettext("Which"), below=True),
            Column(gettext("What was done")), Column(gettext("Customers"), "count"),
            Column(gettext("Alone, per customer")),
            Column(gettext("Its 95% interval"), below=True),
            Column(gettext("Drawn to its kind")), Column(gettext("Its 95% interval"), below=True),
        ],
        [
            Row(
                [
                    gettext(SHARED[one.likeness.kind]), _name(one.likeness),
                    Linked(each.name, reverse("holdout", args=[each.holdout_id])), each.customers,
                    each.alone, showing.interval(each.alone), each.drawn,
                    showing.interval(each.drawn),
                ]
            )
            for one in pools
            for each in one.actions
        ],
        note=gettext(
            "The luckiest of several looks best, and need not be: as far as little is known of an "
            "action alone, it is drawn to the mean of its kind. From four actions on; no row here "
            "is called proven, or a winner."
        ),
    )  # fmt: skip


def _name(likeness: Likeness) -> str | Linked:
    if likeness.kind == "journey":
        return Linked(likeness.name, reverse("journey", args=[likeness.number]))
    if likeness.kind == "content":
        return gettext(KIND_NAMES[likeness.name])
    return likeness.name


def _verdict(one: Pool, verdicts: Mapping[Evidence, str]) -> str:
    if one.more:
        return ngettext(
            "Not yet known: needs about %(n)s more like these",
            "Not yet known: needs about %(n)s more like these",
            one.more,
        ) % {"n": one.more}
    return gettext(verdicts[one.evidence])
