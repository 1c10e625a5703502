"""Tell a chat room in words what a program is told in numbers."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from joren.act.deliveries.contracts import DIGEST, PING, SPOKEN, Answer
from joren.act.deliveries.rules import addresses, chat
from joren.act.deliveries.services.posting import post


def said(shape: str, url: str, secret: str, body: str, language: str) -> Answer:
    """Post it. The secret is the token of Chatwork, elsewhere the address."""
    by_token = shape == "chatwork"
    place = addresses.place_of(url if by_token else secret, settings.JOREN_WEBHOOK_HOSTS)
    message = json.loads(body)
    text = words_of(message["type"], message["data"], language)
    content, headers = chat.body_of(shape, text, token=secret if by_token else "")
    return post(place, content, headers)


def words_of(announcement: str, data: dict[str, Any], language: str) -> str:
    """In the words of the room that announced it; without any, its name and its content."""
    if announcement == PING:
        with translation.override(language):
            return gettext("joren: this is a trial message.")
    if announcement == DIGEST and "messages" in data:
        return _digest(data, language)
    if announcement in SPOKEN and (words := SPOKEN[announcement](data, language)):
        return words
    told = ", ".join(f"{name}: {value}" for name, value in data.items())
    return f"joren: {announcement} {told}".rstrip()


def _digest(data: dict[str, Any], language: str) -> str:
    said = [words_of(one["type"], one["data"], language) for one in data["messages"]]
    with translation.override(language):
        head = gettext("joren: what there was to tell during the pause")
        more = gettext("and %(n)s more") % {"n": f"{data['more']:,}"} if data["more"] else ""
    return "\n\n".join(one for one in (head, *said, more) if one)
