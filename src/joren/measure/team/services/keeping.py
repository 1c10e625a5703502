"""Keep who has which part, who is thanked, and what was said in meetings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction

from joren.accounts import selectors as accounts
from joren.core import clock
from joren.measure.practices import selectors as practices
from joren.measure.team import models, selectors
from joren.measure.team.contracts import (
    Meeting,
    MeetingText,
    NoSuchMeeting,
    NoSuchPraise,
    Praise,
    TeamAction,
    Training,
    TrainingText,
)
from joren.measure.team.rules import writing
from joren.protect.audit import services as audit


@transaction.atomic
def share_out(kind: str, key: str, parts: Mapping[str, Sequence[int]], *, by: str) -> TeamAction:
    """Say anew who has which part in an action, by duty; duties that are not named stay."""
    found = selectors.action(kind, key)
    writing.check_parts(kind, parts)
    for duty, members in parts.items():
        for one in members:
            accounts.member_numbered(one)
        models.Part.objects.filter(kind=kind, key=key, duty=duty).delete()
        models.Part.objects.bulk_create(
            models.Part(kind=kind, key=key, duty=duty, member_id=one)
            for one in dict.fromkeys(members)
        )
    audit.record(
        "team.parts_shared", actor=by, subject_kind=found.kind, subject_id=found.key,
        **{duty: list(dict.fromkeys(members)) for duty, members in parts.items()},
    )  # fmt: skip
    return selectors.action(kind, key)


@transaction.atomic
def thank(
    member: int, *, what: str, why: str = "", on: date | None = None, source: str = "",
    key: str = "", by: str,
) -> Praise:  # fmt: skip
    """Write down who did what well. For one result a person is thanked once: again is the same."""
    accounts.member_numbered(member)
    said = writing.short("what was done well", what)
    writing.check_source(source, key)
    known = models.Praise.objects.filter(member_id=member, source=source, key=key).first()
    if source and known:
        return selectors.praise(known.pk)
    today = clock.shop_day(clock.now(), accounts.business().time_zone)
    row = models.Praise.objects.create(
        member_id=member, what=said, why=why.strip(), on=on or today, source=source, key=key,
        said_at=clock.now(), said_by=by,
    )  # fmt: skip
    audit.record("team.thanked", actor=by, subject_kind="member", subject_id=member, praise=row.pk)
    return selectors.praise(row.pk)


@transaction.atomic
def take_back_praise(number: int, *, by: str) -> None:
    """It was written down by mistake."""
    row = models.Praise.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise NoSuchPraise(f"there is no praise {number}", hint="joren team praises")
    audit.record("team.praise_taken_back", actor=by, subject_kind="member",
                 subject_id=row.member_id, praise=number)  # fmt: skip
    row.delete()


@transaction.atomic
def train(text: TrainingText, *, by: str) -> Training:
    """Write down what somebody learned."""
    today = clock.shop_day(clock.now(), accounts.business().time_zone)
    said = writing.checked_training(text, today=today)
    accounts.member_numbered(said.member)
    if said.practice:
        practices.practice(said.practice)
    row = models.Training.objects.create(
        member_id=said.member, what=said.what, on=said.on, minutes=said.minutes,
        evidence=said.evidence, practice=said.practice, said_at=clock.now(), said_by=by,
    )  # fmt: skip
    audit.record("team.trained", actor=by, subject_kind="member", subject_id=said.member,
                 training=row.pk, minutes=said.minutes)  # fmt: skip
    return selectors.training(row.pk)


@transaction.atomic
def take_back_training(number: int, *, by: str) -> None:
    """It was written down by mistake."""
    one = selectors.training(number)
    models.Training.objects.filter(pk=number).delete()
    audit.record("team.training_taken_back", actor=by, subject_kind="member",
                 subject_id=one.person.id, training=number)  # fmt: skip


@transaction.atomic
def keep_meeting(text: MeetingText, *, number: int | None = None, by: str) -> Meeting:
    """Write a meeting down, or say one anew."""
    checked = writing.checked_meeting(text)
    for one in checked.present:
        accounts.member_numbered(one)
    row = models.Meeting() if number is None else _meeting(number)
    row.held_on, row.title, row.notes = checked.held_on, checked.title, checked.notes
    row.present, row.changed_at, row.changed_by = list(checked.present), clock.now(), by
    row.save()
    audit.record("team.meeting_kept", actor=by, subject_kind="meeting", subject_id=row.pk)
    return selectors.meeting(row.pk)


@transaction.atomic
def forget_meeting(number: int, *, by: str) -> None:
    """Take a meeting's notes away."""
    _meeting(number).delete()
    audit.record("team.meeting_forgotten", actor=by, subject_kind="meeting", subject_id=number)


def _meeting(number: int) -> models.Meeting:
    row = models.Meeting.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise NoSuchMeeting(f"there is no meeting {number}", hint="joren team meetings")
    return row
