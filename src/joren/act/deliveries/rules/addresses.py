"""Which addresses may be told. An address of the shop's own network would answer to anybody who may
name an endpoint here, and the cloud's metadata would hand out its keys."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from joren.act.deliveries.contracts import AddressRefused, BadReceiver

_HINT: Final = "an https:// address on the internet, or a host that JOREN_WEBHOOK_HOSTS names"
_WITHIN: Final = [  # others than Python's own list of what is not global
    ipaddress.ip_network(one)
    for one in (
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/32",
        "192.0.0.0/24",
        "192.88.99.0/24",
    )
]
_MOST: Final = 2_000
_LONGEST_NAME: Final = 253
_LONGEST_LABEL: Final = 63


@dataclass(frozen=True)
class Place:
    """Where to connect, and what to ask for there. ``named``: the settings allow this host."""

    scheme: str
    host: str
    port: int
    target: str
    named: bool

    @property
    def host_header(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"https": 443, "http": 80}[self.scheme]
        return name if self.port == usual else f"{name}:{self.port}"


def place_of(url: str, allowed: Collection[str]) -> Place:
    """The parts of the address; raises what says why it cannot be one."""
    if len(url) > _MOST or not re.fullmatch(r"[\x21-\x7e]+", url):
        raise BadReceiver("the address has spaces or other signs, or is too long", hint=_HINT)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadReceiver("the address cannot be read", hint=_HINT) from None
    host = (parts.hostname or "").rstrip(".").lower()
    if parts.scheme not in ("https", "http") or not host:
        raise BadReceiver("the address is none of the web", hint=_HINT)
    if ":" not in host and not _is_name(host):
        raise BadReceiver("the address has a host that no name can be", hint=_HINT)
    if parts.username is not None or parts.password is not None:
        raise BadReceiver("the address holds a password", hint="receivers know us by the signature")
    usual = 443 if parts.scheme == "https" else 80
    port = usual if port is None else port
    named = host in allowed or f"{host}:{port}" in allowed
    if parts.scheme == "http" and not named:
        raise AddressRefused(f"{host} would be told without TLS", hint=_HINT)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(parts.scheme, host, port, target, named)


def _is_name(host: str) -> bool:
    """Nobody can look up a name with a part that is empty or too long."""
    return len(host) <= _LONGEST_NAME and all(
        0 < len(label) <= _LONGEST_LABEL for label in host.split(".")
    )


def is_public(address: str) -> bool:
    """Is that IP address one of the internet, and of nobody's own network?"""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if any(found in net for net in _WITHIN if net.version == 6):
            return False  # they carry an IPv4 address inside, whichever that is
    elif any(found in net for net in _WITHIN if net.version == 4):
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def chosen(place: Place, found: Collection[str]) -> tuple[str, ...]:
    """The addresses to connect to, one after the other; all that the name means must be public.

    These are held to: to ask for the name again could give others.
    """
    addresses = tuple(dict.fromkeys(found))
    if not addresses:
        raise AddressRefused(f"{place.host} means no address", hint=_HINT)
    if not place.named and (inside := [one for one in addresses if not is_public(one)]):
        raise AddressRefused(
            f"{place.host} means {inside[0]}, which is no address of the internet", hint=_HINT
        )
    return addresses
