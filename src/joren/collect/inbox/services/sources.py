"""Let sources send, and stop them."""

from __future__ import annotations

import re
import secrets
from typing import Final

from django.db import transaction

from joren.collect.customers.services import store_named
from joren.collect.inbox import contracts, models, selectors
from joren.collect.inbox.rules.keys import hash_of
from joren.collect.inbox.rules.properties import STANDARD, allowed_name
from joren.core import clock
from joren.protect.audit import services as audit

_SHOWN: Final = 8
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{16,100}")


@transaction.atomic
def add_source(
    name: str,
    *,
    kind: str,
    store: str,
    user_ids: str = "own",
    limit: int = contracts.USUAL_LIMIT,
    key: str = "",
    by: str = "command-line",
) -> tuple[contracts.Source, str]:
    """Make a write key, or take the ``key`` that an SDK has already: the source, and the key's
    text, which of a server is shown this once."""
    if not name.strip() or not store.strip():
        raise contracts.BadSource("a source has a name and a store", hint="--name and --store")
    if kind not in contracts.KINDS:
        raise contracts.BadSource(
            f"no kind of source {kind!r}", hint=f"known: {', '.join(contracts.KINDS)}"
        )
    if user_ids not in contracts.USER_IDS:
        raise contracts.BadSource(
            f"user ids cannot be {user_ids!r}", hint=f"known: {', '.join(contracts.USER_IDS)}"
        )
    if not 1 <= limit <= 1_000_000:
        raise contracts.BadSource(f"a limit of {limit} events a second", hint="1 to 1,000,000")
    key = _not_taken(key.strip()) if key.strip() else f"jwk_{secrets.token_urlsafe(24)}"
    row = models.WriteKey.objects.create(
        name=name.strip(),
        kind=kind,
        store_id=store_named(store.strip()).id,
        user_ids=user_ids,
        prefix=key[:_SHOWN],
        secret_hash=hash_of(key),
        public_key=key if kind == "browser" else "",
        limit=limit,
        made_at=clock.now(),
    )
    audit.record(
        "inbox.source_added",
        actor=by,
        subject_kind="source",
        subject_id=row.pk,
        source_kind=kind,
        prefix=row.prefix,
    )
    return selectors.source(row.pk), key


def _not_taken(key: str) -> str:
    """A key of another house, by which a shop's SDKs need to change nothing but the host."""
    if not _KEY.fullmatch(key):
        raise contracts.BadSource(
            "a write key has 16 to 100 letters, digits, - and _",
            hint="leave it out, and joren makes one",
        )
    if models.WriteKey.objects.filter(secret_hash=hash_of(key)).exists():
        raise contracts.BadSource(
            "a source has, or had, this write key", hint="leave it out, and joren makes one"
        )
    return key


@transaction.atomic
def source_of_files(store: str, *, by: str = "command-line") -> contracts.Source:
    """The source of events that come in files for that store; made where there is none."""
    name = store.strip()
    if not name:
        raise contracts.BadSource("whose events are they?", hint="--store, or --source")
    number = store_named(name).id
    known = models.WriteKey.objects.filter(
        name=contracts.FILES, store_id=number, kind="server", revoked_at=None
    )
    row = known.order_by("pk").first()
    return (
        selectors.source(row.pk)
        if row
        else add_source(contracts.FILES, kind="server", store=name, by=by)[0]
    )


@transaction.atomic
def revoke_source(source_id: int, *, by: str = "command-line") -> contracts.Source:
    """Take nothing more from the source; to revoke it again changes nothing."""
    row = models.WriteKey.objects.select_for_update().filter(pk=source_id).first()
    if row is None:
        raise contracts.NoSuchSource(f"no source {source_id}", hint="joren source list")
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        row.save(update_fields=["revoked_at"])
        audit.record("inbox.source_revoked", actor=by, subject_kind="source", subject_id=source_id)
    return selectors.source(source_id)


@transaction.atomic
def allow_property(name: str, *, by: str = "command-line") -> None:
    """Let a property of events into the warehouse from now on; said again, nothing changes."""
    wanted = allowed_name(name.strip())
    if wanted in STANDARD or models.AllowedProperty.objects.filter(pk=wanted).exists():
        return
    models.AllowedProperty.objects.create(name=wanted, since=clock.now())
    audit.record("inbox.property_allowed", actor=by, subject_kind="property", subject_id=wanted)


@transaction.atomic
def forbid_property(name: str, *, by: str = "command-line") -> None:
    """Let a property of the shop's own in no more; what came before stays."""
    gone, _ = models.AllowedProperty.objects.filter(pk=name).delete()
    if gone:
        audit.record("inbox.property_forbidden", actor=by, subject_kind="property", subject_id=name)
