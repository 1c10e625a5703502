"""The return path of a mail: an address that says, signed, which row of the ledger it was.

``bounces+3k2-7f5q…@mail.shop.example``: the row in base 36, and a signature. All of it is lower
case, for there are mail servers that make it so.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b32encode
from collections.abc import Sequence
from typing import Final

from joren.act.messages.rules.tracking import base36

PLACE: Final = "*"
_TOKEN: Final = re.compile(r"(?<![0-9a-z])([0-9a-z]{1,13})-([a-z2-7]{16})(?=[^\s@<>]{0,64}@)")
_SIGNED: Final = 10
"""Bytes of the signature: 80 bits."""


def return_path(key: bytes, pattern: str, send: int) -> str:
    """The address of that row: the pattern with its ``*`` filled in, or as it is where it has
    none."""
    said = base36(send)
    return pattern.replace(PLACE, f"{said}-{_signature(key, said)}")


def rows_in(keys: Sequence[bytes], text: str) -> list[int]:
    """The rows whose return paths stand in a text, each once, in their order; what nobody of ours
    signed is passed over."""
    found: dict[int, None] = {}
    for said, signature in _TOKEN.findall(text.lower()):
        if any(hmac.compare_digest(_signature(key, said), signature) for key in keys):
            found[int(said, 36)] = None
    return [number for number in found if number < 2**63]


def _signature(key: bytes, said: str) -> str:
    signed = hmac.new(key, said.encode(), hashlib.sha256).digest()[:_SIGNED]
    return b32encode(signed).decode().lower()
