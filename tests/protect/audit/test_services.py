"""Deeds are written down, in their own transaction, for ever."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from joren.accounts import services as accounts
from joren.protect.audit import models, selectors, services

pytestmark = pytest.mark.django_db


def test_what_lower_rooms_announce_is_written_down() -> None:
    accounts.change_business(currency="JPY", name="常連珈琲", by="member:7")

    [entry] = selectors.entries().items

    assert (entry.actor, entry.action) == ("member:7", "accounts.business_changed")
    assert entry.detail == {"currency": "JPY", "name": "常連珈琲"}


def test_a_deed_that_fails_leaves_no_entry() -> None:
    with pytest.raises(RuntimeError):
        _do_and_fail()

    assert selectors.entries().items == ()


@transaction.atomic
def _do_and_fail() -> None:
    services.record("connectors.imported", actor="member:1", subject_kind="import")
    raise RuntimeError


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entry SET actor = 'nobody'", "DELETE FROM audit_entry"]
)
def test_the_database_refuses_to_forget(statement: str) -> None:
    services.record("connectors.imported", actor="member:1", subject_kind="import")

    with (
        pytest.raises(DatabaseError, match="never"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert models.Entry.objects.count() == 1


@pytest.mark.postgres
def test_the_database_refuses_to_be_emptied() -> None:
    with (
        pytest.raises(DatabaseError, match="never"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE audit_entry")


def test_slices_show_every_entry_once_while_new_ones_arrive() -> None:
    for number in range(5):
        services.record("test.done", actor="a", subject_kind="thing", subject_id=number)

    first = selectors.entries(limit=2)
    services.record("test.done", actor="a", subject_kind="thing", subject_id="new")
    second = selectors.entries(limit=2, after=first.next)
    third = selectors.entries(limit=2, after=second.next)

    seen = [entry.subject_id for part in (first, second, third) for entry in part.items]
    assert seen == ["4", "3", "2", "1", "0"]
    assert third.next == ""


def test_entries_are_found_by_who_and_what() -> None:
    services.record("orders.imported", actor="member:1", subject_kind="import")
    services.record("orders.dropped", actor="member:2", subject_kind="import")
    services.record("accounts.member_added", actor="member:1", subject_kind="member")

    by_who = selectors.entries(actor="member:1").items
    by_what = selectors.entries(action="orders.").items

    assert [entry.action for entry in by_who] == ["accounts.member_added", "orders.imported"]
    assert [entry.actor for entry in by_what] == ["member:2", "member:1"]
