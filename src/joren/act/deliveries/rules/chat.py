"""What a chat room's incoming webhook takes. Pure.

Slack (and what follows it: Mattermost, Rocket.Chat): ``{"text"}`` with &, < and > escaped. Teams: a
message with one adaptive card, as its workflows take. LINE WORKS: ``{"title", "body": {"text"}}``.
Chatwork: a form with the room's API token in a header.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from joren.act.deliveries.contracts import CHATS, LONGEST_NAME, BadReceiver

_LONGEST = 3_000
_LANGUAGES = ("ja", "en")


def check(name: str, shape: str, url: str, token: str, language: str) -> None:
    """Refuse what cannot be told."""
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise BadReceiver(
            "a chat room has a name", hint=f"which room is it? At most {LONGEST_NAME} characters"
        )
    if shape not in CHATS:
        raise BadReceiver(f"{shape!r} is no chat joren knows", hint=", ".join(CHATS))
    if language not in _LANGUAGES:
        raise BadReceiver(f"joren does not speak {language!r}", hint=" or ".join(_LANGUAGES))
    if shape == "chatwork" and not token:
        raise BadReceiver(
            "Chatwork needs an API token", hint="and the address /v2/rooms/NUMBER/messages"
        )
    if token and not (token.isascii() and token.isprintable()):
        raise BadReceiver("the token has signs that no header can hold", hint="copy it once more")
    if not url:
        raise BadReceiver("no address was given", hint="that of the incoming webhook")


def body_of(shape: str, text: str, *, token: str = "") -> tuple[bytes, dict[str, str]]:
    """Body and headers of one message; a text that is too long ends with …."""
    said = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "joren"}
    if shape == "chatwork":
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "X-ChatWorkToken": token}
        return urlencode({"body": said, "self_unread": "1"}).encode(), headers
    return json.dumps(_document(shape, said), ensure_ascii=False).encode(), headers


def _document(shape: str, text: str) -> dict[str, Any]:
    if shape == "lineworks":
        return {"title": "joren", "body": {"text": text}}
    if shape == "teams":
        block = {"type": "TextBlock", "text": text.replace("\n", "\n\n"), "wrap": True}
        card = {"type": "AdaptiveCard", "version": "1.4", "body": [block]}
        held = {"contentType": "application/vnd.microsoft.card.adaptive", "content": card}
        return {"type": "message", "attachments": [held]}
    for sign, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(sign, written)
    return {"text": text}
