"""Questions about who is told, and how that went."""

from __future__ import annotations

from typing import cast

from django.db.models import Q

from joren.act.deliveries import contracts, models
from joren.act.deliveries.contracts import Pending, Shape, State
from joren.core import clock
from joren.plumbing.cursor import Slice, decode, encode


def endpoints() -> tuple[contracts.Endpoint, ...]:
    """All of them, the disabled last."""
    rows = models.Receiver.objects.order_by("pk")
    return tuple(_endpoint(row) for row in sorted(rows, key=lambda row: bool(row.disabled_at)))


def endpoint(number: int) -> contracts.Endpoint:
    row = models.Receiver.objects.filter(pk=number).first()
    if row is None:
        raise contracts.NoSuchReceiver(f"no endpoint {number}", hint="joren deliveries endpoints")
    return _endpoint(row)


def given_up() -> tuple[contracts.Endpoint, ...]:
    """Those that were disabled because nothing arrived there."""
    rows = models.Receiver.objects.exclude(disabled_because="").exclude(disabled_at=None)
    return tuple(_endpoint(row) for row in rows.order_by("pk"))


def deliveries(
    *, endpoint: int | None = None, state: str = "", after: str = "", limit: int = 50
) -> Slice[contracts.Delivery]:
    """The newest first."""
    rows = models.Delivery.objects.select_related("message").order_by("-pk")
    if endpoint is not None:
        rows = rows.filter(receiver_id=endpoint)
    if state:
        rows = rows.filter(state=state)
    if after:
        rows = rows.filter(pk__lt=decode(after, size=1)[0])
    found = list(rows[: limit + 1])
    shown = tuple(_delivery(row) for row in found[:limit])
    return Slice(shown, encode(shown[-1].id) if len(found) > limit else "")


def delivery(number: int) -> contracts.Delivery:
    row = models.Delivery.objects.select_related("message").filter(pk=number).first()
    if row is None:
        raise contracts.NoSuchMessage(f"no delivery {number}", hint="joren deliveries list")
    return _delivery(row)


def body_of(number: int) -> str:
    """What is told by that delivery: ids, and nothing personal."""
    return models.Delivery.objects.select_related("message").get(pk=number).message.body


def paused() -> bool:
    """Is nobody told anything at the moment?"""
    return models.Pause.objects.filter(goes_on=True).exists()


def pauses(limit: int = 50) -> list[contracts.Pause]:
    """The newest first; one that goes on says how many chat messages wait now."""
    return [pause_of(row) for row in models.Pause.objects.order_by("-pk")[:limit]]


def pause_of(row: models.Pause) -> contracts.Pause:
    """As other rooms see it."""
    return contracts.Pause(
        row.pk, row.why, row.until, cast("Pending", row.then), row.begun_at, row.begun_by,
        row.ended_at, row.ended_by, row.ended_how, row.mails,
        len(chats_waiting()) if row.goes_on else row.chats,
    )  # fmt: skip


def chats_waiting() -> list[int]:
    """The numbers of what chat rooms were not told yet."""
    rows = models.Delivery.objects.filter(state="waiting", receiver__disabled_at=None)
    free = Q(held_until=None) | Q(held_until__lte=clock.now())  # the others are on their way
    chats = rows.filter(free).exclude(receiver__shape="signed")
    return list(chats.order_by("pk").values_list("pk", flat=True))


def _endpoint(row: models.Receiver) -> contracts.Endpoint:
    return contracts.Endpoint(
        id=row.pk,
        name=row.name,
        url=row.url,
        announcements=tuple(row.announcements),
        made_at=row.made_at,
        old_until=row.old_until,
        disabled_at=row.disabled_at,
        disabled_because=row.disabled_because,
        failing_since=row.failing_since,
        shape=cast("Shape", row.shape),
        language=row.language,
    )


def _delivery(row: models.Delivery) -> contracts.Delivery:
    return contracts.Delivery(
        id=row.pk,
        message=row.message.key,
        type=row.message.type,
        endpoint=row.receiver_id,
        state=cast("State", row.state),
        attempts=row.attempts,
        code=row.code,
        error=row.error,
        made_at=row.message.made_at,
        next_at=row.next_at if row.state == "waiting" else None,
        done_at=row.done_at,
    )
