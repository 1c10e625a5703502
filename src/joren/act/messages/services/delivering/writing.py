"""Write the messages of a batch: one text and one child process for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import unescape
from typing import Final

from joren.act.messages import selectors
from joren.act.messages.contracts import (
    OCCASIONS,
    Content,
    JobMessage,
    Message,
    NoSuchVersion,
    Sender,
)
from joren.act.messages.services.delivering.claiming import Batch, Row
from joren.act.messages.services.delivering.following import Follower
from joren.act.messages.services.previewing import render_for, render_said
from joren.act.messages.services.rendering import Scribe
from joren.collect.customers import selectors as people
from joren.collect.customers.contracts import Customer
from joren.core.ids import CustomerId
from joren.protect.consent import selectors as consents

_NOBODY: Final = CustomerId(0)

NOBODY: Final = Sender("joren", "nobody@shop.invalid")
"""Whom a message is from that stays in the house."""


def written(batch: Batch, scribe: Scribe) -> Iterator[tuple[Row, JobMessage]]:
    """Each row in its order, with the message or why there is none. What comes later is written
    while the rows before it are sent."""
    try:
        content = selectors.version(
            batch.errand.template_id, batch.version or batch.errand.template.version
        ).content
    except NoSuchVersion:
        yield from ((row, JobMessage(None, "broken_template")) for row in batch.rows)
        return
    now = consents.persons_now([row.customer_id for row in batch.rows])
    persons = {row.pk: int(now.get(row.customer_id, _NOBODY)) for row in batch.rows}
    who = people.customers_among(sorted(set(now.values())))
    addresses = _addresses(batch.errand.channel, who)
    if batch.errand.source in OCCASIONS:
        yield from _of_occasion(batch, content, persons, addresses, scribe)
        return
    reached = [who[persons[row.pk]] for row in batch.rows if persons[row.pk] in addresses]
    rendered = render_for(content, reached, scribe=scribe)
    sender = selectors.sender() or NOBODY
    follower = Follower(content, addresses)
    for row in batch.rows:
        person = persons[row.pk]
        if person not in addresses:
            yield row, JobMessage(None, "no_address" if person in who else "gone")
            continue
        one, headers = next(rendered)
        if not one.whole:
            yield row, JobMessage(None, "broken_template")
            continue
        message = Message(
            addresses[person], one.subject, one.text, one.html, sender, headers, person,
            selectors.return_path(row.pk),
        )  # fmt: skip
        yield row, JobMessage(follower.dressed(row.pk, one, message))


def _of_occasion(
    batch: Batch, content: Content, persons: Mapping[int, int], addresses: Mapping[int, str],
    scribe: Scribe,
) -> Iterator[tuple[Row, JobMessage]]:  # fmt: skip
    """Each row is about something of its own, and its links are left as they are."""
    known = OCCASIONS[batch.errand.source]([row.occurrence for row in batch.rows])
    about = {row.pk: known[row.occurrence] for row in batch.rows if row.occurrence in known}
    rendered = render_said(content, about.values(), scribe=scribe)
    sender = selectors.sender() or NOBODY
    for row in batch.rows:
        if row.pk not in about:
            yield row, JobMessage(None, "not_needed")
            continue
        person, one = persons[row.pk], next(rendered)
        if person not in addresses:
            yield row, JobMessage(None, "no_address")
        elif not one.whole or about[row.pk].holds not in unescape(one.html or one.text):
            yield row, JobMessage(None, "broken_template")
        else:
            message = Message(
                addresses[person], one.subject, one.text, one.html, sender, {}, person,
                selectors.return_path(row.pk),
            )  # fmt: skip
            yield row, JobMessage(message)


def _addresses(channel: str, who: Mapping[int, Customer]) -> dict[int, str]:
    """How each is reached on that channel; who cannot be is left out."""
    found: dict[int, str]
    if channel == "line":
        known = people.identities_among([CustomerId(one) for one in who])
        found = {
            int(number): next((one.value for one in ways if one.kind == "line"), "")
            for number, ways in known.items()
        }
    elif channel == "sms":
        found = _of_somebody("p:", {number: one.phone for number, one in who.items()})
    elif channel == "push":
        found = {number: str(number) for number in who}
    elif channel == "post":
        found = {number: " ".join(one.name.split()) for number, one in who.items()}
    else:
        found = _of_somebody("e:", {number: one.email for number, one in who.items()})
    return {number: address for number, address in found.items() if address}


def _of_somebody(kind: str, contacts: Mapping[int, str]) -> dict[int, str]:
    """Without what is typed where no contact is had: a thousand people have one such mailbox."""
    nobody = people.those_who_name_nobody({kind + one for one in contacts.values() if one})
    return {number: "" if kind + one in nobody else one for number, one in contacts.items()}
