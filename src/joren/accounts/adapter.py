"""How sign-in asks us: nobody lets themselves in."""

from __future__ import annotations

from collections.abc import Mapping

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from joren.accounts.models import Member
from joren.plumbing import outbox


class Doorkeeper(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Members are added by an admin, never by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 (allauth's words)
        return False

    def set_password(self, user: Member, password: str) -> None:
        """A member changes their own password."""
        super().set_password(user, password)
        outbox.put("accounts.password_changed", by=f"member:{user.pk}", kind="member", id=user.pk)


def address_tried(request: HttpRequest, credentials: Mapping[str, str] | None = None) -> str:
    """The e-mail that failed attempts are counted under."""
    tried = (credentials or {}).get("email") or request.POST.get("login", "")
    return tried.strip().lower()
