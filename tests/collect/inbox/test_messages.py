"""What a message means."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.collect.inbox.contracts import Unreadable
from joren.collect.inbox.rules.messages import Arrival, Event, event_of, moment
from joren.collect.inbox.rules.names import ALIASES, ECOMMERCE, event_named
from joren.collect.inbox.rules.people import Sender
from joren.collect.inbox.rules.properties import STANDARD

SERVER = Sender(1, "server", 7, "own")
BROWSER = Sender(2, "browser", 7, "own")
SECOND = 1_000_000
RECEIVED = round(datetime(2026, 11, 22, 3, 0, 10, tzinfo=UTC).timestamp()) * SECOND
TRACK = {"type": "track", "event": "Product Viewed", "messageId": "m", "anonymousId": "a-1"}


def read(message: dict[str, Any], *, sender: Sender = SERVER, sent_at: str = "") -> Event:
    arrival = Arrival(1, sender, RECEIVED, moment(sent_at), "JPY")
    return event_of(message, arrival, 0, STANDARD)


def test_the_clock_of_the_sender_is_corrected() -> None:
    wrong = {**TRACK, "timestamp": "2020-01-01T00:00:00Z"}

    event = read(wrong, sent_at="2020-01-01T00:00:03Z")

    assert event.occurred_at == RECEIVED - 3 * SECOND


@given(st.integers(-(10**8), 10**8), st.integers(0, 10**6))
def test_no_error_of_a_clock_changes_when_it_happened(error: int, ago: int) -> None:
    sent = RECEIVED // SECOND + error
    message = {**TRACK, "timestamp": (sent - ago) * 1000}

    event = event_of(message, Arrival(1, SERVER, RECEIVED, sent * SECOND, "JPY"), 0, STANDARD)

    assert event.occurred_at == RECEIVED - ago * SECOND


def test_nothing_happens_after_it_was_heard() -> None:
    assert read({**TRACK, "timestamp": "2030-01-01T00:00:00Z"}).occurred_at == RECEIVED


def test_a_message_sent_again_is_the_same_event() -> None:
    again = {**TRACK, "sentAt": "2026-11-22T03:00:09Z"}

    assert read(TRACK).event_id == read(again).event_id
    assert read(TRACK).event_id != read({**TRACK, "messageId": "n"}).event_id


def test_what_a_browser_says_takes_no_message_of_a_server_its_place() -> None:
    assert read(TRACK).event_id != read(TRACK, sender=BROWSER).event_id
    assert read(TRACK, sender=BROWSER).event_id == read(TRACK, sender=BROWSER).event_id


def test_no_address_is_the_name_of_an_event() -> None:
    with pytest.raises(Unreadable, match="address"):
        read({**TRACK, "event": "Mail to hanako@example.jp"})


@pytest.mark.parametrize("name", [*ECOMMERCE, *ALIASES])
def test_every_spelling_of_a_name_is_the_name(name: str) -> None:
    known = ALIASES.get(name, name)

    assert {event_named(one) for one in (name, name.lower(), name.replace(" ", "_"))} == {known}


def test_an_event_of_the_shop_keeps_its_name() -> None:
    assert event_named(" 来店予約 ") == "来店予約"


def test_properties_enter_by_the_list_only() -> None:
    given = {
        "product_id": "P-1", "order_id": "1001", "revenue": 4500, "quantity": 2, "brand": "B",
        "secret_note": "x", "email": "taro@example.com", "coupon": "taro@example.com",
        "url": "https://shop.example/p/1?token=abc#x",
        "products": [{"product_id": "P-1", "recipient": "Taro", "price": 2250}],
    }  # fmt: skip

    event = read({**TRACK, "properties": given})

    assert (event.product_id, event.order_number) == ("P-1", "1001")
    assert (event.value, event.currency, event.quantity) == (4500, "JPY", 2)
    assert json.loads(event.properties or "") == {
        "brand": "B",
        "revenue": 4500,
        "url": "/p/1",
        "products": [{"product_id": "P-1", "price": 2250}],
    }


@pytest.mark.parametrize(
    ("currency", "revenue", "minor"),
    [("JPY", "4500", 4500), ("USD", 19.99, 1999), ("usd", "1,000.5", 100050), ("JPY", "x", None)],
)
def test_money_is_in_minor_units(currency: str, revenue: Any, minor: int | None) -> None:
    event = read({**TRACK, "properties": {"currency": currency, "revenue": revenue}})

    assert event.value == minor


def test_nothing_personal_is_in_a_row_of_facts() -> None:
    traits = {"email": "taro@example.com", "firstName": "太郎", "phone": "090-0000-0000"}
    context = {"ip": "203.0.113.1", "traits": traits, "page": {"url": "/x?mail=taro@example.com"}}

    event = read({**TRACK, "userId": "u", "context": context, "properties": {"email": "t@e.jp"}})

    facts = str(event._replace(person=None))
    assert not any(word in facts for word in ("taro", "太郎", "090", "203.0", "t@e.jp"))


def test_a_server_is_believed_about_people() -> None:
    traits = {"email": "Taro@Example.com", "firstName": "太郎", "lastName": "山田"}

    person = read({"type": "identify", "userId": "u", "traits": traits}).person

    assert person is not None
    assert (person.user_id, person.email, person.name) == ("u", "Taro@Example.com", "山田 太郎")


def test_a_server_says_a_stage_of_life_with_any_message_and_a_browser_with_none() -> None:
    traits = {"email": "t@example.com", "lifeStage": "結婚", "life_stage_since": "2026-05-01"}
    tracked = {**TRACK, "userId": "u", "context": {"traits": traits}}

    person, other = read(tracked).person, read(tracked, sender=BROWSER).person

    assert person is not None
    assert (person.life_stage, str(person.life_stage_since)) == ("結婚", "2026-05-01")
    assert other is not None
    assert other.life_stage is None


def test_a_browser_names_one_identity_and_joins_no_two() -> None:
    traits = {"email": "taro@example.com", "name": "Taro"}

    known = read({"type": "identify", "userId": "u", "traits": traits}, sender=BROWSER).person
    lead = read({"type": "identify", "anonymousId": "a", "traits": traits}, sender=BROWSER).person

    assert known is not None
    assert (known.user_id, known.email, known.name) == ("u", None, None)
    assert lead is not None
    assert (lead.user_id, lead.email) == (None, "taro@example.com")


def test_a_user_id_may_be_the_customer_number() -> None:
    person = read(
        {**TRACK, "userId": 42}, sender=SERVER._replace(user_ids="customer_number")
    ).person

    assert person is not None
    assert (person.customer_number, person.user_id) == ("42", None)


def test_null_ids_are_none_and_an_alias_of_itself_is_no_device() -> None:
    assert read({**TRACK, "userId": None}).person is None
    assert read({"type": "alias", "userId": "u", "previousId": "u"}).devices == ()
    assert read({"type": "alias", "userId": "u", "previousId": "a"}).devices == ("a",)


@pytest.mark.parametrize(
    "change",
    [
        {"type": "other"},
        {"type": None},
        {"event": None},
        {"event": " "},
        {"anonymousId": None},
        {"anonymousId": "x" * 256},
        {"timestamp": "yesterday"},
        {"timestamp": {"at": 1}},
        {"timestamp": "1899-01-01T00:00:00Z"},
    ],
)
def test_what_nobody_can_read_says_why(change: dict[str, Any]) -> None:
    with pytest.raises(Unreadable, match=r"\w+ \w+"):
        read({**TRACK, **change})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
NAMES = (
    "type event messageId userId anonymousId previousId timestamp sentAt context properties "
    "traits category name originalTimestamp"
).split()


@given(st.dictionaries(st.sampled_from(NAMES), JSON), st.sampled_from([SERVER, BROWSER]))
def test_any_json_is_an_event_or_says_why(message: dict[str, Any], sender: Sender) -> None:
    with suppress(Unreadable):
        assert read({**TRACK, **message}, sender=sender).occurred_at <= RECEIVED


def test_the_number_of_an_identity_is_believed_of_a_server_alone() -> None:
    told = {"type": "track", "event": "Email Sent", "context": {"joren": {"identity": 12}}}
    wrong = {**told, "context": {"joren": {"identity": "12"}}}

    found = read(told)

    assert (found.identity, found.person) == (12, None)
    for message, sender in ((told, BROWSER), (wrong, SERVER)):
        with pytest.raises(Unreadable):
            read(message, sender=sender)
