"""Whom messages may be from."""

from __future__ import annotations

import re
from typing import Final

from joren.act.messages.contracts import BadSender, Sender

_ADDRESS: Final = re.compile(
    r"[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\.]+(\.[^\s@<>,;:\"()\[\]\\.]+)+"
)


def check_sender(sender: Sender) -> None:
    """A name, and addresses that a reply reaches; no line break gets into a header."""
    if not sender.name.strip() or any(sign in sender.name for sign in "\r\n"):
        raise BadSender("messages are from somebody", hint="the name that customers know")
    for address in filter(None, (sender.email, sender.reply_to)):
        if not is_address(address):
            raise BadSender("that is no mail address", hint="such as hello@shop.example")
    if not sender.email:
        raise BadSender("messages are from an address", hint="such as hello@shop.example")


def is_address(text: str) -> bool:
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None
