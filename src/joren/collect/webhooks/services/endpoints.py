"""Let others send, change their secret, read bodies of theirs by paths, stop them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from joren.collect.connectors.selectors import fields_of, required_of
from joren.collect.inbox.services import add_source
from joren.collect.webhooks import contracts, models, selectors
from joren.collect.webhooks.opening import closed_sample
from joren.collect.webhooks.rules import paths as by_paths
from joren.core import clock
from joren.plumbing.sealing import seal
from joren.protect.audit import services as audit

_MOST_SAMPLE = 100_000
_LONGEST = 200
_LONGEST_HEADER = 60


@transaction.atomic
def add_endpoint(
    name: str,
    *,
    provider: str,
    store: str,
    secret: str = "",
    kind: str = "orders",
    bearer: bool = False,
    header: str = "",
    by: str = "command-line",
) -> tuple[contracts.Endpoint, str]:
    """Make an address; returns it and its secret, which of a generic one joren thinks up."""
    if not name.strip() or not store.strip():
        raise contracts.BadEndpoint("a webhook has a name and a store", hint="--name and --store")
    if max(len(name), len(store)) > _LONGEST or len(header) > _LONGEST_HEADER:
        raise contracts.BadEndpoint(
            f"name, store and header have {len(name)}, {len(store)} and {len(header)} characters",
            hint=f"at most {_LONGEST}, and a header {_LONGEST_HEADER}",
        )
    if provider not in contracts.PROVIDERS:
        known = ", ".join(contracts.PROVIDERS)
        raise contracts.BadEndpoint(f"no provider {provider!r}", hint=f"known: {known}")
    if kind not in contracts.KINDS:
        known = ", ".join(contracts.KINDS)
        raise contracts.BadEndpoint(f"no kind {kind!r}", hint=f"known: {known}")
    if provider != "generic" and not secret.strip():
        raise contracts.BadEndpoint(
            f"{provider} signs with a secret of its own",
            hint="copy it from there: Shopify's app secret, Stripe's signing secret whsec_…",
        )
    kept = secret.strip() or secrets.token_urlsafe(32)
    source = _source(name, store, by) if provider == "stripe" else None
    row = models.Endpoint.objects.create(
        name=name.strip(),
        provider=provider,
        store=store.strip(),
        kind=kind,
        token=secrets.token_urlsafe(18),
        bearer=bearer and provider == "generic",
        header=header.strip() or "X-Signature",
        secret=seal(kept),
        source_id=source,
        made_at=clock.now(),
    )
    _told("webhooks.endpoint_added", row, by, provider=provider)
    return selectors.endpoint(row.pk), kept


@transaction.atomic
def change_secret(number: int, secret: str, *, by: str = "command-line") -> contracts.Endpoint:
    """Take a new secret; what the old one signed is taken as well, until the next change."""
    row = _row(number)
    if not secret.strip():
        raise contracts.BadEndpoint("the secret is empty", hint="copy the new one from the sender")
    row.old_secret, row.secret = row.secret, seal(secret.strip())
    row.uninstalled_at = None
    row.save(update_fields=["old_secret", "secret", "uninstalled_at"])
    _told("webhooks.secret_changed", row, by)
    return selectors.endpoint(number)


@transaction.atomic
def forget_old_secret(number: int, *, by: str = "command-line") -> contracts.Endpoint:
    """Take only what the new secret signed."""
    row = _row(number)
    row.old_secret = ""
    row.save(update_fields=["old_secret"])
    _told("webhooks.old_secret_forgotten", row, by)
    return selectors.endpoint(number)


@transaction.atomic
def disable_endpoint(number: int, *, by: str = "command-line") -> contracts.Endpoint:
    """Take nothing more at that address; said again, nothing changes."""
    row = _row(number)
    if row.disabled_at is None:
        row.disabled_at = clock.now()
        row.save(update_fields=["disabled_at"])
        _told("webhooks.endpoint_disabled", row, by)
    return selectors.endpoint(number)


def try_paths(
    sample: str, paths: Mapping[str, str], *, kind: str
) -> tuple[Mapping[str, str | None], ...]:
    """The rows that a sample says by these paths: what would be imported."""
    known = fields_of(kind)  # type: ignore[arg-type]  # the constraint keeps it to the kinds
    found = by_paths.checked(paths, known)
    missing = [name for name in required_of(kind) if name not in found]  # type: ignore[arg-type]  # the constraint keeps it to the kinds
    if missing:
        raise contracts.BadPaths(f"no path says {missing[0]}", hint="each row needs it")
    try:
        body = json.loads(sample)
    except ValueError:
        raise contracts.BadPaths(
            "the sample is no JSON", hint="paste one body as it was sent"
        ) from None
    try:
        return by_paths.rows(body, found)
    except contracts.Unreadable as why:
        raise contracts.BadPaths(why.message, hint="look at the sample") from None


@transaction.atomic
def change_paths(
    number: int, *, sample: str, paths: Mapping[str, str], by: str = "command-line"
) -> tuple[Mapping[str, str | None], ...]:
    """Read bodies by these paths from now on; returns the rows of the sample."""
    row = _row(number)
    if len(sample) > _MOST_SAMPLE:
        raise contracts.BadPaths(
            f"the sample has {len(sample):,} characters", hint=f"at most {_MOST_SAMPLE:,}"
        )
    rows = try_paths(sample, paths, kind=row.kind)
    row.mapping = {field: path.strip() for field, path in paths.items() if path.strip()}
    row.sample, row.sealed = "", closed_sample(row.pk, sample)
    row.save(update_fields=["mapping", "sample", "sealed"])
    _told("webhooks.paths_changed", row, by, fields=sorted(row.mapping))
    return rows


def fields(kind: str) -> Sequence[str]:
    """What a path may say."""
    return fields_of(kind)  # type: ignore[arg-type]  # the constraint keeps it to the kinds


def _source(name: str, store: str, by: str) -> int:
    """What Stripe says of a contract is an event, of the customer whom its invoices number."""
    made, _ = add_source(name, kind="server", store=store, user_ids="customer_number", by=by)
    return made.id


def _row(number: int) -> models.Endpoint:
    row = models.Endpoint.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise contracts.NoSuchEndpoint(f"no webhook {number}", hint="joren webhooks list")
    return row


def _told(action: str, row: models.Endpoint, by: str, **detail: Any) -> None:
    audit.record(action, actor=by, subject_kind="webhook", subject_id=row.pk, **detail)
