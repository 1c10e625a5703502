"""Ask DNS what the sender's domain says of itself: SPF, DKIM and DMARC, within a few seconds.

Nothing is asked while the shop's messages stay in the house: a demo tells nobody its domain.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from django.conf import settings

from joren.act.messages import selectors
from joren.act.messages.contracts import DomainRecords, NoLookUp

_SECONDS: Final = 3.0
"""For each record, whatever the servers do."""

_DOMAIN: Final = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+")
Ask = Callable[[str], list[str]]


def look_up_records(*, selector: str = "", ask: Ask | None = None) -> DomainRecords:
    """The records of the sender's domain, as DNS has them now. The selector is that of
    ``JOREN_DKIM`` where none is given; without one no DKIM is asked for."""
    from dns.exception import DNSException  # late, here and below: it loads for long

    sender = selectors.sender()
    domain = sender.email.rpartition("@")[2].lower() if sender else ""
    if not selectors.mode("email").live or not _DOMAIN.fullmatch(domain):
        raise NoLookUp(
            "DNS is asked once mails leave", hint="say whom they are from, and set JOREN_SMTP"
        )
    own = settings.JOREN_DKIM[0] if settings.JOREN_DKIM else ""
    selector = (selector.strip().lower() or own).strip(".")
    if selector and not re.fullmatch(r"[a-z0-9_.-]{1,63}", selector):
        raise NoLookUp(f"{selector!r} is no selector", hint="such as s1, from s1._domainkey")
    asked = {"spf": domain, "dmarc": f"_dmarc.{domain}"}
    if selector:
        asked["dkim"] = f"{selector}._domainkey.{domain}"
    found, trouble = {"spf": "", "dkim": "", "dmarc": ""}, {}
    for record, name in asked.items():
        try:
            texts = (ask or _ask)(name)
        except DNSException as failed:
            trouble[record] = type(failed).__name__
            continue
        found[record] = next((one for one in texts if _is(record, one)), "")
    return DomainRecords(domain, found["spf"], found["dkim"], found["dmarc"], trouble)


def _is(record: str, text: str) -> bool:
    begins = {"spf": "v=spf1", "dmarc": "v=dmarc1"}.get(record, "")
    return text.lower().startswith(begins) if begins else "p=" in text


def _ask(name: str) -> list[str]:
    """The TXT records of a name; none where there is none."""
    from dns import resolver

    try:
        answer = resolver.resolve(name, "TXT", lifetime=_SECONDS)
    except (resolver.NXDOMAIN, resolver.NoAnswer):
        return []
    return [b"".join(one.strings).decode("utf-8", "replace") for one in answer]
