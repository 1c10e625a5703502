"""DKIM (RFC 6376) where joren speaks to the mail server itself; a mail service signs by itself.

Both headers of one-click refusal are inside the signature, as RFC 8058 asks, and listed once more
than they are there, so that nobody adds another. Canonicalised is relaxed/relaxed, of a mail that
``composing`` wrote: lines end in CRLF, and no header begins with a blank.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from typing import Final

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from joren.act.messages.contracts import DkimKey
from joren.core import clock

_SIGNED: Final = (
    b"from", b"from", b"to", b"subject", b"date", b"message-id", b"reply-to", b"mime-version",
    b"content-type", b"list-unsubscribe", b"list-unsubscribe", b"list-unsubscribe-post",
    b"list-unsubscribe-post",
)  # fmt: skip
_FOLDS: Final = re.compile(rb"\r\n(?=[ \t])")
_BLANKS: Final = re.compile(rb"[ \t]+")
_BEFORE_ENDS: Final = re.compile(rb"[ \t]+(?=\r\n)")
_LINE: Final = 72


def signed(mail: bytes, key: DkimKey, sender: str) -> bytes:
    """The mail with its signature; as it is where it is not from the key's domain."""
    domain = sender.rpartition("@")[2].lower()
    if domain != key.domain and not domain.endswith(f".{key.domain}"):
        return mail
    head, _, body = mail.partition(b"\r\n\r\n")
    there = _headers(head)
    named = [name for name in _SIGNED if name in there or _SIGNED.count(name) > 1]
    own = (
        f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={key.domain}; s={key.selector};\r\n"
        f" t={int(clock.now().timestamp())}; h={b':'.join(named).decode()};\r\n"
        f" bh={b64encode(sha256(_relaxed(body)).digest()).decode()};\r\n b="
    ).encode()
    left = {name: list(lines) for name, lines in there.items()}
    # From the last of a name upwards; what is not there any more counts as nothing (5.4.2).
    lines = [b"%s:%s\r\n" % (name, left[name].pop()) for name in named if left.get(name)]
    text = b"".join(lines) + b"dkim-signature:" + _one_line(own)
    made = b64encode(_private(key.private).sign(text, PKCS1v15(), SHA256()))
    folded = b"\r\n ".join(made[at : at + _LINE] for at in range(0, len(made), _LINE))
    return b"DKIM-Signature: " + own + folded + b"\r\n" + mail


@lru_cache(maxsize=4)
def _private(pem: str) -> RSAPrivateKey:
    """Read once, for that costs more than to sign."""
    key = load_pem_private_key(pem.encode(), None)
    assert isinstance(key, RSAPrivateKey)  # noqa: S101 (the settings were asked)
    return key


def _headers(head: bytes) -> dict[bytes, list[bytes]]:
    """By name, each value as it is signed."""
    found: dict[bytes, list[bytes]] = {}
    for line in _FOLDS.sub(b"", head).split(b"\r\n"):
        name, _, value = line.partition(b":")
        found.setdefault(name.strip().lower(), []).append(_one_line(value))
    return found


def _one_line(value: bytes) -> bytes:
    return _BLANKS.sub(b" ", _FOLDS.sub(b"", value)).strip(b" \t")


def _relaxed(body: bytes) -> bytes:
    """Blanks are one, none before a line's end, and no empty line at the end of it."""
    text = body
    if b" " in text or b"\t" in text:
        text = _BLANKS.sub(b" ", _BEFORE_ENDS.sub(b"", text))
    text = text.rstrip(b"\r\n")
    return text + b"\r\n" if text else b""
