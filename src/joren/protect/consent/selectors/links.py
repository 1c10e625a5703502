"""What a link says. It carries chance and a signature, and nothing of the person."""

from __future__ import annotations

from typing import Final

from django.core import signing

from joren.core.ids import CustomerId
from joren.protect.consent import contracts, models
from joren.protect.consent.contracts import Link, Matter

SIGNED: Final = "joren.consent.link"
TO_CONFIRM: Final = "joren.consent.confirmation"
_PARTS: Final = 3


def customer_behind(token: str) -> Link:
    """Whose link that is; the signature is compared in constant time."""
    handle, channel, purpose = _unsigned(token)
    row = models.Recipient.objects.filter(handle=handle).first()
    if row is None:
        raise contracts.NoSuchLink("the link is withdrawn", hint="ask the shop for another")
    return Link(CustomerId(row.customer_id), Matter(channel, purpose))


def is_ours(token: str) -> bool:
    """Did we once give that link to somebody, even if they are forgotten since?"""
    try:
        _unsigned(token)
    except contracts.NoSuchLink:
        return False
    return True


def matter_asked(token: str, *, days: int) -> tuple[CustomerId, int]:
    """Whose confirmation that is, and of which entry; a late one is refused."""
    signer = signing.TimestampSigner(salt=TO_CONFIRM)
    try:
        text = signer.unsign(token, max_age=days * 86_400)
        handle, number = text.split(".")
    except signing.SignatureExpired:
        raise contracts.LinkExpired(
            f"the link is older than {days} days", hint="ask for another by signing up again"
        ) from None
    except (signing.BadSignature, ValueError):
        raise _no_link() from None
    row = models.Recipient.objects.filter(handle=handle).first()
    if row is None:
        raise _no_link()
    return CustomerId(row.customer_id), int(number)


def _unsigned(token: str) -> list[str]:
    try:
        parts = signing.Signer(salt=SIGNED).unsign(token).split(".")
    except signing.BadSignature:
        raise _no_link() from None
    if len(parts) != _PARTS:
        raise _no_link()
    return parts


def _no_link() -> contracts.NoSuchLink:
    return contracts.NoSuchLink("the link is none of ours", hint="copy it whole from the message")
