"""Questions about registered products."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from django.conf import settings
from django.core import signing
from django.db.models import Count, Q
from django.urls import reverse

from joren.collect.registrations import contracts, models
from joren.collect.registrations.contracts import Takes

_SALT = "joren.registrations.serial"
_CHUNK = 2_000


def programmes() -> tuple[contracts.Programme, ...]:
    """All of them, those that are closed last."""
    rows = models.Programme.objects.order_by("pk")
    return tuple(_programme(row) for row in sorted(rows, key=lambda row: bool(row.closed_at)))


def programme(slug: str) -> contracts.Programme:
    row = models.Programme.objects.filter(slug=slug).first()
    if row is None:
        raise contracts.NoSuchProgramme(
            f"nothing is registered at {slug!r}", hint="joren registrations list"
        )
    return _programme(row)


def address_of(slug: str) -> str:
    """Where owners register."""
    return f"{settings.JOREN_URL}{reverse('register', args=[slug])}"


def link_of(slug: str, serial: str) -> str:
    """The address of a QR code: it fills the serial number in, and nobody can make one up."""
    return f"{address_of(slug)}?s={signing.Signer(salt=_SALT).sign(f'{slug}/{serial}')}"


def serial_behind(slug: str, signed: str) -> str:
    """The serial number that a link carries; "" where the link is not ours."""
    try:
        said = signing.Signer(salt=_SALT).unsign(signed)
    except signing.BadSignature:
        return ""
    of, _, serial = said.partition("/")
    return serial if of == slug else ""


def links(slug: str) -> Iterator[tuple[str, str, str]]:
    """(serial, sku, link) of every serial number, for whoever prints the codes."""
    rows = models.Serial.objects.filter(programme__slug=slug).order_by("pk")
    for serial, sku in rows.values_list("serial", "sku").iterator(chunk_size=_CHUNK):
        yield serial, sku, link_of(slug, serial)


def _programme(row: models.Programme) -> contracts.Programme:
    counted = models.Registration.objects.filter(programme=row).aggregate(
        registered=Count("pk"), agreed=Count("pk", filter=Q(agreed=True))
    )
    return contracts.Programme(
        id=row.pk,
        slug=row.slug,
        name=row.name,
        store=row.store,
        sku=row.sku,
        product_name=row.product_name,
        takes=cast("Takes", row.takes),
        serials=models.Serial.objects.filter(programme=row).count(),
        registered=counted["registered"],
        agreed=counted["agreed"],
        made_at=row.made_at,
        closed_at=row.closed_at,
    )
