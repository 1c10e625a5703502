"""Parts in actions, praise, meetings, and notices. Members are named by number."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from joren.measure.team.contracts import ACTION_KINDS, ALONE, DUTIES, TOPICS


class Part(models.Model):
    """Somebody's part in an action; the audit log knows the past."""

    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=30)
    duty = models.CharField(max_length=10)
    member_id = models.BigIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["kind", "key", "duty", "member_id"], name="team_part_once"
            ),
            models.UniqueConstraint(
                fields=["kind", "key", "duty"], condition=Q(duty__in=ALONE),
                name="team_owner_and_decider_alone",
            ),
            models.CheckConstraint(condition=Q(kind__in=ACTION_KINDS), name="team_kind_is_known"),
            models.CheckConstraint(condition=Q(duty__in=DUTIES), name="team_duty_is_known"),
        ]  # fmt: skip


class Praise(models.Model):
    """Who did what well; for one result a person is thanked once."""

    member_id = models.BigIntegerField()
    what = models.CharField(max_length=200)
    why = models.TextField(blank=True)
    on = models.DateField()
    source = models.CharField(max_length=10, blank=True)
    key = models.CharField(max_length=30, blank=True)
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["member_id", "source", "key"], condition=~Q(source=""),
                name="team_thanked_once_for_a_result",
            ),
        ]  # fmt: skip


class Meeting(models.Model):
    """What was said in a meeting."""

    held_on = models.DateField()
    title = models.CharField(max_length=200)
    notes = models.TextField()
    present = models.JSONField(default=list)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=100)


class Training(models.Model):
    """What somebody learned, how long it took, and what shows it."""

    member_id = models.BigIntegerField()
    what = models.CharField(max_length=200)
    on = models.DateField()
    minutes = models.PositiveIntegerField()
    evidence = models.TextField(blank=True)
    practice = models.CharField(max_length=30, blank=True)
    said_at = models.DateTimeField()
    said_by = models.CharField(max_length=100)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["on"], name="team_training_by_day"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="team_training_takes_time"),
        ]


class Notice(models.Model):
    """Something that people are told of; a ``mark`` is told once."""

    topic = models.CharField(max_length=20)
    mark = models.CharField(max_length=100, unique=True)
    about = models.CharField(max_length=200)
    detail = models.JSONField(default=dict)
    subject = models.CharField(max_length=20, blank=True)
    key = models.CharField(max_length=30, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(topic__in=TOPICS), name="notice_topic_is_known"),
        ]


class NoticeMail(models.Model):
    """A notice on its way to one member."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="mails")
    member_id = models.BigIntegerField()
    state = models.CharField(max_length=10, default="waiting")
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    together = models.BooleanField(default=False)  # it waited during a pause: one mail with others

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["notice", "member_id"], name="notice_mailed_once"),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "done", "failed", "dropped")),
                name="notice_mail_state_is_known",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "next_at"], name="notice_mail_by_due"),
        ]


class NoticeChoice(models.Model):
    """What somebody does not want to be told of; without a row they are told of everything."""

    member_id = models.BigIntegerField(unique=True)
    off = models.JSONField(default=list)
    language = models.CharField(max_length=2, default="ja")


class EvidenceTold(models.Model):
    """What people know of the evidence of a holdout, so that a change can be told."""

    holdout_id = models.BigIntegerField(unique=True)
    evidence = models.CharField(max_length=20)
