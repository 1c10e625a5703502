"""An owner registers: once, at a person's pace, and whatever happens afterwards."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from joren.accounts.selectors import business
from joren.collect.registrations import contracts, models, rules, selectors
from joren.collect.registrations.contracts import (
    MOST_OF_ALL,
    MOST_TRIES,
    MOST_WRONG,
    WINDOW,
    Owner,
    Programme,
    Proof,
    Written,
)
from joren.collect.registrations.services.handing_on import hand_on, in_sets
from joren.core import clock
from joren.plumbing import outbox
from joren.plumbing.sealing import seal, unseal
from joren.protect.consent.contracts import Said

ANNOUNCED: Final = "registrations.registered"
_LOOKED_AT: Final = 5_000  # those that cannot be settled hold up no others


def register(slug: str, proof: Proof, owner: Owner, *, visitor: str = "", by: str = "form") -> bool:
    """Write down that the owner has it; False where the same owner had said so before.

    ``visitor`` is the address that a form came from; a program has none, and no limit.
    """
    programme = selectors.programme(slug)
    if programme.closed_at is not None:
        raise contracts.NoSuchProgramme(f"{slug} takes no more", hint="ask the shop")
    if visitor:
        count_try(visitor, of=slug)
    try:
        return _registered(programme, proof, rules.checked(owner), by=by)
    except (contracts.NoSuchSerial, contracts.RegisteredAlready):
        if visitor:
            _count_wrong(visitor)
        raise


def _registered(programme: Programme, proof: Proof, owner: Owner, *, by: str) -> bool:
    now = clock.now()
    known_by = rules.known_by(programme, proof, today=clock.shop_day(now, business().time_zone))
    who = rules.fingerprint(settings.SECRET_KEY, owner.email)
    sku = _sku_of(programme, known_by)
    if (earlier := _earlier(programme, known_by)) is not None:
        return _said_before(earlier, who)
    key = f"registration:{programme.id}:{rules.fingerprint(settings.SECRET_KEY, known_by)}"
    pending = {
        "messages": rules.messages(programme, proof, owner, key=key, sku=sku, at=now),
        "if_new": rules.introduced(owner, key=key, at=now),
        "email": owner.email,
        "wording": owner.wording,
        "language": owner.language,
        "by": by,
    }
    try:
        with transaction.atomic():
            row = models.Registration.objects.create(
                programme_id=programme.id,
                known_by=known_by,
                who=who,
                registered_at=now,
                agreed=owner.agrees,
                pending=seal(json.dumps(pending)),
            )
            outbox.put(
                ANNOUNCED, registration=row.pk, programme=programme.slug, agreed=owner.agrees
            )
    except IntegrityError:  # another registered it meanwhile
        earlier = _earlier(programme, known_by)
        return earlier is not None and _said_before(earlier, who)
    return True


def settle() -> int:
    """Hand on what was registered: the person and the fact, then that they asked for mail.

    Returns how many are done; they do not wait for those that cannot be.
    """
    waiting = models.Registration.objects.exclude(pending="").order_by("pk")
    return in_sets(list(waiting.select_related("programme")[:_LOOKED_AT]), _settle)


def _settle(rows: Sequence[models.Registration]) -> int:
    became = hand_on([_written(row) for row in rows], told=_told)
    done = [number for number, one in became.items() if one.done]
    models.Registration.objects.filter(pk__in=done).update(pending="")
    return len(done)


def _written(row: models.Registration) -> Written:
    said = json.loads(unseal(row.pending))
    language = said.get("language", "")
    asks = Said(
        "email",
        "marketing",
        "requested",  # whoever typed the address need not be its owner
        "form",
        at=row.registered_at,
        wording=said["wording"],
        proof=f"registration:{row.pk}" + (f":{language}" if language else ""),
    )
    return Written(
        row.pk, row.programme.source_id, said["email"], said["messages"], said.get("if_new", ()),
        row.handed_on, row.registered_at, asks if row.agreed else None,
        "customer" if said["by"] == "form" else said["by"],
    )  # fmt: skip


def _told(numbers: Sequence[int]) -> None:
    models.Registration.objects.filter(pk__in=numbers).update(handed_on=True)


def sweep() -> int:
    """Forget who tried when."""
    past = _stretch(clock.now()) - 1
    gone, _ = models.Attempt.objects.filter(stretch__lt=past).delete()
    return gone


def _sku_of(programme: Programme, known_by: str) -> str:
    if programme.takes == "receipts":
        return programme.sku
    row = models.Serial.objects.filter(programme_id=programme.id, serial=known_by).first()
    if row is None:
        raise contracts.NoSuchSerial(
            "no product has this serial number", hint="look again: it stands on the product"
        )
    return row.sku or programme.sku


def _earlier(programme: Programme, known_by: str) -> models.Registration | None:
    return models.Registration.objects.filter(programme_id=programme.id, known_by=known_by).first()


def _said_before(earlier: models.Registration, who: str) -> bool:
    if earlier.who != who:
        raise contracts.RegisteredAlready(
            f"it was registered on {earlier.registered_at:%Y-%m-%d} by somebody else",
            hint="ask the shop, with the receipt at hand",
        )
    return False


def count_try(visitor: str, *, room: str = "", of: str = "") -> None:
    """One more try of this visitor, and of all who try that of the room; too many are refused
    before all else."""
    stretch = _stretch(clock.now())
    everybody = rules.fingerprint(settings.SECRET_KEY, f"all:{room}:{of}")
    mine = _fingerprint(visitor, room)
    for who, most in ((mine, MOST_TRIES), (everybody, MOST_OF_ALL)):
        row = _counted(who, stretch)
        if row.tries > most or row.wrong >= MOST_WRONG:
            raise contracts.TooManyTries(
                f"more than {most} tries in ten minutes", hint="try again a little later"
            )


def tries_of(visitor: str, *, room: str) -> int:
    """One more of this visitor, whom nothing is refused: how many in these ten minutes?"""
    return _counted(_fingerprint(visitor, room), _stretch(clock.now())).tries


def _counted(who: str, stretch: int) -> models.Attempt:
    _add(who, stretch, tries=1)
    return models.Attempt.objects.get(visitor=who, stretch=stretch)


def _count_wrong(visitor: str) -> None:
    _add(_fingerprint(visitor), _stretch(clock.now()), wrong=1)


def _add(visitor: str, stretch: int, *, tries: int = 0, wrong: int = 0) -> None:
    models.Attempt.objects.bulk_create(
        [models.Attempt(visitor=visitor, stretch=stretch)], ignore_conflicts=True
    )
    models.Attempt.objects.filter(visitor=visitor, stretch=stretch).update(
        tries=F("tries") + tries, wrong=F("wrong") + wrong
    )


def _fingerprint(visitor: str, room: str = "") -> str:
    network = rules.network_of(visitor)
    return rules.fingerprint(settings.SECRET_KEY, f"{room}:{network}" if room else network)


def _stretch(now: datetime) -> int:
    return int(now.timestamp()) // WINDOW
