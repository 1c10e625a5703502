"""The ledger in the database: what was said stays said, and follows the person."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from joren.collect.customers import selectors as customers
from joren.collect.customers.services import undo_merge
from joren.core.ids import CustomerId
from joren.plumbing.warehouse import warehouse
from joren.protect.audit import selectors as audit
from joren.protect.consent import models, rules, selectors, services
from joren.protect.consent.contracts import BadConsent, Link, Matter, NobodyThere, Said
from tests.protect.consent.cast import merge, people

pytestmark = pytest.mark.django_db

NEWS = Matter("email", "marketing")
DAY = datetime(2026, 4, 1, 12, tzinfo=UTC)
GRANTED = Said("email", "marketing", "granted", "form", at=DAY)


def state_of(customer: int, matter: Matter = NEWS) -> str:
    (standing,) = selectors.standings_of(customer, [matter])
    return standing.state


def test_a_consent_is_written_down_once_with_its_deed_in_the_book() -> None:
    people(1)

    first = services.record(1, GRANTED, by="member:3")
    again = services.record(1, GRANTED, by="member:3")

    assert first == again
    assert state_of(1) == "granted"
    [deed] = audit.entries(action="consent.").items
    assert (deed.actor, deed.action, deed.subject_id) == ("member:3", "consent.granted", "1")


def test_many_at_once_are_written_down_as_each_by_itself_would_be() -> None:
    people(1, 2, 3)
    merge(3, 1)
    said = [(one, replace(GRANTED, proof=f"form:{one}")) for one in (3, 99, 2)]
    services.record(2, said[2][1], by="member:3")

    numbers = services.record_many(said, by="member:3")

    assert services.record_many(said, by="member:3") == numbers
    by_number = {row.pk: row.customer_id for row in models.Entry.objects.all()}
    assert [number and by_number[number] for number in numbers] == [1, None, 2]
    assert len(by_number) == 2
    deeds = audit.entries(action="consent.").items
    assert sorted(deed.subject_id for deed in deeds) == ["1", "2"]


@pytest.mark.parametrize("table", ["consent_entry", "consent_wording"])
def test_the_database_refuses_to_change_what_was_said(table: str) -> None:
    people(1)
    services.word(NEWS, "新商品をお知らせします", language="ja", by="member:3")
    services.record(1, GRANTED, by="member:3")

    with (
        pytest.raises(DatabaseError, match="never changed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE {table} SET channel = 'line'")


def test_nothing_is_written_down_of_somebody_who_is_not_there() -> None:
    with pytest.raises(NobodyThere):
        services.record(404, GRANTED, by="member:3")


def test_consents_are_those_of_the_person_one_turned_out_to_be_and_go_back_with_an_undo() -> None:
    people(1, 2, 3)
    services.record(3, GRANTED, by="member:3")
    merge(3, 2)
    last = merge(2, 1)

    assert [state_of(number) for number in (1, 2, 3)] == ["granted"] * 3
    services.set_by_hand(2, NEWS, may=False, reason="said so at the counter", by="member:3")
    assert state_of(3) == "refused"

    undo_merge(last.pk, by="member:3")

    # The shop was told of one person, and nobody knows which of the two it was: to refuse is cheap.
    assert [state_of(number) for number in (1, 2, 3)] == ["refused"] * 3


def test_agreement_stays_with_whom_it_was_said_to_when_a_merge_is_undone() -> None:
    people(1, 2)
    last = merge(2, 1)
    services.set_by_hand(2, NEWS, may=True, reason="said so at the counter", by="member:3")

    undo_merge(last.pk, by="member:3")

    assert (state_of(1), state_of(2)) == ("granted", "unasked")


def test_what_was_refused_and_agreed_to_again_while_they_were_one_is_no_refusal_of_the_other() -> (
    None
):
    people(1, 2)
    last = merge(2, 1)
    services.set_by_hand(1, NEWS, may=False, reason="said so at the counter", by="member:3")
    services.set_by_hand(1, NEWS, may=True, reason="said so at the counter", by="member:3")

    undo_merge(last.pk, by="member:3")

    assert (state_of(1), state_of(2)) == ("granted", "unasked")


def test_who_refuses_by_their_link_while_they_are_somebody_else_has_refused_after_the_undo() -> (
    None
):
    people(1, 2)
    services.record(1, GRANTED, by="member:3")
    last = merge(2, 1)

    made = services.unsubscribe(Link(CustomerId(2), NEWS))  # it was given before

    assert made is not None
    assert (state_of(1), state_of(2)) == ("refused", "refused")
    undo_merge(last.pk, by="member:3")
    assert (state_of(1), state_of(2)) == ("granted", "refused")


def test_a_link_refuses_though_somebody_refused_who_is_the_same_person_for_now() -> None:
    people(1, 2)
    services.refuse_everything(1)
    last = merge(2, 1)

    first = services.unsubscribe(Link(CustomerId(2), NEWS))
    again = services.unsubscribe(Link(CustomerId(2), NEWS))

    assert first is not None
    assert again is None
    undo_merge(last.pk, by="member:3")
    assert state_of(2) == "refused"


def test_a_refusal_that_was_taken_back_while_they_were_one_is_taken_back_of_who_gave_it() -> None:
    people(1, 2)
    services.record(2, GRANTED, by="member:3")
    last = merge(2, 1)
    number = services.unsubscribe(Link(CustomerId(2), NEWS))
    services.take_back(1, [number or 0])

    undo_merge(last.pk, by="member:3")

    assert (state_of(1), state_of(2)) == ("unasked", "granted")


def test_a_refusal_of_either_stands_for_the_one_they_turned_out_to_be() -> None:
    people(1, 2)
    services.record(1, GRANTED, by="member:3")
    services.refuse_everything(2)

    merge(2, 1)

    assert state_of(1) == "refused"
    table = selectors.may_be_written_to([1, 2], channel="email", purpose="marketing")
    assert table["why"].to_pylist() == ["refused", "refused"]


def test_a_change_by_the_shop_needs_a_reason() -> None:
    people(1)

    with pytest.raises(BadConsent):
        services.set_by_hand(1, NEWS, may=True, reason=" ", by="member:3")


def test_a_wording_that_changes_is_another_version_and_the_same_is_none() -> None:
    first = services.word(NEWS, "お知らせを送ります", language="ja", by="member:3")
    same = services.word(NEWS, " お知らせを送ります ", language="ja", by="member:3")
    other = services.word(NEWS, "新しいお知らせを送ります", language="ja", by="member:3")

    assert (first.version, same.id, other.version) == (1, first.id, 2)
    assert selectors.wording(NEWS, "ja") == other


def test_transactional_messages_may_go_to_everybody_who_is_there() -> None:
    people(1)
    services.refuse_everything(1)

    table = selectors.may_be_written_to([1, 404], channel="email", purpose="transactional")

    assert table.to_pylist() == [
        {"customer_id": 1, "may": True, "why": "refused"},
        {"customer_id": 404, "may": False, "why": "gone"},
    ]


def test_a_shop_relies_on_purchases_for_those_who_neither_agreed_nor_refused() -> None:
    people(1, 2, 3)
    services.choose(relies_on=["existing_transaction"], by="member:3")
    services.record(1, GRANTED, by="member:3")
    services.refuse_everything(2)

    new = services.rely_on([1, 2, 3], NEWS, basis="existing_transaction", by="member:3")

    assert new == 1
    assert [state_of(number) for number in (1, 2, 3)] == ["granted", "refused", "relied"]
    assert selectors.counts(NEWS)[NEWS] == {
        "granted": 1, "relied": 1, "refused": 1, "pending": 0, "unasked": 0,
    }  # fmt: skip
    services.choose(relies_on=[], by="member:3")
    assert state_of(3) == "unasked"


_acts = st.sampled_from(["requested", "granted", "relied", "withdrawn", "everything"])
_said = st.lists(st.tuples(st.integers(1, 6), _acts, st.integers(0, 4)), max_size=25)
_merges = st.sets(st.sampled_from([(6, 5), (5, 4), (4, 3), (2, 1)]))


@given(_said, _merges, st.booleans(), st.sets(st.integers(0, 24), max_size=4))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_one_statement_says_of_everybody_what_the_rule_says(
    said: list[tuple[int, str, int]],
    merges: set[tuple[int, int]],
    relies: bool,
    undone: set[int],
) -> None:
    with transaction.atomic():
        _check(said, merges, relies, undone)
        transaction.set_rollback(True)


def _check(
    said: list[tuple[int, str, int]], merges: set[tuple[int, int]], relies: bool, undone: set[int]
) -> None:
    people(*range(1, 7))
    services.choose(relies_on=["address_given"] if relies else [], by="test")
    rows = []
    for number, (customer, act, day) in enumerate(said):
        wide = act == "everything"
        moment = DAY + timedelta(days=day)
        row = models.Entry.objects.create(
            customer_id=customer,
            channel="*" if wide else "email",
            purpose="*" if wide else "marketing",
            act="withdrawn" if wide else act,
            basis="address_given" if act == "relied" else "",
            source="form",
            at=moment,
            recorded_at=moment + timedelta(days=1 - number % 3),  # clocks are ahead, too
            by="test",
            proof=str(number),
        )
        rows.append(row)
    for number in undone:
        if number < len(rows):
            row = rows[number]
            models.Entry.objects.create(
                customer_id=row.customer_id, channel="*", purpose="*", act="undone", source="form",
                at=DAY, recorded_at=DAY, by="test", proof=f"u{number}", undoes=row.pk,
            )  # fmt: skip
    for loser, winner in sorted(merges):
        merge(loser, winner)

    everybody = list(range(1, 8))
    table = selectors.may_be_written_to(everybody, channel="email", purpose="marketing")

    expected = [
        rules.standing(selectors.entries_of(number), NEWS, relies_on=selectors.choices().relies_on)
        for number in range(1, 7)
    ]
    assert table["why"].to_pylist() == [*(one.state for one in expected), "gone"]
    assert table["may"].to_pylist() == [*(one.may for one in expected), False]
    losers = {loser for loser, _ in merges}
    people_now = [expected[number - 1].state for number in range(1, 7) if number not in losers]
    counted = {state: n for state, n in selectors.counts(NEWS)[NEWS].items() if n}
    assert counted == Counter(people_now)


def test_traits_say_who_may_get_news_so_that_segments_can_ask(home: Path) -> None:
    people(1, 2, 3)
    services.record(1, GRANTED, by="test")
    services.record(3, GRANTED, by="test")
    merge(3, 2)
    services.refuse_everything(1)

    table = customers.traits(warehouse(), "Asia/Tokyo").sort_by("customer_id")

    assert table["customer_id"].to_pylist() == [1, 2]
    assert table["may_email"].to_pylist() == [False, True]
    assert table["may_line"].to_pylist() == [False, False]


def test_everybody_is_counted_once_for_all_matters() -> None:
    people(1, 2)
    services.record(1, GRANTED, by="member:3")

    with CaptureQueriesContext(connection) as asked:
        found = selectors.counts(NEWS, Matter("line", "marketing"))

    assert [one["granted"] for one in found.values()] == [1, 0]
    assert sum("count(*) FROM customers_customer)" in query["sql"] for query in asked) == 1
