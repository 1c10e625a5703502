"""What every channel keeps to, ours like any guest's: call ``conform`` from a test of yours."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import uuid4

from joren.act.messages.contracts import (
    Batching,
    Channel,
    Message,
    Outcome,
    Remembering,
    Sender,
)

CARRIED: Final = frozenset(("subject", "html", "headers"))

MESSAGE = Message(
    to="hanako@customer.example",
    subject="春の新豆が届きました ☕",
    text="本文です。\nhttps://shop.example/\n",
    html="<p>本文です。<a href='https://shop.example/'>見る</a></p>",
    sender=Sender("常連珈琲", "hello@shop.example", "reply@shop.example"),
    headers={
        "List-Unsubscribe": "<https://shop.example/u/x>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    },
)


@dataclass(frozen=True)
class Arrived:
    """A message at the other end of a channel, whatever it went through."""

    to: Sequence[str]
    subject: str
    text: str
    html: str | None
    headers: dict[str, str]


def conform(
    channel: Channel,
    arrived: Callable[[], Sequence[Arrived]],
    *,
    to: str = MESSAGE.to,
    carries: Collection[str] = CARRIED,
) -> None:
    """Raise ``AssertionError`` with the first promise that the channel breaks.

    ``arrived`` answers what came out at the other end so far. ``to`` is an address of the channel,
    ``carries`` are the parts of a message that it has a place for; the text is always one.
    """
    assert isinstance(channel, Channel), f"{channel!r} has no name, or cannot send"
    message = replace(MESSAGE, to=to)
    _arrives_whole(channel, arrived, message, carries)
    _plain_text_has_one_part(channel, arrived, message)
    _knows_a_key_again(channel, arrived, message)
    if "headers" in carries:
        _lets_no_header_in(channel, arrived, message)
    _refuses_whom_nobody_can_reach(channel, arrived)
    if isinstance(channel, Batching):
        _sends_many_over_one_line(channel, arrived, message)


def _arrives_whole(
    channel: Channel,
    arrived: Callable[[], Sequence[Arrived]],
    message: Message,
    carries: Collection[str],
) -> None:
    before = len(arrived())
    outcome = _send(channel, message)
    assert outcome.state == "accepted", f"a whole message was {outcome.state}: {outcome.reason}"
    assert outcome.provider_id, "an accepted message has no number by which one asks about it"
    (last,) = arrived()[before:]
    assert list(last.to) == [message.to], f"it went to {len(last.to)} addresses, or to another"
    assert last.text.strip() == message.text.strip(), "the text arrived changed"
    if "subject" in carries:
        assert last.subject == message.subject, f"the subject arrived as {last.subject!r}"
    if "html" in carries:
        assert last.html == message.html, "the HTML arrived changed"
    for name, value in message.headers.items() if "headers" in carries else ():
        assert last.headers.get(name) == value, f"the header {name} arrived changed, or not at all"


def _plain_text_has_one_part(
    channel: Channel, arrived: Callable[[], Sequence[Arrived]], message: Message
) -> None:
    outcome = _send(channel, replace(message, html=None, headers={}))
    assert outcome.state == "accepted", f"plain text was {outcome.state}: {outcome.reason}"
    assert arrived()[-1].html is None, "plain text arrived with HTML"


def _knows_a_key_again(
    channel: Channel, arrived: Callable[[], Sequence[Arrived]], message: Message
) -> None:
    key, before = uuid4().hex, len(arrived())
    first, again = channel.send(message, key=key), channel.send(message, key=key)
    assert first.provider_id == again.provider_id, "one key was given two numbers"
    if isinstance(channel, Remembering):
        assert again.state == "accepted", f"a repeat of what was taken was {again.state}"
        assert len(arrived()) == before + 1, "what was repeated under one key arrived twice"
    other = _send(channel, message)
    assert first.provider_id != other.provider_id, "two keys were given one number"


def _sends_many_over_one_line(
    channel: Batching, arrived: Callable[[], Sequence[Arrived]], message: Message
) -> None:
    before = len(arrived())
    with channel.session() as opened:
        well = [
            _send(opened, message),
            _send(opened, replace(message, to="")),
            _send(opened, message),
        ]
    assert [one.state for one in well] == ["accepted", "refused", "accepted"]
    assert len(arrived()) == before + 2, "after a refusal the line brought nothing more"


def _lets_no_header_in(
    channel: Channel, arrived: Callable[[], Sequence[Arrived]], whole: Message
) -> None:
    before = len(arrived())
    smuggled = "hello\r\nBcc: everybody@customer.example"
    for message in (
        replace(whole, subject=smuggled),
        replace(whole, to=f"{whole.to}\r\nBcc: other@customer.example"),
        replace(whole, headers={"List-Unsubscribe": smuggled}),
    ):
        outcome = _send(channel, message)
        assert outcome.state == "refused", f"a line break in a header was {outcome.state}"
        assert outcome.reason, "a refusal says no reason"
    assert len(arrived()) == before, "what was refused has arrived"


def _refuses_whom_nobody_can_reach(
    channel: Channel, arrived: Callable[[], Sequence[Arrived]]
) -> None:
    before = len(arrived())
    outcome = _send(channel, replace(MESSAGE, to=""))
    assert outcome.state == "refused", f"a message to nobody was {outcome.state}"
    assert outcome.reason, "a refusal says no reason"
    assert not outcome.again, "a message to nobody is worth no second try"
    assert len(arrived()) == before, "what was refused has arrived"


def _send(channel: Channel, message: Message) -> Outcome:
    return channel.send(message, key=uuid4().hex)
