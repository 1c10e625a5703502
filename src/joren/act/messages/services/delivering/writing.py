"""Write the messages of a batch: one text and one child process for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from html import unescape
from typing import Final

from joren.act.messages import selectors
from joren.act.messages.contracts import (
    OCCASIONS,
    TRANSACTIONAL,
    Content,
    JobMessage,
    Message,
    NoSuchVersion,
    Sender,
)
from joren.act.messages.services.delivering.claiming import Batch
from joren.act.messages.services.delivering.following import Follower
from joren.act.messages.services.previewing import render_for, render_said
from joren.collect.customers import selectors as people
from joren.collect.customers.contracts import Customer
from joren.core import clock
from joren.core.ids import CustomerId

LANGUAGE: Final = "ja"
"""Whom nobody asked reads what most customers read; a template without it is sent in its other."""

NOBODY: Final = Sender("joren", "nobody@shop.invalid")
"""Whom a message is from that stays in the house."""


def written(batch: Batch) -> dict[int, JobMessage]:
    """By the row's number: the message, or why there is none."""
    try:
        content = selectors.version(
            batch.errand.template_id, batch.version or batch.errand.template.version
        ).content
    except NoSuchVersion:
        return {row.pk: JobMessage(None, "broken_template") for row in batch.rows}
    standing = selectors.standing_now(
        [row.customer_id for row in batch.rows],
        channel=batch.errand.channel,
        transactional=batch.errand.kind == TRANSACTIONAL,
        now=clock.now(),
    )
    persons = {number: one.person for number, one in standing.items()}
    who = people.customers_among(sorted(set(persons.values())))
    addresses = _addresses(batch.errand.channel, who)
    if batch.errand.source in OCCASIONS:
        return _of_occasion(batch, content, persons, addresses)
    rendered = render_for(content, sorted(addresses), language=LANGUAGE)
    sender = selectors.sender() or NOBODY
    follower = Follower(content, {who: one for who, (one, _) in rendered.items()}, addresses)
    found: dict[int, JobMessage] = {}
    for row in batch.rows:
        person = persons[row.customer_id]
        if person not in who:
            found[row.pk] = JobMessage(None, "gone")
        elif person not in addresses or person not in rendered:
            found[row.pk] = JobMessage(None, "no_address")
        else:
            one, headers = rendered[person]
            if not one.whole:
                found[row.pk] = JobMessage(None, "broken_template")
                continue
            message = Message(
                addresses[person], one.subject, one.text, one.html, sender, headers, person
            )
            found[row.pk] = JobMessage(follower.dressed(row.pk, person, message))
    return found


def _of_occasion(
    batch: Batch, content: Content, persons: Mapping[int, int], addresses: Mapping[int, str]
) -> dict[int, JobMessage]:
    """Each row is about something of its own, and its links are left as they are."""
    known = OCCASIONS[batch.errand.source]([row.occurrence for row in batch.rows])
    about = {row.pk: known[row.occurrence] for row in batch.rows if row.occurrence in known}
    rendered = dict(zip(about, render_said(content, list(about.values())), strict=True))
    sender = selectors.sender() or NOBODY
    found: dict[int, JobMessage] = {}
    for row in batch.rows:
        person, one = persons[row.customer_id], rendered.get(row.pk)
        if one is None:
            found[row.pk] = JobMessage(None, "not_needed")
        elif person not in addresses:
            found[row.pk] = JobMessage(None, "no_address")
        elif not one.whole or about[row.pk].holds not in unescape(one.html or one.text):
            found[row.pk] = JobMessage(None, "broken_template")
        else:
            found[row.pk] = JobMessage(
                Message(addresses[person], one.subject, one.text, one.html, sender, {}, person)
            )
    return found


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
        found = {number: one.phone for number, one in who.items()}
    elif channel == "push":
        found = {number: str(number) for number in who}
    elif channel == "post":
        found = {number: " ".join(one.name.split()) for number, one in who.items()}
    else:
        found = {number: one.email for number, one in who.items()}
    return {number: address for number, address in found.items() if address}
