"""Lead the links of a batch over our own, of those who did not refuse it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from django.conf import settings
from django.urls import reverse

from joren.act.messages import models, selectors
from joren.act.messages.contracts import Content, Message, Rendered
from joren.act.messages.rules import tracking as rules
from joren.act.messages.selectors.tracking import key_of

_LONGEST: Final = 2_000


class Follower:
    """What a batch needs to know: asked once for all its rows."""

    def __init__(
        self, content: Content, rendered: Mapping[int, Rendered], persons: Iterable[int]
    ) -> None:
        chosen = selectors.tracking()
        here = settings.JOREN_URL.startswith("https://")  # else a link of ours leads nowhere
        self._clicks = here and content.channel in chosen.clicks
        self._opens = here and content.channel in chosen.opens
        wanted = self._clicks or self._opens
        self._refused = selectors.refused_tracking(list(persons)) if wanted else set()
        self._key = key_of(settings.SECRET_KEY)
        self._numbers = _numbers(content, rendered.values()) if self._clicks else {}

    def dressed(self, send: int, person: int, message: Message) -> Message:
        """The message of that row, with links of ours."""
        if person in self._refused or not (self._clicks or self._opens):
            return message
        own = {
            address: self._address(send, rules.base36(number))
            for address, number in self._numbers.items()
        }
        html = message.html
        if html is not None:
            html = rules.dressed(
                rules.in_html(html, own),
                hidden=self._address(send, rules.HIDDEN_PLACE) if own else "",
                pixel=self._address(send, rules.PIXEL_PLACE) if self._opens else "",
            )
        return replace(message, html=html, text=rules.in_text(message.text, own))

    def _address(self, send: int, place: str) -> str:
        page = "message_open" if place == rules.PIXEL_PLACE else "message_click"
        made = reverse(page, args=[rules.token(self._key, send, place)])
        return f"{settings.JOREN_URL}{made}"


def _numbers(content: Content, rendered: Iterable[Rendered]) -> dict[str, int]:
    """The numbers of the addresses that are followed; one that is new gets one."""
    wanted: dict[str, str] = {}
    for one in rendered:
        source = content.texts[one.language].body if one.language in content.texts else ""
        for address in rules.followed(one.links, source, ours=settings.JOREN_URL):
            if len(address) <= _LONGEST:
                wanted.setdefault(address, hashlib.sha256(address.encode()).hexdigest())
    if not wanted:
        return {}
    models.TrackedLink.objects.bulk_create(
        [models.TrackedLink(address=address, digest=digest) for address, digest in wanted.items()
         if not models.TrackedLink.objects.filter(digest=digest).exists()],
        ignore_conflicts=True,
    )  # fmt: skip
    known = models.TrackedLink.objects.filter(digest__in=list(wanted.values()))
    return {row.address: row.pk for row in known}
