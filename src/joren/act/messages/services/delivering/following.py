"""Lead the links of a batch over our own, of those who did not refuse it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from django.conf import settings

from joren.act.messages import models, selectors
from joren.act.messages.contracts import Content, Message, Rendered
from joren.act.messages.rules import tracking as rules
from joren.act.messages.selectors.tracking import key_of
from joren.plumbing.addresses import address_of

_LONGEST: Final = 2_000


class Follower:
    """What a batch needs to know: asked once for all its rows, and of each address once."""

    def __init__(self, content: Content, persons: Iterable[int]) -> None:
        chosen = selectors.tracking()
        here = settings.JOREN_URL.startswith("https://")  # else a link of ours leads nowhere
        self._clicks = here and content.channel in chosen.clicks
        self._opens = here and content.channel in chosen.opens
        wanted = self._clicks or self._opens
        self._refused = selectors.refused_tracking(list(persons)) if wanted else set()
        self._key = key_of(settings.SECRET_KEY)
        self._sources = {language: text.body for language, text in content.texts.items()}
        self._numbers: dict[str, int | None] = {}

    def dressed(self, send: int, rendered: Rendered, message: Message) -> Message:
        """The message of that row, with links of ours."""
        if message.about in self._refused or not (self._clicks or self._opens):
            return message
        own = {
            address: self._address(send, rules.base36(number))
            for address, number in self._followed(rendered).items()
        }
        html = message.html
        if html is not None:
            html = rules.dressed(
                rules.in_html(html, own),
                hidden=self._address(send, rules.HIDDEN_PLACE) if own else "",
                pixel=self._address(send, rules.PIXEL_PLACE) if self._opens else "",
            )
        return replace(message, html=html, text=rules.in_text(message.text, own))

    def _followed(self, rendered: Rendered) -> dict[str, int]:
        """The numbers of the message's addresses that are followed."""
        if not self._clicks:
            return {}
        fresh = [one for one in rendered.links if one.tagged not in self._numbers]
        if fresh:
            source = self._sources.get(rendered.language, "")
            wanted = rules.followed(fresh, source, ours=settings.JOREN_URL)
            self._numbers.update(dict.fromkeys(one.tagged for one in fresh))
            self._numbers.update(_numbers(wanted))
        known = ((one.tagged, self._numbers[one.tagged]) for one in rendered.links)
        return {address: number for address, number in known if number is not None}

    def _address(self, send: int, place: str) -> str:
        page = "message_open" if place == rules.PIXEL_PLACE else "message_click"
        return address_of(page, rules.token(self._key, send, place))


def _numbers(addresses: Iterable[str]) -> dict[str, int]:
    """A number for each address that is not too long; one that is new gets one."""
    wanted = {
        address: hashlib.sha256(address.encode()).hexdigest()
        for address in addresses
        if len(address) <= _LONGEST
    }
    if not wanted:
        return {}
    known = models.TrackedLink.objects.filter(digest__in=list(wanted.values()))
    found = dict(known.values_list("address", "pk"))
    if len(found) < len(wanted):
        models.TrackedLink.objects.bulk_create(
            [
                models.TrackedLink(address=address, digest=digest)
                for address, digest in wanted.items()
                if address not in found
            ],
            ignore_conflicts=True,
        )
        found = dict(known.values_list("address", "pk"))
    return found
