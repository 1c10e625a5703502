"""Whose mailboxes an address is of: the large ones by name, all others together.

Only the name of a large one is kept beside a message; the domain of a small one may be a person's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

OTHERS: Final = "other"
_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "gmail.com": ("gmail.com", "googlemail.com"),
    "yahoo.co.jp": ("yahoo.co.jp", "ybb.ne.jp"),
    "docomo.ne.jp": ("docomo.ne.jp",),
    "au": ("ezweb.ne.jp", "au.com", "uqmobile.jp"),
    "softbank": ("softbank.ne.jp", "i.softbank.jp", "vodafone.ne.jp", "ymobile.ne.jp"),
    "icloud.com": ("icloud.com", "me.com", "mac.com"),
    "outlook.com": (
        "outlook.com", "outlook.jp", "hotmail.com", "hotmail.co.jp", "live.jp", "live.com",
        "msn.com",
    ),
    "yahoo.com": ("yahoo.com", "ymail.com", "aol.com"),
}  # fmt: skip
_HOSTS: Final = {domain: name for name, domains in _OF.items() for domain in domains}


def mailbox_of(address: str) -> str:
    """The mailboxes that the address is of, or that it is of others."""
    return _HOSTS.get(address.rpartition("@")[2].strip().lower(), OTHERS)
