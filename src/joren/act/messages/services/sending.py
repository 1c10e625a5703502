"""Whom messages are from, and a test to oneself. Before the shop says it, nothing leaves."""

from __future__ import annotations

from typing import Final
from uuid import uuid4

from django.db import transaction

from joren.accounts import selectors as accounts
from joren.act.messages import channels, models, selectors
from joren.act.messages.channels.sandbox.channel import CHANNEL as SANDBOX
from joren.act.messages.contracts import (
    BrokenTemplate,
    Channel,
    Content,
    Message,
    NoMemberAddress,
    NotSent,
    Outcome,
    Sender,
)
from joren.act.messages.rules import check_sender
from joren.act.messages.services.previewing import Whom, preview, test_headers
from joren.protect.audit import services as audit

_NOBODY_YET: Final = Sender("joren", "nobody@shop.invalid")
"""Whom a message is from that cannot leave anyway."""


@transaction.atomic
def set_sender(sender: Sender, *, by: str) -> Sender:
    """Say whom messages are from; from now on they leave, where the machine knows a server."""
    check_sender(sender)
    models.Sender.objects.update_or_create(
        pk=1,
        defaults={
            "name": sender.name.strip(),
            "email": sender.email,
            "reply_to": sender.reply_to,
            "postal_address": sender.postal_address.strip(),
        },
    )
    audit.record("messages.sender_set", actor=by, subject_kind="sender")
    return sender


def channel_now(name: str) -> Channel:
    """The channel of that name; the sandbox as long as nothing may leave."""
    return channels.named(name) if selectors.mode(name).live else SANDBOX


def send_test(
    content: Content, *, language: str, whom: int | Whom, by: str, template: int | None = None
) -> Outcome:
    """Send it to the address of the member who asks, and to no other. Its links are of nobody.

    Of a member no telephone and no LINE is known: what is not mail is kept in the house.
    """
    address = _own_address(by)
    found, _ = preview(content, language=language, whom=whom)
    if not found.whole:
        raise BrokenTemplate(found.faults)
    message = Message(
        to=address,
        subject=f"[test] {found.subject}",
        text=found.text,
        html=found.html,
        sender=selectors.sender() or _NOBODY_YET,
        headers=test_headers(content),
        about=whom if isinstance(whom, int) else None,
    )
    channel = channel_now("email") if content.channel == "email" else SANDBOX
    outcome = channel.send(message, key=f"test-{uuid4().hex}")
    audit.record(
        "messages.test_sent", actor=by, subject_kind="template", subject_id=template or "",
        channel=channel.name, outcome=outcome.state, customer=message.about,
    )  # fmt: skip
    if outcome.state != "accepted":
        raise NotSent(
            f"{channel.name} did not take it ({outcome.state}): {outcome.reason}",
            hint="look at JOREN_SMTP and at the sender",
        )
    return outcome


def _own_address(by: str) -> str:
    kind, _, number = by.partition(":")
    if kind == "key":
        known = {one.prefix: one.issued_to for one in accounts.api_keys()}
        if number in known:
            return accounts.member_numbered(known[number]).email
    if kind != "member" or not number.isdecimal():
        raise NoMemberAddress(
            f"a test goes to the address of a member, and {by} is none",
            hint="sign in, and send it from the template's page",
        )
    return accounts.member_numbered(int(number)).email
