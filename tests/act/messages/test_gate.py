"""The gate, row by row: who passes, who does not, and why."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from joren.act.messages import models, selectors, services
from joren.act.messages.contracts import Asked, Cap, Policy, Quiet
from joren.collect.customers.models import Customer
from joren.core import clock
from joren.protect.consent.contracts import Said
from joren.protect.consent.services import record
from tests.act.messages.cast import a_template, people

NOON = datetime(2026, 11, 28, 3, tzinfo=UTC)


def agree(*numbers: int, act: str = "granted", at: datetime = NOON - timedelta(30)) -> None:
    for number in numbers:
        record(number, Said("email", "marketing", act, "staff", at=at), by="tests")


def an_errand(kind: str = "brand", step: str = "1", **limits: int) -> int:
    template = services.create(a_template(kind=kind, name=f"{kind} {step}"), by="tests")
    return services.errand("tests", 1, step, template.id, **limits)


def asked(*rows: tuple[int, int, int, int | None]) -> Asked:
    """(customer, occurrence, worth, lot) of each, all wanted at once and for ever."""
    one = (
        "SELECT CAST(%s AS bigint) AS customer_id, CAST(%s AS bigint) AS occurrence, "
        "CAST(%s AS bigint) AS worth, CAST(%s AS bigint) AS lot, "
        f"{_at(NOON - timedelta(1))} AS wanted_at, {_at(None)} AS expires_at"
    )
    return Asked(" UNION ALL ".join([one] * len(rows)), [value for row in rows for value in row])


def _at(moment: datetime | None) -> str:
    from django.db import connection

    words = "NULL" if moment is None else f"'{moment.replace(tzinfo=None)}'"
    return f"CAST({words}||'+00' AS timestamptz)" if connection.vendor == "postgresql" else words


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.mark.django_db
def test_every_row_says_what_became_of_it(noon: None) -> None:
    people([1, 2, 3, 4, 5])
    agree(1, 3, 4)
    agree(2, act="withdrawn")
    models.Suppression.objects.create(
        customer_id=3, channel="email", reason="hard_bounce", since=NOON
    )
    errand = an_errand()

    passed = services.ask(
        errand,
        asked(
            (1, 1, 0, None),
            (2, 1, 0, None),
            (3, 1, 0, 9),
            (4, 1, 0, 9),
            (5, 1, 0, None),
            (6, 1, 0, None),
        ),
    )
    again = services.ask(errand, asked((1, 1, 0, None)))

    rows = models.Send.objects.order_by("customer_id").values_list("customer_id", "state", "reason")
    assert list(rows) == [
        (1, "waiting", ""),
        (2, "suppressed", "no_consent:refused"),
        (3, "suppressed", "suppressed:hard_bounce"),
        (4, "held_out", "would_go"),
        (5, "suppressed", "no_consent:unasked"),
        (6, "suppressed", "gone"),
    ]
    assert (passed.states, passed.ghosts) == (
        {"waiting": 1, "suppressed": 4, "held_out": 1}, 2,
    )  # fmt: skip
    assert again.rows == 0


@pytest.mark.django_db
def test_what_is_revised_to_an_offer_reaches_nobody_who_refused_offers(noon: None) -> None:
    people([1, 2, 3])
    agree(1, 2)
    agree(3, act="withdrawn")
    number = services.create(a_template(kind="transactional"), by="tests").id
    errand = services.errand("journey", 1, "1", number)
    services.ask(errand, asked((3, 1, 0, None)))

    services.revise(number, a_template(kind="brand"), by="tests")
    services.ask(errand, asked((1, 2, 0, None), (2, 2, 0, 9), (3, 2, 0, None)))

    rows = models.Send.objects.order_by("occurrence", "customer_id")
    assert list(rows.values_list("customer_id", "version", "state", "reason")) == [
        (3, 1, "waiting", ""),  # the notice that they passed with
        (1, 2, "waiting", ""),
        (2, 2, "held_out", "would_go"),
        (3, None, "suppressed", "no_consent:refused"),
    ]
    assert models.Errand.objects.get().kind == "brand"


@pytest.mark.django_db
def test_what_was_put_off_is_asked_again_as_what_it_says_by_then(noon: None) -> None:
    people([1])
    agree(1, act="withdrawn")
    number = services.create(a_template(kind="transactional"), by="tests").id
    errand = services.errand("journey", 1, "1", number)
    services.ask(errand, asked((1, 1, 0, None)))
    models.Send.objects.update(state="deferred", next_at=NOON, counted_at=None, version=None)
    services.revise(number, a_template(kind="incentive"), by="tests", draft=True)
    models.Template.objects.update(sendable=2)

    services.gate_again(10)

    row = models.Send.objects.get()
    assert (row.state, row.reason) == ("suppressed", "no_consent:refused")


@pytest.mark.django_db
def test_a_cap_counts_what_was_sent_and_not_what_the_errand_was_begun_with(noon: None) -> None:
    people([1])
    agree(1)
    services.set_policy(Policy(caps=(Cap(1, 7),)), by="tests")
    number = services.create(a_template(kind="brand"), by="tests").id
    errand = services.errand("journey", 1, "1", number)
    services.ask(errand, asked((1, 1, 0, None)))
    services.revise(number, a_template(kind="transactional"), by="tests")

    services.ask(errand, asked((1, 2, 0, None)))
    services.ask(an_errand("brand", step="2"), asked((1, 3, 0, None)))

    rows = models.Send.objects.order_by("occurrence").values_list("state", "reason")
    assert list(rows) == [("waiting", ""), ("waiting", ""), ("deferred", "cap")]


@pytest.mark.django_db
def test_a_cap_counts_what_left_when_it_left_however_long_it_was_kept(
    noon: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    people([1])
    agree(1)
    services.set_policy(Policy(caps=(Cap(1, 1),)), by="tests")
    first, second = an_errand(), an_errand(step="2")
    services.ask(first, asked((1, 1, 0, None)))
    models.Send.objects.update(next_at=NOON + timedelta(hours=30))  # a pace keeps it

    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(hours=29))
    services.ask(second, asked((1, 2, 0, None)))
    models.Send.objects.filter(state="waiting").update(
        state="sent", next_at=None, sent_at=NOON + timedelta(hours=31, microseconds=5)
    )
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(hours=54))
    services.gate_again(10)

    row = models.Send.objects.get(errand_id=second)
    assert (row.state, row.reason) == ("deferred", "cap")
    assert row.next_at == NOON + timedelta(hours=55)


@pytest.mark.django_db
def test_what_was_held_back_is_asked_anew_and_blocked_nothing_meanwhile(
    noon: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    people([1, 2])
    agree(1, 2)
    services.set_policy(Policy(caps=(Cap(1, 7),), month_most=9), by="tests")
    held, other = an_errand(), an_errand(step="2")
    services.ask(held, asked((1, 1, 0, None), (2, 1, 0, None)))
    services.hold_back([held])
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(minutes=5))
    services.ask(other, asked((1, 2, 0, None)))

    assert services.let_go([held]) == 1
    assert models.Budget.objects.get(scope="2026-11").used == 1
    services.gate_again(10)

    rows = models.Send.objects.order_by("errand_id", "customer_id")
    assert list(rows.values_list("state", "reason")) == [
        ("deferred", "cap"), ("waiting", ""), ("waiting", ""),
    ]  # fmt: skip


@pytest.mark.django_db
def test_it_is_night_where_a_file_says_that_they_are_unless_somebody_said_otherwise(
    noon: None,
) -> None:
    people([1, 2, 3])
    agree(1, 2, 3)
    Customer.objects.filter(pk__in=[2, 3]).update(time_zone="America/New_York")
    services.set_zone(3, "Asia/Tokyo", by="tests")
    services.set_policy(Policy(quiet=Quiet(time(21), time(8))), by="tests")

    services.ask(an_errand(), asked((1, 1, 0, None), (2, 1, 0, None), (3, 1, 0, None)))

    rows = models.Send.objects.order_by("customer_id").values_list("state", "reason")
    assert list(rows) == [("waiting", ""), ("deferred", "quiet_hours"), ("waiting", "")]
    assert selectors.zones_of([1, 2, 3]) == {2: "America/New_York", 3: "Asia/Tokyo"}
    assert selectors.zone_by_hand(2) == ""


@pytest.mark.django_db
def test_what_is_taken_back_is_back_in_the_budget_of_its_own_month(
    noon: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    people([1, 2])
    agree(1, 2)
    errand = an_errand()
    services.ask(errand, asked((1, 1, 0, None), (2, 1, 0, None)))
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(10))

    assert services.cancel([errand], [1], reason="left") == 1

    assert dict(models.Budget.objects.values_list("scope", "used")) == {
        "": 1, f"errand:{errand}": 1, "2026-11": 1,
    }  # fmt: skip


@pytest.mark.django_db
def test_who_stands_in_a_list_under_two_numbers_is_one_person(noon: None) -> None:
    people([1, 2, 3, 4])
    agree(1, 2, 3, 4)
    errand = an_errand()
    services.ask(errand, asked((4, 1, 0, None)))
    Customer.objects.filter(pk=2).update(merged_into=1)
    Customer.objects.filter(pk=4).update(merged_into=3)

    services.ask(errand, asked((1, 1, 0, None), (2, 1, 5, None), (3, 1, 0, None)))
    services.ask(errand, asked((2, 2, 0, None)))

    rows = models.Send.objects.order_by("customer_id", "occurrence")
    assert list(rows.values_list("customer_id", "occurrence", "state", "reason")) == [
        (1, 1, "waiting", ""),
        (2, 1, "suppressed", "same_person"),
        (2, 2, "waiting", ""),
        (3, 1, "suppressed", "same_person"),
        (4, 1, "waiting", ""),
    ]


@pytest.mark.django_db
def test_of_one_person_s_numbers_what_nobody_got_keeps_nothing_back(noon: None) -> None:
    people([1, 2, 3, 4])
    agree(1, 3, 4)
    first, second = an_errand(), an_errand(step="2")
    services.ask(first, asked((2, 1, 0, None), (3, 1, 0, None)))  # 2 never agreed
    Customer.objects.filter(pk=2).update(merged_into=1)
    Customer.objects.filter(pk=4).update(merged_into=3)

    services.ask(second, asked((1, 1, 0, None), (4, 1, 0, None)))

    rows = models.Send.objects.filter(errand_id=second).order_by("customer_id")
    assert list(rows.values_list("customer_id", "state", "reason")) == [
        (1, "waiting", ""),
        (4, "suppressed", "same_person"),
    ]
