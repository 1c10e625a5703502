"""What every channel keeps to, ours like any guest's: call ``conform`` from a test of yours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from joren.act.messages.contracts import Channel, Message, Outcome, Sender

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


def conform(channel: Channel, arrived: Callable[[], Sequence[Arrived]]) -> None:
    """Raise ``AssertionError`` with the first promise that the channel breaks.

    ``arrived`` answers what came out at the other end so far.
    """
    assert isinstance(channel, Channel), f"{channel!r} has no name, or cannot send"
    _arrives_whole(channel, arrived)
    _plain_text_has_one_part(channel, arrived)
    _knows_a_key_again(channel)
    _lets_no_header_in(channel, arrived)
    _refuses_whom_nobody_can_reach(channel, arrived)


def _arrives_whole(channel: Channel, arrived: Callable[[], Sequence[Arrived]]) -> None:
    before = len(arrived())
    outcome = _send(channel, MESSAGE)
    assert outcome.state == "accepted", f"a whole message was {outcome.state}: {outcome.reason}"
    assert outcome.provider_id, "an accepted message has no number by which one asks about it"
    (last,) = arrived()[before:]
    assert list(last.to) == [MESSAGE.to], f"it went to {len(last.to)} addresses, or to another"
    assert last.subject == MESSAGE.subject, f"the subject arrived as {last.subject!r}"
    assert last.text.strip() == MESSAGE.text.strip(), "the text arrived changed"
    assert last.html == MESSAGE.html, "the HTML arrived changed"
    for name, value in MESSAGE.headers.items():
        assert last.headers.get(name) == value, f"the header {name} arrived changed, or not at all"


def _plain_text_has_one_part(channel: Channel, arrived: Callable[[], Sequence[Arrived]]) -> None:
    outcome = _send(channel, replace(MESSAGE, html=None, headers={}))
    assert outcome.state == "accepted", f"plain text was {outcome.state}: {outcome.reason}"
    assert arrived()[-1].html is None, "plain text arrived with HTML"


def _knows_a_key_again(channel: Channel) -> None:
    key = uuid4().hex
    first, again = channel.send(MESSAGE, key=key), channel.send(MESSAGE, key=key)
    other = _send(channel, MESSAGE)
    assert first.provider_id == again.provider_id, "one key was given two numbers"
    assert first.provider_id != other.provider_id, "two keys were given one number"


def _lets_no_header_in(channel: Channel, arrived: Callable[[], Sequence[Arrived]]) -> None:
    before = len(arrived())
    smuggled = "hello\r\nBcc: everybody@customer.example"
    for message in (
        replace(MESSAGE, subject=smuggled),
        replace(MESSAGE, to=f"{MESSAGE.to}\r\nBcc: other@customer.example"),
        replace(MESSAGE, headers={"List-Unsubscribe": smuggled}),
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
