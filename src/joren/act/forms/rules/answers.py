"""What a visitor wrote, and the facts that it becomes."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from joren.act.forms.contracts import CONFIRMED, SIGNED_UP, Answers, BadSignup, Content

_EMAIL: Final = re.compile(r"[^@\s<>,;:\"()]{1,64}@[^@\s<>,;:\"()]+\.[^@\s<>,;:\"().]{2,}")
_LONGEST: Final = 200


def answered(content: Content, said: Answers) -> Answers:
    """The answers, tidy; what the form does not ask for is left out."""
    email = unicodedata.normalize("NFKC", said.email).strip().lower()
    if not _EMAIL.fullmatch(email) or len(email) > _LONGEST:
        raise BadSignup("the e-mail address is none", hint="such as hanako@example.com")
    if not said.agrees:
        raise BadSignup("nobody is written to who does not agree", hint="tick the box")
    found = Answers(
        email,
        _asked(content, "name", _tidy(said.name)),
        _asked(content, "kana", _tidy(said.kana)),
        said.birth_month if "birth_month" in content.asks else None,
        _asked(content, "choice", said.choice.strip()),
        True,
    )
    if found.birth_month is not None and not 1 <= found.birth_month <= 12:
        raise BadSignup(f"{found.birth_month} is no month", hint="1 to 12")
    if found.choice and found.choice not in content.options:
        raise BadSignup(f"{found.choice[:40]!r} is none of the answers", hint="choose one of them")
    for name, how in content.asks.items():
        if how == "must" and not getattr(found, name):
            raise BadSignup(f"{name} is missing", hint="fill it in, please")
    return found


def _asked(content: Content, name: str, value: str) -> str:
    return value if name in content.asks else ""


def _tidy(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).replace("\0", "").split())[:_LONGEST]


def fingerprint(key: str, text: str) -> str:
    """By this the same address or visitor is known again, and nobody is found."""
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()[:32]


def messages(
    answers: Answers, place: Mapping[str, str], *, key: str, at: datetime
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The fact that somebody signed up, and what a person who is new is called, in the words of
    live events. ``place`` says at which form, in which variant.

    Anybody may have typed it: it is of the person of that e-mail, changes no one who is known, and
    says no two to be one.
    """
    moment = at.isoformat()
    more: dict[str, Any] = {"choice": answers.choice, "birth_month": answers.birth_month}
    fact = {
        "type": "track",
        "event": SIGNED_UP,
        "messageId": key,
        "timestamp": moment,
        "context": {"traits": {"email": answers.email}},
        "properties": {**place, **{name: value for name, value in more.items() if value}},
    }
    traits = {"name": answers.name, "nameKana": answers.kana, "createdAt": moment}
    new = {
        "type": "identify",
        "messageId": f"{key}:person",
        "timestamp": moment,
        "traits": {"email": answers.email, **{name: one for name, one in traits.items() if one}},
    }
    return [fact], [new]


def confirmed_message(
    email: str, place: Mapping[str, str], *, key: str, at: datetime
) -> dict[str, Any]:
    """The fact that the owner of the address agreed."""
    return {
        "type": "track",
        "event": CONFIRMED,
        "messageId": f"{key}:confirmed",
        "timestamp": at.isoformat(),
        "context": {"traits": {"email": email}},
        "properties": dict(place),
    }
