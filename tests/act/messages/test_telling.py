"""What became of messages, as events in the warehouse: of whom, once, and of no scanner."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from joren.act.messages import models, services
from joren.act.messages.contracts import OWN
from joren.act.messages.rules.clicks import HIDDEN
from joren.act.messages.rules.facts import Fact, message_of
from joren.collect.customers import models as people_models
from joren.collect.customers.selectors.keyring import hashed_key
from joren.collect.inbox import services as inbox
from joren.collect.inbox.contracts import EVENTS
from joren.core import clock
from joren.plumbing.warehouse import warehouse
from joren.protect.consent.contracts import Said
from joren.protect.consent.services import record
from tests.act.messages.cast import people
from tests.act.messages.test_gate import agree, an_errand, asked
from tests.collect.customers.arriving import add_person

pytestmark = pytest.mark.django_db


def _heard(send: int, kind: str, at: datetime, address: str = "", reason: str = "") -> None:
    models.Feedback.objects.create(
        provider=OWN, key=f"{send}{kind}{address}{reason}", kind=kind, number=str(send), at=at,
        address=address, received_at=at, state="done", send_id=send, reason=reason,
    )  # fmt: skip


@pytest.fixture
def sent(home: Path) -> dict[int, int]:
    """Rows of the ledger by customer: 1 to 4 got one an hour ago; 3 refused to be followed."""
    people_models.Store.objects.create(name="本店")
    people([1, 2, 3, 4])
    agree(1, 2, 3, 4)
    hour = clock.now() - timedelta(hours=1)
    record(3, Said("web", "analytics", "withdrawn", "staff", at=hour), by="tests")
    services.ask(an_errand("incentive"), asked(*((who, 1, 0, None) for who in (1, 2, 3, 4))))
    models.Send.objects.update(state="sent", sent_at=hour)
    return dict(models.Send.objects.values_list("customer_id", "pk"))


def test_the_warehouse_learns_who_got_and_clicked_and_no_scanner_did(
    sent: dict[int, int],
) -> None:
    late = clock.now() - timedelta(minutes=30)
    _heard(sent[1], "clicked", late, "https://shop.example/new")
    _heard(sent[2], "clicked", late, "https://shop.example/new")
    _heard(sent[2], "clicked", late, HIDDEN)
    _heard(sent[3], "clicked", late, "https://shop.example/new")
    _heard(sent[4], "bounced", late, reason="bounced")
    _heard(sent[4], "clicked", clock.now(), "https://shop.example/new")  # not settled yet

    looked = services.tell_facts()
    assert inbox.drain(warehouse(), wait=5) is not None
    told = warehouse().engine.arrow(warehouse().facts(EVENTS)).to_pylist()

    assert looked == 4 + 5
    assert services.tell_facts() == 0
    by_name: dict[str, int] = {}
    for row in told:
        by_name[row["name"]] = by_name.get(row["name"], 0) + 1
    assert by_name == {"Email Sent": 4, "Email Link Clicked": 1, "Email Bounced": 1}
    (click,) = (row for row in told if row["name"] == "Email Link Clicked")
    assert (click["identity_id"], click["category"]) == (1, "incentive")
    assert (click["campaign_source"], click["campaign_medium"]) == ("tests", "email")
    assert "@" not in str(told)


def test_an_event_is_named_as_others_name_it_and_of_somebody() -> None:
    at = clock.now()
    line = Fact("1", "clicked", at, "line", "brand", "journey", 3)

    told = message_of(line, identity=7)

    assert told is not None
    assert told["event"] == "Message Link Clicked"
    assert told["context"]["campaign"] == {"source": "journey", "medium": "line", "name": "3"}
    assert message_of(Fact("1", "", at, "email", "brand", "", 0), identity=7) is None


def test_who_has_line_or_a_telephone_alone_has_facts_and_is_nobody_new(
    sent: dict[int, int],
) -> None:
    add_person(9, name="佐藤 花子", phone="+819011112222")
    people_models.Identity.objects.create(id=90, key=hashed_key("l:U1"), customer_id=9)
    models.Send.objects.filter(pk=sent[1]).update(customer_id=9)

    services.tell_facts()
    inbox.drain(warehouse(), wait=5)

    told = warehouse().engine.arrow(warehouse().facts(EVENTS)).to_pylist()
    assert sorted(row["identity_id"] for row in told) == [2, 3, 4, 90]
    assert people_models.Customer.objects.count() == 5


def test_who_was_erased_meanwhile_gets_no_facts_by_their_number(sent: dict[int, int]) -> None:
    services.tell_facts()
    people_models.Identity.objects.filter(pk=2).delete()
    inbox.drain(warehouse(), wait=5)

    told = warehouse().engine.arrow(warehouse().facts(EVENTS)).to_pylist()

    assert sorted(row["identity_id"] or 0 for row in told) == [0, 1, 3, 4]
