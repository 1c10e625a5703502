"""Take a body in: known by its signature, durable before it is acknowledged, each once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import orjson
from django.db.models import F

from joren.collect.webhooks import models
from joren.collect.webhooks.contracts import NotTaken
from joren.collect.webhooks.rules import signatures
from joren.collect.webhooks.services.sealing import closed
from joren.core import clock
from joren.plumbing.sealing import SealBroken, unseal

_ENDS = 100


def receive(token: str, *, body: bytes, headers: Mapping[str, str]) -> None:
    """Keep the body, once however often it comes; ``headers`` by their names as they were sent."""
    row = models.Endpoint.objects.filter(token=token, disabled_at=None).first()
    if row is None:
        raise NotTaken("nothing is taken here", status=404)
    try:
        signed = _is_signed(row, body, headers)
    except SealBroken as broken:
        _refused(row, broken.message)
        raise
    if not signed:
        _refused(row, "the signature is not of the secret")
        raise NotTaken("the signature is not of the secret")
    key, topic = _named(row, body, headers)
    sealed, kept = closed(row.pk, key[:_ENDS], body)
    models.Delivery.objects.bulk_create(
        [
            models.Delivery(
                endpoint_id=row.pk,
                key=key[:_ENDS],
                topic=topic[:_ENDS],
                received_at=clock.now(),
                sealed=sealed,
                body=kept,
            )
        ],
        ignore_conflicts=True,  # it came before, and once is enough
    )


def _refused(row: models.Endpoint, why: str) -> None:
    models.Endpoint.objects.filter(pk=row.pk).update(refused=F("refused") + 1, last_refusal=why)


def _is_signed(row: models.Endpoint, body: bytes, headers: Mapping[str, str]) -> bool:
    secrets = [unseal(sealed) for sealed in (row.secret, row.old_secret) if sealed]
    if row.provider == "shopify":
        return signatures.is_shopifys(body, signatures.header(headers, "hmac-sha256"), secrets)
    low = {name.lower(): value for name, value in headers.items()}
    if row.provider == "stripe":
        now = round(clock.now().timestamp())
        return signatures.is_stripes(body, low.get("stripe-signature", ""), secrets, now=now)
    if row.bearer:
        return signatures.bears(low.get("authorization", ""), secrets)
    return signatures.is_signed(body, low.get(row.header.lower(), ""), secrets)


def _named(row: models.Endpoint, body: bytes, headers: Mapping[str, str]) -> tuple[str, str]:
    """By what it is known when it comes again, and what it is about."""
    digest = hashlib.blake2b(body, digest_size=16).hexdigest()
    if row.provider == "shopify":
        topic = signatures.header(headers, "topic")
        return signatures.header(headers, "webhook-id") or f"{topic}:{digest}", topic
    if row.provider == "stripe":
        try:
            said = orjson.loads(body)
        except orjson.JSONDecodeError:
            said = None
        said = said if isinstance(said, dict) else {}
        return str(said.get("id") or digest), str(said.get("type") or "")
    low = {name.lower(): value for name, value in headers.items()}
    return low.get("webhook-id") or low.get("idempotency-key") or digest, row.kind
