"""A template for the customers of a shop: what they bought, where they stand, their own links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from joren.act.messages import services
from joren.act.messages.contracts import Rendered, Sender
from joren.act.messages.services.previewing import render_for
from joren.act.messages.services.rendering import Scribe
from joren.collect.customers import selectors as people
from joren.collect.orders import selectors as facts
from joren.core.ids import CustomerId
from joren.plumbing.warehouse import warehouse
from joren.protect.consent import selectors as consent
from joren.protect.consent.contracts import Matter
from joren.understand.ltv import selectors as values
from joren.warehouse import Warehouse
from tests.act.messages.cast import MJML, a_template
from tests.act.messages.cast import people as made
from tests.refreshed_homes import CUSTOMERS

pytestmark = pytest.mark.django_db

ALL = (
    "{{ customer.name }}|{{ orders.count }}|{{ orders.last.number }}|{{ orders.last.ordered_on }}|"
    "{{ orders.last.items.size }}|{{ value.stage }}|{{ value.decile }}|{{ shop.name }}"
)


def test_a_customer_gets_what_is_known_of_them(refreshed_shop: Warehouse) -> None:
    made(range(1, CUSTOMERS + 1))
    someone = people.customer(CustomerId(7))
    last = _orders(someone.id)[0]

    found, _ = services.preview(a_template(ALL, form="text"), language="ja", whom=int(someone.id))

    said = found.text.strip().split("|")
    row = values.value_of(someone.id, values.snapshot())
    assert said[0] == someone.name
    assert said[1] == str(row["orders"])
    assert said[2] == last["order_number"]
    assert said[3] == last["ordered_on"].isoformat()
    assert said[4] == str(len(last["items"]))
    assert said[5] in ("新規", "F2", "現役", "離脱")
    assert said[6] in map(str, range(1, 11))


def rendered(ids: Sequence[int], **more: Any) -> list[tuple[Rendered, Mapping[str, str]]]:
    known = people.customers_among(ids)
    who = [known[number] for number in ids]
    with Scribe() as scribe:
        return list(render_for(a_template(**more), who, scribe=scribe))


def test_many_customers_cost_as_many_statements_as_one(
    refreshed_shop: Warehouse, settings: Settings
) -> None:
    made(range(1, CUSTOMERS + 1))
    ids = list(range(1, 61))
    settings.JOREN_URL = "https://joren.shop.example"
    with CaptureQueriesContext(connection) as of_one:
        rendered(ids[:1])

    with CaptureQueriesContext(connection) as of_many:
        found = rendered(ids)

    assert len(found) == len(ids)
    assert len(of_many) == len(of_one)


def test_of_somebody_without_orders_nothing_is_known_and_the_message_is_whole(
    home: object, db: None
) -> None:
    made([7])

    found, _ = services.preview(a_template(), language="ja", whom=7)

    assert found.whole
    assert "客7さま" in found.text


def test_the_links_of_a_preview_unsubscribe_nobody(home: object, db: None, client: Client) -> None:
    made([7])

    found, hints = services.preview(a_template(), language="ja", whom=7)

    address = next(one.address for one in found.links if "/consent/unsubscribe/" in one.address)
    answer = client.post(address.partition(":8000")[2], {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 404
    assert "links_of_nobody" in {one.say for one in hints}
    assert "insecure" not in {one.say for one in hints}


def test_a_message_to_a_customer_carries_their_own_links_and_the_headers_of_rfc_8058(
    home: object, db: None, client: Client, settings: Settings
) -> None:
    settings.JOREN_URL = "https://joren.shop.example"
    made([1, 2])

    found = rendered([2, 1])

    for number, (message, headers) in zip((2, 1), found, strict=True):
        link = headers["List-Unsubscribe"].strip("<>")
        assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert any(one.address == link for one in message.links)
        path = link.removeprefix("https://joren.shop.example")
        client.post(path, {"List-Unsubscribe": "One-Click"})
        (now,) = consent.standings_of(number, [Matter("email", "marketing")])
        assert now.state == "refused"


def test_word_of_an_order_has_no_link_to_refuse_it(
    home: object, db: None, settings: Settings
) -> None:
    settings.JOREN_URL = "https://joren.shop.example"
    made([1])

    ((message, headers),) = rendered([1], kind="transactional")

    assert headers == {}
    assert not [one for one in message.links if "/consent/" in one.address]


@pytest.mark.parametrize(
    ("body", "form", "kind", "say"),
    [
        ("本文", "text", "brand", "no_unsubscribe"),
        ("本文", "text", "brand", "no_postal"),
        ("<p>" + "長い文 " * 40_000 + "</p>", "html", "brand", "clipped"),
        ("<img src='https://x.example/a.png'>", "html", "brand", "no_words"),
        ("<img src='https://x.example/a.png'>", "html", "brand", "images_without_words"),
        ("<img src='https://x.example/a.png' alt='a'>" * 11, "html", "brand", "many_images"),
        ("http://shop.example/ をどうぞ", "text", "brand", "insecure"),
    ],
)
def test_what_keeps_a_message_from_being_read_is_told_beforehand(
    home: object, db: None, body: str, form: str, kind: str, say: str
) -> None:
    _, hints = services.preview(
        a_template(body, form=form, kind=kind), language="ja", whom="nobody"
    )

    assert say in {one.say for one in hints}


def test_a_good_message_has_nothing_to_remark(home: object, db: None, settings: Settings) -> None:
    settings.JOREN_URL = "https://joren.shop.example"
    services.set_sender(
        Sender("常連珈琲", "hello@shop.example", "", "京都市中京区1-1"), by="member:1"
    )

    _, hints = services.preview(a_template(MJML), language="ja", whom="example")

    assert hints == []


@pytest.mark.parametrize(
    ("subject", "say"),
    [
        ("あ" * 31, "subject_long"),
        ("今だけ！！", "subject_loud"),
        ("BUY NOW TODAY", "subject_loud"),
    ],
)
def test_a_subject_that_is_cut_off_or_shouts_is_told(
    home: object, db: None, subject: str, say: str
) -> None:
    _, hints = services.preview(
        a_template("本文", form="text", subject=subject), language="ja", whom="nobody"
    )

    assert say in {one.say for one in hints}


def test_a_language_that_is_missing_is_stood_in_for_by_the_other(home: object, db: None) -> None:
    found, _ = services.preview(a_template(), language="en", whom="example")

    assert found.language == "ja"


def _orders(number: CustomerId) -> list[dict[str, object]]:
    ids = people.identity_ids_of(number)
    return list(facts.orders_under(warehouse(), ids, limit=1).items)
