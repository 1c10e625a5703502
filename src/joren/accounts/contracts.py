"""Words about who uses joren and whose shop it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from joren.core.errors import BadInput, NotFound, Refused
from joren.core.ids import UserId

Role = Literal["viewer", "marketer", "support", "analyst", "admin"]
Action = Literal[
    "view_figures", "view_personal", "edit_people", "import", "export", "export_personal", "treat",
    "record_consents", "answer_people", "change_settings", "manage_members",
]  # fmt: skip
"""``edit_people``: say who is one person and what is known of them. ``export_personal``: names and
contacts in a file too. ``treat``: decide whom to treat and how, from segments on.
``record_consents``: write down what a customer agreed to or refused. ``answer_people``: give a
person all that is known of them, and forget them."""

Profile = Literal["one_off", "repeat", "subscription", "mixed"]


@dataclass(frozen=True)
class Business:
    """The one business that this installation serves.

    ``profile`` None means that it is read from the orders; ``currency`` None that none is chosen;
    ``nightly_at``, a time of its own clock, "" that nothing is done by itself; ``language`` is that
    of customers of whom nobody said which one they read.
    """

    name: str
    time_zone: str
    currency: str | None
    simulated: bool = False
    profile: Profile | None = None
    nightly_at: str = "03:30"
    language: str = "ja"


@dataclass(frozen=True)
class Member:
    """Somebody who may sign in."""

    id: UserId
    email: str
    name: str
    role: Role
    active: bool
    last_seen: datetime | None


@dataclass(frozen=True)
class ApiKey:
    """A key as it may be shown: never its secret."""

    id: int
    name: str
    prefix: str
    scopes: tuple[Action, ...]
    issued_to: UserId
    issued_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True)
class Caller:
    """Who asks, whether a person or a program, and what they may do.

    ``name`` is what the audit keeps: ``member:3``, ``key:jrn_1a2b3c4d``, ``command-line``.
    """

    name: str
    actions: frozenset[Action]

    def may(self, action: str) -> bool:
        return action in self.actions


class NoSuchRole(BadInput):
    """The role is none of the five."""


class NoSuchMember(NotFound):
    """No member has that e-mail or number."""


class NoSuchKey(NotFound):
    """No key has that prefix."""


class MemberExists(Refused):
    """Somebody signs in with that e-mail already."""


class LastAdmin(Refused):
    """Without an admin nobody could let anyone in again."""


class WeakPassword(BadInput):
    """The password is too easy to guess."""
