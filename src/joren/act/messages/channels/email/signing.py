"""DKIM (RFC 6376) where joren speaks to the mail server itself; a mail service signs by itself.

Both headers of one-click refusal are inside the signature, as RFC 8058 asks, and listed once more
than they are there, so that nobody adds another.
"""

from __future__ import annotations

from typing import Final

from joren.act.messages.contracts import DkimKey

_SIGNED: Final = (
    b"from", b"from", b"to", b"subject", b"date", b"message-id", b"reply-to", b"mime-version",
    b"content-type", b"list-unsubscribe", b"list-unsubscribe", b"list-unsubscribe-post",
    b"list-unsubscribe-post",
)  # fmt: skip


def signed(mail: bytes, key: DkimKey, sender: str) -> bytes:
    """The mail with its signature; as it is where it is not from the key's domain."""
    import dkim  # late: it loads all of DNS

    domain = sender.rpartition("@")[2].lower()
    if domain != key.domain and not domain.endswith(f".{key.domain}"):
        return mail
    signature: bytes = dkim.sign(
        mail,
        key.selector.encode(),
        key.domain.encode(),
        key.private.encode(),
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=list(_SIGNED),
    )
    return signature + mail
