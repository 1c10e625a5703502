"""The bounds that the shop has set, every version of them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q


class RankRulesVersion(models.Model):
    """Rules from a moment on. A row is added, never changed; the newest one holds."""

    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=100)
    rfm = models.CharField(max_length=20)
    recency_days = models.JSONField()
    purchases = models.JSONField()
    spend = models.JSONField(null=True)
    active_days = models.PositiveIntegerField()
    settled_days = models.PositiveIntegerField()
    loyal_days = models.PositiveIntegerField()
    big_spend = models.PositiveBigIntegerField(null=True)
    vip_enter = models.PositiveIntegerField()
    vip_keep = models.PositiveIntegerField()
    vip_share_alarm = models.PositiveIntegerField()
    vip_share_fall = models.PositiveIntegerField()
    f2_days = models.PositiveIntegerField(default=90)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(rfm__in=("quantiles", "thresholds")), name="rank_rules_rfm_is_known"
            ),
            models.CheckConstraint(
                condition=Q(settled_days__lt=F("loyal_days")),
                name="rank_rules_settled_before_loyal",
            ),
            models.CheckConstraint(
                condition=Q(vip_enter__lte=F("vip_keep")), name="rank_rules_vip_kept_once_entered"
            ),
        ]
