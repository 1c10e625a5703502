"""Reviews, what was decided in them, and what somebody will do. Members are named by number."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from joren.measure.indicators.contracts import PARTS
from joren.measure.reviews.contracts import DECISIONS, STATES, VERDICTS


class Cycle(models.Model):
    """One review; ``agenda`` is what the data said when they were opened."""

    held_on = models.DateField(unique=True)
    state = models.CharField(max_length=10, default="preparing")
    decider_id = models.BigIntegerField(null=True)
    criterion = models.TextField(blank=True)
    criterion_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    opened_by = models.CharField(max_length=100, blank=True)
    as_of = models.DateField(null=True)
    agenda = models.JSONField(null=True)
    notes = models.TextField(blank=True)
    mailed_on = models.DateField(null=True)  # when its mails were put down, on its day
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="review_state_is_known"),
            models.CheckConstraint(
                condition=Q(state="preparing")
                | (
                    ~Q(criterion="")
                    & Q(decider_id__isnull=False, agenda__isnull=False)
                    & Q(criterion_at__lte=F("opened_at"))
                ),
                name="review_criterion_comes_before_the_data",
            ),
        ]


class ReviewMail(models.Model):
    """A review on its way to one member, on its day."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="mails")
    member_id = models.BigIntegerField()
    state = models.CharField(max_length=10, default="waiting")
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["cycle", "member_id"], name="review_mailed_once"),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "done", "failed")),
                name="review_mail_state_is_known",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "next_at"], name="review_mail_by_due"),
        ]


class Tuning(models.Model):
    """A decision. What came of it is added once it is known; nothing else changes."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="tunings")
    part = models.CharField(max_length=10)
    decision = models.CharField(max_length=10)
    about = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    expected = models.TextField(blank=True)
    holdout_id = models.BigIntegerField(null=True)
    decided_at = models.DateTimeField()
    decided_by = models.CharField(max_length=100)
    verdict = models.CharField(max_length=10, blank=True)
    outcome = models.TextField(blank=True)
    judged_at = models.DateTimeField(null=True)
    judged_by = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(part__in=PARTS), name="tuning_part_is_known"),
            models.CheckConstraint(
                condition=Q(decision__in=DECISIONS), name="tuning_decision_is_known"
            ),
            models.CheckConstraint(
                condition=Q(verdict="", judged_at__isnull=True)
                | Q(verdict__in=VERDICTS, judged_at__isnull=False),
                name="tuning_is_judged_or_not",
            ),
        ]


class Action(models.Model):
    """Something to do, by whom and until when."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="actions")
    what = models.CharField(max_length=200)
    owner_id = models.BigIntegerField(null=True)
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=100, blank=True)
