"""The channels that are known: ours, and those of guests that are installed."""

from __future__ import annotations

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Final

from joren.act.messages.channels.email import channel as email
from joren.act.messages.channels.line import channel as line
from joren.act.messages.channels.post import channel as post
from joren.act.messages.channels.sandbox import channel as sandbox
from joren.act.messages.channels.webhook import channel as webhook
from joren.act.messages.contracts import Channel, NoChannel

GROUP: Final = "joren.channels"
OURS: Final[tuple[Channel, ...]] = (
    email.CHANNEL,
    line.CHANNEL,
    webhook.SMS,
    webhook.PUSH,
    post.CHANNEL,
    sandbox.CHANNEL,
)


@cache
def channels() -> dict[str, Channel]:
    """Each by its name; a guest has a name that nobody else has."""
    found = {one.name: one for one in OURS}
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        guest = admitted(entry)
        if guest in OURS:
            continue
        if guest.name in found:
            raise _refused(entry, f"the name {guest.name!r} is taken")
        found[guest.name] = guest
    return found


def names() -> tuple[str, ...]:
    """What templates may be for: every channel but the one that keeps all in the house."""
    return tuple(name for name in channels() if name != sandbox.CHANNEL.name)


def named(name: str) -> Channel:
    try:
        return channels()[name]
    except KeyError:
        raise NoChannel(f"no channel {name!r}", hint=f"known: {', '.join(names())}") from None


def admitted(entry: EntryPoint) -> Channel:
    """What the entry offers, if it is a channel."""
    try:
        found = entry.load()
    except Exception as broken:
        raise _refused(entry, f"it cannot be loaded: {broken}") from broken
    if isinstance(found, type) or not isinstance(found, Channel):
        raise _refused(entry, f"it is a {type(found).__name__} and no Channel")
    if found.name != entry.name:
        raise _refused(entry, f"it calls itself {found.name!r}")
    return found


def _refused(entry: EntryPoint, why: str) -> NoChannel:
    dist = entry.dist.name if entry.dist else "an unknown package"
    return NoChannel(
        f"{dist} offers {entry.value} as the channel {entry.name!r}, and {why}",
        hint=f"uninstall {dist}, or see docs/guides/messages.md for what a channel is",
    )
