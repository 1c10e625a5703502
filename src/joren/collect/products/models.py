"""What products are to each other, by their codes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from joren.collect.products.contracts import KINDS, SOURCES


class Relation(models.Model):
    """``other`` is ``kind`` to ``sku``: one relation for a pair."""

    sku = models.CharField(max_length=100)
    kind = models.CharField(max_length=20)
    other = models.CharField(max_length=100)
    place = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=10)
    made_by = models.CharField(max_length=100)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["sku", "other"], name="products_pair_once"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="products_kind_is_known"),
            models.CheckConstraint(
                condition=Q(source__in=SOURCES), name="products_source_is_known"
            ),
            models.CheckConstraint(condition=~Q(sku=F("other")), name="products_pair_is_of_two"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["other"], name="products_by_other"),
        ]
