"""Links of our own in place of a message's: signed, short, and without a word about anybody.

``3k2-1-Xy…`` says the row of the ledger, the number of the address, and a signature of both.
Where it leads stands in a table, so that nobody can make one that leads elsewhere. An address that
differs from person to person is left as it is: it may say who they are.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from html import escape, unescape
from typing import Final

from joren.act.messages.contracts import Link
from joren.act.messages.rules.links import BARE, HREF

HIDDEN_PLACE: Final = "h"
PIXEL_PLACE: Final = "o"

_BODY: Final = re.compile(r"(<body\b[^>]*>)", re.IGNORECASE)
_TOKEN: Final = re.compile(r"([0-9a-z]{1,13})-([0-9a-z]{1,13})-([A-Za-z0-9_-]{16})")
_ENDS: Final = frozenset(("", *"\"'<> \t\r\n"))
_SIGNED: Final = 12
"""Bytes of the signature: 96 bits."""


def token(key: bytes, send: int, place: str) -> str:
    """What stands in the address. ``place`` is a link's number in base 36, or one of two letters
    of our own."""
    said = f"{base36(send)}-{place}"
    return f"{said}-{_signature(key, said)}"


def read(keys: Sequence[bytes], text: str) -> tuple[int, str] | None:
    """The row and the place; None where nobody of ours signed it."""
    found = _TOKEN.fullmatch(text)
    if found is None:
        return None
    said = f"{found[1]}-{found[2]}"
    if not any(hmac.compare_digest(_signature(key, said), found[3]) for key in keys):
        return None
    send = int(found[1], 36)
    return (send, found[2]) if send < 2**63 else None


def base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = digits[rest] + text
    return text or "0"


def followed(links: Sequence[Link], source: str, *, ours: str) -> list[str]:
    """The tagged addresses of these links that stand in the template as they are: the same for
    everybody, and not our own."""
    plain = unescape(source)
    return [
        one.tagged
        for one in links
        if one.address.startswith(("http://", "https://"))
        and not (ours and one.address.startswith(ours))
        and _stands(one.address, plain)
    ]


def _stands(address: str, source: str) -> bool:
    # The end counts: what goes on with a variable is another address for each.
    for found in re.finditer(re.escape(address), source):
        after = source[found.end() : found.end() + 1]
        bare = BARE.match(source, found.start())
        if after in _ENDS or (after != "{" and bare is not None and bare[0] == address):
            return True
    return False


def in_html(document: str, own: Mapping[str, str]) -> str:
    """The document with its links exchanged."""

    def exchanged(match: re.Match[str]) -> str:
        address = own.get(unescape(match[2]))
        return f'{match[1]}"{escape(address, quote=True)}"' if address else match[0]

    return HREF.sub(exchanged, document)


def in_text(text: str, own: Mapping[str, str]) -> str:
    return BARE.sub(lambda match: own.get(match[0], match[0]), text)


def dressed(document: str, *, hidden: str, pixel: str) -> str:
    """With the link that no person sees at its head, and the picture that tells of an opening at
    its end."""
    if hidden:
        trap = (
            f'<a href="{escape(hidden, quote=True)}" style="display:none" tabindex="-1" '
            'aria-hidden="true"></a>'
        )
        document = _BODY.sub(lambda match: match[1] + trap, document, count=1)
    if pixel:
        dot = f'<img src="{escape(pixel, quote=True)}" width="1" height="1" alt="">'
        place = document.rfind("</body>")
        document = document[:place] + dot + document[place:] if place >= 0 else document + dot
    return document


def _signature(key: bytes, said: str) -> str:
    made = hmac.new(key, said.encode(), hashlib.sha256).digest()[:_SIGNED]
    return base64.urlsafe_b64encode(made).decode()
