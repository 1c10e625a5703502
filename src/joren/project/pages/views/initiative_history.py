"""What was said of an initiative otherwise than before, as a table."""

from __future__ import annotations

from django.utils.translation import gettext

from joren.accounts import selectors as accounts
from joren.core.figures import Figure
from joren.decide.holdouts import selectors as holdouts
from joren.measure.initiatives import selectors
from joren.measure.initiatives.contracts import (
    CHANGE_NAMES,
    LATE_METRIC_NAMES,
    Initiative,
    InitiativeChange,
)
from joren.measure.practices import selectors as practices
from joren.project.pages.codes import partner
from joren.project.pages.tables import Column, Row, Table, Value
from joren.project.pages.views.practice_words import called


def table(one: Initiative) -> Table:
    """The newest change first; values in the reader's words."""
    columns = [
        Column(gettext("When")), Column(gettext("What changed")), Column(gettext("Changed from")),
        Column(gettext("Changed to")), Column(gettext("Of the day")), Column(gettext("Why")),
        Column(gettext("Written by")),
    ]  # fmt: skip
    names, unit, rows = _Names(), unit_of(one.text.metric), []
    for each in selectors.history(one.id):
        before, after = (names.said(each, end, unit) for end in (each.before, each.after))
        what = gettext(CHANGE_NAMES[each.what])
        rows.append(
            Row([each.at, what, before, after, each.on, each.why or None, names.callers[each.by]])
        )
        if each.what == "metric":  # what stands further down is of the one before
            unit = unit_of(str(each.before))
    note = gettext("What was changed before joren kept a history stands in the audit log alone.")
    return Table("history", gettext("History"), columns, rows, note)


def unit_of(metric: str) -> str:
    """In which its weeks are told."""
    return {
        "orders": "count", "new_customers": "count", "repeat_share": "share", "f2_90": "share",
    }.get(metric, accounts.business().currency or "JPY")  # fmt: skip


class _Names:
    """What numbers and keys are called."""

    def __init__(self) -> None:
        self.callers = accounts.names_of_callers()
        self.currency = accounts.business().currency or "JPY"
        self.members = accounts.member_names()
        self.holdouts = {each.id: each.name for each in holdouts.holdouts()}
        self.practices = {each.key: called(each) for each in practices.practices()}

    def said(self, one: InitiativeChange, value: str | float | None, unit: str) -> Value:
        """One of both ends of a change."""
        if value is None:
            return None
        if one.what in ("cost", "cost_back"):
            return Figure("cost", float(value), self.currency)
        if one.what == "baseline":
            return Figure("late_baseline", float(value), unit)
        words = {
            "metric": {code: partner(*both) for code, both in LATE_METRIC_NAMES.items()},
            "owner": self.members, "holdout": self.holdouts, "practice": self.practices,
        }.get(one.what, {})  # fmt: skip
        return str(words.get(value, value))  # type: ignore[attr-defined]  # of each kind its own
