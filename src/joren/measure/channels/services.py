"""Say what a channel cost, draw a test by area, call one off."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import date

from django.db import IntegrityError, transaction

from joren.accounts import selectors as accounts
from joren.core import clock
from joren.measure.channels import models, selectors
from joren.measure.channels.contracts import (
    AreaTest,
    AreaTestBegan,
    AreaTestNameTaken,
    AreaTestOverlaps,
    AreaTestText,
    NoSuchSpend,
    SaidSpend,
)
from joren.measure.channels.rules import areas, dealing
from joren.protect.audit import services as audit
from joren.understand.ltv import selectors as values


@transaction.atomic
def say_spend(
    channel: str, *, first: date, last: date, amount: int, by: str, note: str = "",
    test: int | None = None,
) -> SaidSpend:  # fmt: skip
    """Write down what a channel cost over some days, in minor units; ``test`` where it is the cost
    of that area test, which also says the channel."""
    if test is not None:
        channel = selectors.area_test(test).text.channel
    said, words = dealing.channel_of(channel), note.strip()
    dealing.check_spend(first, last, amount, words, today=_today())
    row = models.Spend.objects.create(
        channel=said, first=first, last=last, amount=amount, note=words, test_id=test,
        said_at=clock.now(), said_by=by,
    )  # fmt: skip
    audit.record(
        "channels.spend_said", actor=by, subject_kind="channel_spend", subject_id=row.pk,
        channel=said, amount=amount,
    )  # fmt: skip
    return next(one for one in selectors.spends() if one.id == row.pk)


@transaction.atomic
def take_spend_back(number: int, *, by: str) -> None:
    """That was a mistake."""
    row = models.Spend.objects.filter(pk=number).first()
    if row is None:
        raise NoSuchSpend(f"nobody said a spend {number}", hint="joren channels spends")
    audit.record(
        "channels.spend_taken_back", actor=by, subject_kind="channel_spend", subject_id=number,
        channel=row.channel, amount=row.amount,
    )  # fmt: skip
    row.delete()


def draw_test(text: AreaTestText, *, by: str) -> AreaTest:
    """Deal the areas by lot in pairs of alike ones; or keep those where it was done already, which
    is then no experiment."""
    said = dealing.check_test(text, today=_today())
    _refuse_overlap(said)
    snapshot = values.snapshot()
    if said.treated:
        wanted = tuple(dict.fromkeys(areas.area_of(one, said.unit) for one in said.treated))
        first, last = said.before
        rows = selectors.daily(snapshot, first, last)
        sold = selectors.sold_by_area(rows, said.unit, "revenue", first, last)
        salt, dealt = "", dealing.chosen(sold, wanted)
        said = replace(said, treated=wanted)
    else:
        sold = selectors.sold_now(snapshot, said.unit)
        salt = secrets.token_hex(16)
        dealt = dealing.drawn(sold, salt)
    try:
        with transaction.atomic():
            row = models.AreaTest.objects.create(
                name=said.name, channel=said.channel, unit=said.unit, started_on=said.started_on,
                stopped_on=said.stopped_on, lag_days=said.lag_days, by_lot=not said.treated,
                salt=salt, drawn_at=clock.now(), drawn_by=by,
            )  # fmt: skip
            models.Area.objects.bulk_create(
                models.Area(test=row, name=one.name, treated=one.treated, block=one.block)
                for one in dealt
            )
            audit.record(
                "channels.areas_dealt", actor=by, subject_kind="area_test", subject_id=row.pk,
                channel=said.channel, areas=len(dealt), by_lot=not said.treated,
            )  # fmt: skip
    except IntegrityError:
        raise AreaTestNameTaken(
            f"there is an area test “{said.name}” already", hint="choose another name"
        ) from None
    return selectors.area_test(row.pk)


@transaction.atomic
def call_off(number: int, *, by: str) -> None:
    """It will not be done. What has begun stays: to drop what does not please is no test."""
    one = selectors.area_test(number)
    if one.text.started_on <= _today():
        raise AreaTestBegan(
            f"“{one.text.name}” began on {one.text.started_on}", hint="it can only be read"
        )
    models.Spend.objects.filter(test_id=number).update(test=None)
    models.AreaTest.objects.filter(pk=number).delete()
    audit.record(
        "channels.test_called_off", actor=by, subject_kind="area_test", subject_id=number,
        name=one.text.name,
    )  # fmt: skip


def _refuse_overlap(said: AreaTestText) -> None:
    """Areas left out of one test would be treated by the other. Where both tell what somebody
    chose and did there is no lot to spoil; whose name is taken is told so."""
    for other in selectors.area_tests():
        theirs = other.text
        if (
            (other.by_lot or not said.treated)
            and theirs.channel == said.channel
            and theirs.name != said.name
            and theirs.started_on <= said.last
            and said.started_on <= theirs.last
        ):
            raise AreaTestOverlaps(
                f"“{theirs.name}” of the same channel runs from {theirs.started_on} to "
                f"{theirs.last}, the days after it included",
                hint="choose days after it",
            )


def _today() -> date:
    return clock.shop_day(clock.now(), accounts.business().time_zone)
