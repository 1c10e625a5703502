"""Who is told, under which secret, and until when."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction

from joren.act.deliveries import contracts, models, selectors
from joren.act.deliveries.contracts import ANNOUNCEMENTS, LONGEST_NAME, OVERLAP
from joren.act.deliveries.rules import addresses, chat, saying
from joren.core import clock
from joren.plumbing.sealing import seal
from joren.protect.audit import services as audit


@transaction.atomic
def add_endpoint(
    name: str, *, url: str, announcements: Sequence[str], by: str = "command-line"
) -> tuple[contracts.Endpoint, str]:
    """Tell that address what it chose; returns it and its secret, which is shown this once."""
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise contracts.BadReceiver(
            f"an endpoint has a name, and not one of {len(name.strip())} characters",
            hint=f"which program is it? At most {LONGEST_NAME}",
        )
    addresses.place_of(url.strip(), settings.JOREN_WEBHOOK_HOSTS)
    secret = _new_secret()
    row = models.Receiver.objects.create(
        name=name.strip(),
        url=url.strip(),
        announcements=_chosen(announcements),
        secret=seal(secret),
        made_at=clock.now(),
    )
    _told("deliveries.endpoint_added", row, by)
    return selectors.endpoint(row.pk), secret


@transaction.atomic
def add_chat(
    name: str, *, shape: str, url: str, token: str = "", announcements: Sequence[str],
    language: str = "ja", by: str = "command-line",
) -> contracts.Endpoint:  # fmt: skip
    """Tell a chat room what it chose, in words, by its incoming webhook.

    Chatwork takes an API token and the address of a room; elsewhere the address is the secret, and
    of it the host alone is ever shown again.
    """
    chat.check(name, shape, url.strip(), token.strip(), language)
    place = addresses.place_of(url.strip(), settings.JOREN_WEBHOOK_HOSTS)
    by_token = shape == "chatwork"
    secret = token.strip() if by_token else url.strip()
    row = models.Receiver.objects.create(
        name=name.strip(), url=url.strip() if by_token else f"{place.scheme}://{place.host}/…",
        announcements=_chosen(announcements), secret=seal(secret),
        made_at=clock.now(), shape=shape, language=language,
    )  # fmt: skip
    _told("deliveries.chat_added", row, by)
    return selectors.endpoint(row.pk)


@transaction.atomic
def choose_announcements(
    number: int, announcements: Sequence[str], *, by: str = "command-line"
) -> contracts.Endpoint:
    """Tell it those from now on."""
    row = _row(number)
    row.announcements = _chosen(announcements)
    row.save(update_fields=["announcements"])
    _told("deliveries.announcements_chosen", row, by)
    return selectors.endpoint(number)


@transaction.atomic
def rotate_secret(number: int, *, by: str = "command-line") -> tuple[contracts.Endpoint, str]:
    """Sign with a new secret, and for a day with the one before as well."""
    row = _row(number)
    if row.shape != "signed":
        raise contracts.BadReceiver(
            "a chat room has no secret of ours", hint="remove it, and add its new address"
        )
    secret = _new_secret()
    row.old_secret, row.old_until = row.secret, clock.now() + OVERLAP
    row.secret = seal(secret)
    row.save(update_fields=["secret", "old_secret", "old_until"])
    _told("deliveries.secret_rotated", row, by)
    return selectors.endpoint(number), secret


@transaction.atomic
def disable_endpoint(number: int, *, by: str = "command-line") -> contracts.Endpoint:
    """Tell it nothing more; what waits for it waits until it is enabled again."""
    row = _row(number)
    if row.disabled_at is None:
        row.disabled_at, row.disabled_because = clock.now(), ""
        row.save(update_fields=["disabled_at", "disabled_because"])
        _told("deliveries.endpoint_switched_off", row, by)
    return selectors.endpoint(number)


@transaction.atomic
def enable_endpoint(number: int, *, by: str = "command-line") -> contracts.Endpoint:
    """Tell it again, at once also what waited meanwhile."""
    row = _row(number)
    row.disabled_at, row.disabled_because, row.failing_since = None, "", None
    row.save(update_fields=["disabled_at", "disabled_because", "failing_since"])
    models.Delivery.objects.filter(receiver=row, state="waiting").update(next_at=clock.now())
    _told("deliveries.endpoint_enabled", row, by)
    return selectors.endpoint(number)


@transaction.atomic
def remove_endpoint(number: int, *, by: str = "command-line") -> None:
    """Forget it, and what was told to it."""
    row = _row(number)
    _told("deliveries.endpoint_removed", row, by)
    row.delete()


def _new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def _chosen(announcements: Sequence[str]) -> list[str]:
    wanted = list(dict.fromkeys(one.strip() for one in announcements if one.strip()))
    if not wanted:
        raise contracts.BadReceiver(
            "no announcement was chosen", hint=f"known: {', '.join(ANNOUNCEMENTS)}"
        )
    for one in wanted:
        if not any(saying.fits(known, [one]) for known in ANNOUNCEMENTS):
            raise contracts.BadReceiver(
                f"nothing is announced as {one!r}", hint=f"known: {', '.join(ANNOUNCEMENTS)}"
            )
    return wanted


def _row(number: int) -> models.Receiver:
    row = models.Receiver.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise contracts.NoSuchReceiver(f"no endpoint {number}", hint="joren deliveries endpoints")
    return row


def _told(action: str, row: models.Receiver, by: str) -> None:
    audit.record(action, actor=by, subject_kind="endpoint", subject_id=row.pk)
