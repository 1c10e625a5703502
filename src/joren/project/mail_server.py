"""The mail server that messages leave by, as one address says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import unquote, urlsplit

from joren.core.errors import BadInput

_PORTS: Final = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
_SECURITY: Final[dict[str, Literal["starttls", "tls", "none"]]] = {
    "smtp": "starttls",
    "smtps": "tls",
    "smtp+plain": "none",
}
_EXAMPLES: Final = "smtp://user:password@mail.example:587, smtps://… or smtp+plain://localhost:25"


@dataclass(frozen=True)
class MailServer:
    """Where it is, and how it is spoken to. The password is never shown."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    security: Literal["starttls", "tls", "none"]


def mail_server(text: str) -> MailServer | None:
    """Read ``JOREN_SMTP``; None where none is named."""
    if not text:
        return None
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise _wrong() from None
    if parts.scheme not in _PORTS or not parts.hostname or parts.query or parts.path.strip("/"):
        raise _wrong()
    return MailServer(
        parts.hostname,
        port or _PORTS[parts.scheme],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        _SECURITY[parts.scheme],
    )


def _wrong() -> BadInput:
    # Without the text: a password stands in it.
    return BadInput("JOREN_SMTP is no address of a mail server", hint=_EXAMPLES)
