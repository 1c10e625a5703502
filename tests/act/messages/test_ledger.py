"""The ledger is asked, settled and taken away; and of which content messages were."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from joren.act.messages import models, selectors, services
from joren.act.messages.contracts import LedgerAsked
from joren.act.messages.selectors import ledger as asking
from joren.core import clock
from tests.act.messages.cast import people
from tests.act.messages.test_gate import NOON, agree, an_errand, asked, noon

__all__ = ["noon"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def five(noon: None) -> None:
    """Of brand to 1, 2 and 3, one of whom refused; to 1 and 2 of a campaign, as a thank-you."""
    people([1, 2, 3])
    agree(1, 2)
    agree(3, act="withdrawn")
    services.ask(an_errand(), asked(*((who, 1, 0, None) for who in (1, 2, 3))))
    thanks = an_errand("thanks", "2")
    models.Errand.objects.filter(pk=thanks).update(source="campaign", source_id=7)
    services.ask(thanks, asked((1, 1, 0, 9), (2, 1, 0, None)))
    models.Send.objects.filter(customer_id=1, state="waiting").update(state="sent", sent_at=NOON)


def _numbers(question: LedgerAsked) -> list[int]:
    return [one.customer for one in selectors.ledger_rows(question).items]


@pytest.mark.parametrize("few", [0, 5_000])
def test_rows_are_found_by_each_of_their_sides(
    five: None, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "_FEW", few)  # walked from the newest, and looked up

    assert _numbers(LedgerAsked()) == [2, 1, 3, 2, 1]
    assert _numbers(LedgerAsked(state="waiting")) == [2, 2]
    assert _numbers(LedgerAsked(reason="no_consent:refused")) == [3]
    assert _numbers(LedgerAsked(source="campaign", source_id=7)) == [2, 1]
    assert _numbers(LedgerAsked(kind="thanks", state="held_out")) == [1]
    assert _numbers(LedgerAsked(channel="line")) == []
    assert _numbers(LedgerAsked(until=date(2026, 11, 27))) == []
    assert len(_numbers(LedgerAsked(since=date(2026, 11, 28), until=date(2026, 11, 28)))) == 5


def test_counts_are_of_the_same_rows(five: None) -> None:
    found = {(one.state, one.reason): one.n for one in selectors.ledger_counts(LedgerAsked())}

    assert found == {
        ("waiting", ""): 2, ("sent", ""): 1, ("suppressed", "no_consent:refused"): 1,
        ("held_out", "would_go"): 1,
    }  # fmt: skip


def test_a_slice_goes_on_where_the_one_before_ended(five: None) -> None:
    first = selectors.ledger_rows(LedgerAsked(), limit=3)
    rest = selectors.ledger_rows(LedgerAsked(), limit=3, after=first.next)

    assert [one.customer for one in (*first.items, *rest.items)] == [2, 1, 3, 2, 1]
    assert rest.next == ""
    assert [one.id for one in selectors.whole_ledger(LedgerAsked())] == [
        one.id for one in (*first.items, *rest.items)
    ]


def test_what_left_costs_in_the_time_that_is_asked_about(five: None) -> None:
    models.Send.objects.all().update(state="sent", cost=1)
    every = models.Send.objects.filter(errand_id__in=selectors.errands_of("campaign", 7)).count()
    later = NOON + timedelta(minutes=1)

    asked = [{}, {"since": NOON}, {"until": NOON}, {"since": later}, {"until": later}]
    found = [selectors.cost_of("campaign", 7, **span)[0] for span in asked]

    assert every > 0
    assert found == [every, every, 0, 0, every]


def test_what_messages_cost_is_told_by_person_and_shop_day(five: None) -> None:
    evening = NOON.replace(hour=16)  # the next day in Japan
    models.Send.objects.update(state="suppressed", cost=None)
    first, second, third = models.Send.objects.exclude(customer_id=3).order_by("customer_id")[:3]
    for row, state, cost, at in (
        (first, "sent", 5, NOON),
        (second, "unknown", None, NOON),
        (third, "sent", 7, evening),
    ):
        models.Send.objects.filter(pk=row.pk).update(state=state, cost=cost, asked_at=at)

    (part,) = selectors.message_costs("Asia/Tokyo")
    told = part.sort_by("sent_on").to_pylist()

    day = clock.shop_day(NOON, "Asia/Tokyo")
    assert [tuple(row.values()) for row in told] == [
        (1, day, 2, 1, 5),
        (2, day + timedelta(1), 1, 1, 7),
    ]


def test_shares_are_of_what_left_by_month(five: None, monkeypatch: pytest.MonkeyPatch) -> None:
    models.Send.objects.filter(customer_id=2).update(state="sent", asked_at=NOON - timedelta(40))

    newer, older = selectors.shares_by_month()

    assert (newer.group, newer.n, newer.by_kind["brand"]) == ("2026-11", 1, 1)
    assert (older.group, older.n, older.by_kind["thanks"]) == ("2026-10", 2, 1)


def test_the_page_lists_filters_settles_and_gives_a_file(
    alice_the_admin: Client, five: None
) -> None:
    models.Send.objects.filter(customer_id=2, state="waiting").update(state="unknown")
    row = models.Send.objects.filter(state="unknown").latest("pk").pk

    page = alice_the_admin.get("/messages/ledger/", headers={"accept-language": "ja"})
    file = b"".join(alice_the_admin.get("/messages/ledger/?format=csv"))  # type: ignore[arg-type]
    settled = alice_the_admin.post("/messages/ledger/settle/", {"row": [row], "do": "arrived"})
    only = alice_the_admin.get("/messages/ledger/?state=unknown").content.decode()
    shown = alice_the_admin.get("/messages/shares/").content.decode()

    assert f'name="row" value="{row}"' in page.content.decode()
    assert "配信台帳" in page.content.decode()
    assert file.count(b"\r\n") == 6
    assert settled.status_code == 302
    assert models.Send.objects.get(pk=row).state == "sent"
    assert only.count('name="row"') == 1
    assert "2026-11" in shown


def test_whoever_sees_figures_only_sees_the_number_of_no_customer(
    bob_the_viewer: Client, five: None
) -> None:
    page = bob_the_viewer.get("/messages/ledger/", headers={"accept-language": "en"})

    assert "5 messages" in page.content.decode()
    assert "/customers/1/" not in page.content.decode()
    assert bob_the_viewer.get("/api/messages/ledger").status_code == 403


def test_programs_ask_for_rows_counts_and_shares(alice_the_admin: Client, five: None) -> None:
    rows = alice_the_admin.get("/api/messages/ledger?source=campaign&source_id=7&limit=1").json()
    counts = alice_the_admin.get("/api/messages/ledger/counts?kind=thanks").json()["items"]
    shares = alice_the_admin.get("/api/messages/shares").json()

    assert rows["items"][0]["customer"] == 2
    assert rows["next"]
    assert sum(one["n"] for one in counts) == 2
    assert (shares["days"], shares["months"][0]["n"]) == (90, 1)
    assert clock.now() == NOON
