"""Questions about members, keys and the business."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser

from joren.accounts import contracts, models, rules
from joren.core.ids import UserId

COMMAND_LINE = contracts.Caller("command-line", frozenset(rules.ACTIONS))
"""Whoever has the machine's shell may do everything."""

STRANGER = contracts.Caller("stranger", frozenset())


def business() -> contracts.Business:
    """The business, or what the environment says of it as long as nobody has changed it."""
    row = models.Business.objects.filter(pk=1).first()
    if row is None:
        return contracts.Business("", settings.JOREN_TIMEZONE, settings.JOREN_CURRENCY)
    return contracts.Business(
        row.name,
        row.time_zone,
        row.currency,
        row.simulated,
        cast("contracts.Profile | None", row.profile),
        row.nightly_at,
        row.language,
    )


def members() -> tuple[contracts.Member, ...]:
    return tuple(_member(row) for row in models.Member.objects.order_by("email"))


def members_who_may(action: contracts.Action) -> list[int]:
    """The numbers of those who sign in and may do it, by e-mail."""
    return [int(one.id) for one in members() if one.active and rules.may(one.role, action)]


def member_names() -> dict[int, str]:
    """What each is called, by number; the address where nobody gave a name."""
    return {int(one.id): one.name or one.email for one in members()}


class _Callers(dict[str, str]):
    def __missing__(self, by: str) -> str:
        return by


def names_of_callers() -> Mapping[str, str]:
    """What each member is called, by the name that what they did is kept under: ``member:3``.

    Keys, commands and whatever else does something are called by that name itself.
    """
    return _Callers({f"member:{number}": name for number, name in member_names().items()})


def member(email: str) -> contracts.Member:
    row = models.Member.objects.filter(email=email.strip().lower()).first()
    if row is None:
        raise contracts.NoSuchMember(f"nobody signs in as {email}", hint="joren user list")
    return _member(row)


def member_numbered(number: int) -> contracts.Member:
    row = models.Member.objects.filter(pk=number).first()
    if row is None:
        raise contracts.NoSuchMember(f"no member has the number {number}", hint="joren user list")
    return _member(row)


def api_keys(member: UserId | None = None) -> tuple[contracts.ApiKey, ...]:
    """Keys, newest first, of one member or of all."""
    rows = models.ApiKey.objects.order_by("-issued_at", "-pk")
    if member is not None:
        rows = rows.filter(member_id=member)
    return tuple(_api_key(row) for row in rows)


def caller_of(user: models.Member | AnonymousUser) -> contracts.Caller:
    """What the signed-in user may do; a stranger may do nothing."""
    if not isinstance(user, models.Member) or not user.is_active:
        return STRANGER
    return contracts.Caller(f"member:{user.pk}", rules.actions_of(rules.role_named(user.role)))


def caller_of_key(row: models.ApiKey) -> contracts.Caller:
    """What the key may do: its owner's role may have shrunk since it was issued."""
    if row.revoked_at is not None or not row.member.is_active:
        return STRANGER
    actions = frozenset(row.scopes) & rules.actions_of(rules.role_named(row.member.role))
    return contracts.Caller(f"key:{row.prefix}", actions)


def may_still(name: str, action: contracts.Action) -> bool:
    """May whoever once asked under that name still do it? What the machine asked, it may."""
    kind, _, which = name.partition(":")
    if kind == "member":
        member = models.Member.objects.filter(pk=int(which)).first()
        return member is not None and caller_of(member).may(action)
    if kind == "key":
        key = models.ApiKey.objects.select_related("member").filter(prefix=which).first()
        return key is not None and caller_of_key(key).may(action)
    return True


def member_behind(name: str) -> int | None:
    """The member who asks under that name, by themselves or with a key of theirs."""
    kind, _, which = name.partition(":")
    if kind == "member":
        return int(which)
    key = models.ApiKey.objects.filter(prefix=which).first() if kind == "key" else None
    return None if key is None else int(key.member_id)


def _member(row: models.Member) -> contracts.Member:
    return contracts.Member(
        UserId(row.pk),
        row.email,
        row.name,
        rules.role_named(row.role),
        row.is_active,
        row.last_login,
    )


def _api_key(row: models.ApiKey) -> contracts.ApiKey:
    return contracts.ApiKey(
        row.pk,
        row.name,
        row.prefix,
        tuple(row.scopes),
        UserId(row.member_id),
        row.issued_at,
        row.last_used_at,
        row.revoked_at,
    )
