"""Let members and programs in and out, and say whose shop it is."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from joren.accounts import contracts, models, rules, selectors
from joren.core.clock import now, zone
from joren.core.errors import BadInput
from joren.core.ids import UserId
from joren.plumbing import outbox

_TIME_OF_DAY = "([01][0-9]|2[0-3]):[0-5][0-9]"
_LAST_USE_COUNTS_AFTER = timedelta(minutes=1)  # not one write for every request


@transaction.atomic
def add_member(
    email: str, *, role: str, password: str, name: str = "", by: str = "command-line"
) -> contracts.Member:
    """Let somebody sign in with that e-mail and password."""
    address = _address(email)
    row = models.Member(
        email=address, name=name, role=rules.role_named(role), joined_at=now(), is_active=True
    )
    _set_password(row, password)
    if models.Member.objects.filter(email=address).exists():
        raise contracts.MemberExists(
            f"{address} signs in already", hint=f"joren user role {address} {role}"
        )
    row.save()
    outbox.put("accounts.member_added", by=by, kind="member", id=row.pk, role=row.role)
    return selectors.member(address)


@transaction.atomic
def change_role(email: str, *, role: str, by: str = "command-line") -> contracts.Member:
    """Give the member another role."""
    row = _locked_member(email)
    wanted = rules.role_named(role)
    if row.role == wanted:
        return selectors.member(row.email)
    if wanted != "admin":
        _refuse_to_lose_the_last_admin(row)
    before, row.role = row.role, wanted
    row.save(update_fields=["role"])
    outbox.put(
        "accounts.role_changed", by=by, kind="member", id=row.pk, before=before, after=wanted
    )
    return selectors.member(row.email)


@transaction.atomic
def change_password(email: str, *, password: str, by: str = "command-line") -> None:
    """Set a new password; every session that stands on the old one ends."""
    row = _locked_member(email)
    _set_password(row, password)
    row.save(update_fields=["password"])
    outbox.put("accounts.password_changed", by=by, kind="member", id=row.pk)


@transaction.atomic
def remove_member(email: str, *, by: str = "command-line") -> None:
    """Let the member in no more, and none of their keys."""
    row = _locked_member(email)
    _refuse_to_lose_the_last_admin(row)
    removed = row.pk
    row.delete()
    outbox.put("accounts.member_removed", by=by, kind="member", id=removed)


@transaction.atomic
def issue_api_key(
    email: str, *, name: str, scopes: tuple[str, ...], by: str = "command-line"
) -> tuple[contracts.ApiKey, str]:
    """Make a key for the member's program: the key, and the text that is shown this once."""
    row = _locked_member(email)
    wanted = rules.scopes_named(scopes)
    role = rules.role_named(row.role)
    if beyond := [scope for scope in wanted if not rules.may(role, scope)]:
        raise BadInput(
            f"{row.role} may not {beyond[0]}, and a key opens no more than its owner",
            hint=f"{row.role} may {', '.join(sorted(rules.actions_of(role)))}",
        )
    prefix, secret = f"jrn_{secrets.token_hex(4)}", secrets.token_urlsafe(32)
    key = models.ApiKey.objects.create(
        member=row,
        name=name,
        prefix=prefix,
        secret_hash=_hash(secret),
        scopes=list(wanted),
        issued_at=now(),
    )
    outbox.put("accounts.key_issued", by=by, kind="key", id=key.pk, prefix=prefix)
    shown = next(one for one in selectors.api_keys(UserId(row.pk)) if one.id == key.pk)
    return shown, f"{prefix}.{secret}"


@transaction.atomic
def revoke_api_key(prefix: str, *, by: str = "command-line") -> None:
    """Close the door that the key opens; to revoke it again changes nothing."""
    row = models.ApiKey.objects.select_for_update().filter(prefix=prefix).first()
    if row is None:
        raise contracts.NoSuchKey(f"no key begins with {prefix}", hint="joren user keys")
    if row.revoked_at is None:
        row.revoked_at = now()
        row.save(update_fields=["revoked_at"])
        outbox.put("accounts.key_revoked", by=by, kind="key", id=row.pk, prefix=prefix)


def use_api_key(token: str) -> contracts.Caller | None:
    """Who calls with that text, or nobody."""
    prefix, _, secret = token.partition(".")
    row = models.ApiKey.objects.select_related("member").filter(prefix=prefix).first()
    if row is None or not secrets.compare_digest(row.secret_hash, _hash(secret)):
        return None
    caller = selectors.caller_of_key(row)
    if caller is selectors.STRANGER:
        return None
    moment = now()
    if row.last_used_at is None or moment - row.last_used_at > _LAST_USE_COUNTS_AFTER:
        models.ApiKey.objects.filter(pk=row.pk).update(last_used_at=moment)
    return caller


@transaction.atomic
def change_business(*, by: str = "command-line", **changes: Any) -> contracts.Business:
    """Change what is known of the business: name, time_zone, currency, profile, nightly_at …"""
    before = selectors.business()
    if unknown := sorted(set(changes) - set(asdict(before))):
        raise BadInput(
            f"a business has no {unknown[0]!r}", hint=f"known: {', '.join(asdict(before))}"
        )
    wanted = replace(before, **changes)
    _check_business(wanted)
    if wanted != before:
        models.Business.objects.update_or_create(pk=1, defaults=asdict(wanted))
        outbox.put("accounts.business_changed", by=by, kind="business", id=1, **changes)
    return wanted


def _check_business(wanted: contracts.Business) -> None:
    for name in ("name", "time_zone", "nightly_at", "language"):
        if not isinstance(getattr(wanted, name), str):
            raise BadInput(f"{name} is no text", hint="leave it out, and it stays as it is")
    zone(wanted.time_zone)
    currency = wanted.currency
    if currency is not None and not (
        len(currency) == 3 and currency.isascii() and currency.isupper()
    ):
        raise BadInput(
            f"{currency!r} is no currency code",
            hint="three capital letters of ISO 4217, such as JPY",
        )
    if wanted.nightly_at != "" and not re.fullmatch(_TIME_OF_DAY, str(wanted.nightly_at)):
        raise BadInput(f"{wanted.nightly_at!r} is no time of day", hint="such as 03:30")
    if wanted.language not in dict(settings.LANGUAGES):
        known = ", ".join(dict(settings.LANGUAGES))
        raise BadInput(f"no language {wanted.language!r}", hint=f"known: {known}")
    if wanted.profile not in (None, "one_off", "repeat", "subscription", "mixed"):
        raise BadInput(
            f"no profile {wanted.profile!r}", hint="known: one_off, repeat, subscription, mixed"
        )


def _address(email: str) -> str:
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise BadInput(
            f"{email!r} is no e-mail address", hint="such as alice@example.com"
        ) from None
    return address


def _set_password(row: models.Member, password: str) -> None:
    try:
        validate_password(password, row)
    except ValidationError as problem:
        raise contracts.WeakPassword(
            " ".join(problem.messages), hint="twelve letters of a sentence that only you know"
        ) from None
    row.set_password(password)


def _locked_member(email: str) -> models.Member:
    member = selectors.member(email)
    return models.Member.objects.select_for_update().get(pk=member.id)


def _refuse_to_lose_the_last_admin(row: models.Member) -> None:
    # All admins are locked, so that two of them cannot remove each other at one moment.
    admins = models.Member.objects.select_for_update().filter(role="admin", is_active=True)
    if {admin.pk for admin in admins} == {row.pk}:
        raise contracts.LastAdmin(
            f"{row.email} is the only admin", hint="make somebody else admin first"
        )


def _hash(secret: str) -> str:
    # The secret is 256 bits of chance: a slow hash would guard nothing and delay each request.
    return hashlib.sha256(secret.encode()).hexdigest()
