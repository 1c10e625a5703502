"""What the shop wrote down: spends and tests."""

from __future__ import annotations

from joren.measure.channels import models
from joren.measure.channels.contracts import (
    Area,
    AreaTest,
    AreaTestText,
    NoSuchAreaTest,
    SaidSpend,
)


def spends() -> list[SaidSpend]:
    """All that was said, newest first."""
    return [
        SaidSpend(row.pk, row.channel, row.first, row.last, row.amount, row.note, row.test_id,
                  row.said_by)
        for row in models.Spend.objects.order_by("-first", "-pk")
    ]  # fmt: skip


def area_tests() -> list[AreaTest]:
    """All of them, the one that began last first."""
    rows = models.AreaTest.objects.prefetch_related("areas", "spends")
    return [_read(row) for row in rows.order_by("-started_on", "-pk")]


def area_test(number: int) -> AreaTest:
    """One of them."""
    row = models.AreaTest.objects.filter(pk=number).first()
    if row is None:
        raise NoSuchAreaTest(f"there is no area test {number}", hint="joren channels tests")
    return _read(row)


def _read(row: models.AreaTest) -> AreaTest:
    areas = sorted(row.areas.all(), key=lambda one: (one.block, one.pk))
    costs = [one.amount for one in row.spends.all()]
    text = AreaTestText(
        row.name, row.channel, row.unit,  # type: ignore[arg-type]  # constrained
        row.started_on, row.stopped_on, row.lag_days,
        () if row.by_lot else tuple(one.name for one in areas if one.treated),
    )  # fmt: skip
    return AreaTest(
        row.pk, text, row.by_lot, row.salt,
        tuple(Area(one.name, one.treated, one.block) for one in areas),
        sum(costs) if costs else None, row.drawn_at, row.drawn_by,
    )  # fmt: skip
