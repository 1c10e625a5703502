"""What was said in meetings."""

from __future__ import annotations

from collections.abc import Mapping

from joren.accounts import selectors as accounts
from joren.measure.team import models
from joren.measure.team.contracts import Meeting, MeetingText, NoSuchMeeting, Person


def meetings(*, limit: int = 200) -> list[Meeting]:
    """The newest first."""
    names = accounts.member_names()
    return [_read(row, names) for row in models.Meeting.objects.order_by("-held_on", "-pk")[:limit]]


def meeting(number: int) -> Meeting:
    """One of them."""
    row = models.Meeting.objects.filter(pk=number).first()
    if row is None:
        raise NoSuchMeeting(f"there is no meeting {number}", hint="joren team meetings")
    return _read(row, accounts.member_names())


def _read(row: models.Meeting, names: Mapping[int, str]) -> Meeting:
    text = MeetingText(row.held_on, row.title, row.notes, tuple(row.present))
    present = tuple(Person(one, names[one]) for one in row.present if one in names)
    return Meeting(row.pk, text, present, row.changed_at, row.changed_by)
