"""Does what a domain says of itself let mail arrive? SPF, DKIM and DMARC as texts, no DNS asked."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Final, Literal

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from joren.act.messages.contracts import Finding
from joren.core.words import gettext_noop as _

Which = Literal["spf", "dkim", "dmarc"]

_MOST_LOOKUPS: Final = 10
_FEWEST_BITS: Final = 1024
_GOOD_BITS: Final = 2048
_TERM: Final = re.compile(r"[+?~-]?(include:|a\b|mx\b|ptr\b|exists:|redirect=)", re.IGNORECASE)


def of_spf(text: str) -> tuple[Finding, ...]:
    """RFC 7208: which servers may send for the domain."""
    return tuple(_spf(_plain(text)))


def of_dkim(text: str) -> tuple[Finding, ...]:
    """RFC 6376: the public key that signatures are checked with."""
    return tuple(_dkim(_tags(_plain(text))))


def of_dmarc(text: str) -> tuple[Finding, ...]:
    """RFC 7489: what is done with a mail that proves neither."""
    return tuple(_dmarc(_plain(text)))


def _plain(text: str) -> str:
    """As one line: DNS shows a long text in several, each in quotes."""
    return re.sub(r'"\s*"', "", text.strip()).strip().strip('"').strip()


def _spf(text: str) -> Iterator[Finding]:
    if not text:
        yield Finding("spf", True, _("no record: nobody knows which servers send for the domain"))
        return
    terms = text.split()
    if terms[0].lower() != "v=spf1":
        yield Finding("spf", True, _("begins with {} and not with v=spf1"), (terms[0][:30],))
        return
    if sum(term.lower() == "v=spf1" for term in terms) > 1:
        yield Finding("spf", True, _("two records: put all senders into one, for two are none"))
    lookups = sum(_TERM.match(term) is not None for term in terms[1:])
    if lookups > _MOST_LOOKUPS:
        yield Finding(
            "spf",
            True,
            _("{} terms ask DNS, and {} may"),
            (
                lookups,
                _MOST_LOOKUPS,
            ),
        )
    if any(term.lower().lstrip("+?~-").startswith("ptr") for term in terms):
        yield Finding("spf", False, _("ptr is slow and is not to be used (RFC 7208, 5.5)"))
    ends = [term.lower() for term in terms if term.lower().endswith("all")]
    if any(term in ("all", "+all") for term in ends):
        yield Finding("spf", True, _("+all lets everybody send in the domain's name"))
    elif "?all" in ends:
        yield Finding("spf", False, _("?all says nothing of others; ~all or -all does"))
    elif not ends and not any(term.lower().startswith("redirect=") for term in terms):
        yield Finding("spf", False, _("it says nothing of others: end with ~all or -all"))
    elif ends and terms[-1].lower() != ends[-1]:
        yield Finding("spf", False, _("what stands behind all is never looked at"))


def _tags(text: str) -> dict[str, str]:
    parts = [part.partition("=") for part in text.split(";") if part.strip()]
    return {name.strip().lower(): value.strip() for name, _, value in parts}


def _dkim(tags: dict[str, str]) -> Iterator[Finding]:
    if not tags:
        yield Finding("dkim", True, _("no record: signatures cannot be checked"))
        return
    if tags.get("v", "DKIM1") != "DKIM1":
        yield Finding("dkim", True, _("v={} and not v=DKIM1"), (tags["v"][:20],))
    if "p" not in tags:
        yield Finding("dkim", True, _("it has no key (p=)"))
        return
    if not tags["p"]:
        yield Finding("dkim", True, _("the key is empty: it was revoked"))
        return
    if "y" in tags.get("t", "").split(":"):
        yield Finding("dkim", False, _("t=y: mailboxes treat the domain as being tried out"))
    if tags.get("k", "rsa") == "ed25519":
        yield Finding("dkim", False, _("some mailboxes check RSA alone: sign with both"))
        return
    try:
        raw = base64.b64decode(re.sub(r"\s", "", tags["p"]), validate=True)
        key = load_der_public_key(raw)
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        yield Finding("dkim", True, _("the key cannot be read: was it cut, or is a sign missing?"))
        return
    bits = key.key_size if isinstance(key, RSAPublicKey) else 0
    if bits < _GOOD_BITS:
        yield Finding(
            "dkim",
            bits < _FEWEST_BITS,
            _("the key has {} bits; {} are usual"),
            (
                bits,
                _GOOD_BITS,
            ),
        )


def _dmarc(text: str) -> Iterator[Finding]:
    tags = _tags(text)
    if not tags:
        yield Finding(
            "dmarc",
            True,
            _("no record: Gmail and Yahoo ask for one of whoever sends much"),
        )
        return
    if not text.replace(" ", "").startswith("v=DMARC1"):
        yield Finding("dmarc", True, _("it does not begin with v=DMARC1"))
    policy = tags.get("p", "").lower()
    if policy not in ("none", "quarantine", "reject"):
        yield Finding("dmarc", True, _("p={}: none, quarantine or reject"), (policy[:20],))
    elif policy == "none":
        yield Finding(
            "dmarc",
            False,
            _("p=none only watches; quarantine once the reports are clean"),
        )
    if "rua" not in tags:
        yield Finding("dmarc", False, _("without rua nobody reports who sends in your name"))
    elif not tags["rua"].lower().startswith("mailto:"):
        yield Finding("dmarc", True, _("rua is no mailto: address"))
    percent = tags.get("pct", "100")
    if not re.fullmatch(r"[0-9]{1,3}", percent) or int(percent) > 100:
        yield Finding("dmarc", True, _("pct={} is no share of 100"), (percent[:10],))
    elif int(percent) < 100 and policy != "none":
        yield Finding("dmarc", False, _("pct={}: the rest of the forged mails arrives"), (percent,))
