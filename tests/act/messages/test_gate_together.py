"""Several workers ask the gate at once: caps and budgets hold to the last message."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest
from django.db import connection, transaction
from django.db.models import Count

from joren.act.messages import models, selectors, services
from joren.act.messages.contracts import Cap, Policy
from tests.act.messages.cast import people
from tests.act.messages.test_gate import NOON, agree, an_errand, asked, noon

__all__ = ["noon"]
WHO = range(1, 41)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_workers_stay_within_caps_and_budget(noon: None) -> None:
    people(WHO)
    agree(*WHO)
    services.set_policy(Policy((Cap(1, 7),), quiet=None, month_most=30), by="tests")
    errands = [an_errand(step=str(n)) for n in range(2)]
    same = asked(*((who, 1, who, None) for who in WHO))
    both = Barrier(2)

    def work(turn: int) -> None:
        both.wait()
        for number in (errands[turn], errands[1 - turn]):
            with transaction.atomic():
                services.ask(number, same)
        connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))

    let = models.Send.objects.filter(state="waiting")
    each = let.values("customer_id").annotate(n=Count("pk")).values_list("n", flat=True)
    assert (let.count(), set(each)) == (30, {1})
    assert models.Send.objects.count() == 2 * len(WHO)
    assert {*let.values_list("counted_at", flat=True)} == {NOON}
    assert models.Budget.objects.get(scope="2026-11").used == 30


@pytest.mark.postgres
@pytest.mark.parametrize("known", [False, True])
@pytest.mark.django_db(transaction=True)
def test_whoever_reads_on_from_the_newest_row_passes_nobody_over(noon: None, known: bool) -> None:
    people(WHO)
    first, second = (an_errand(step=str(n)) for n in range(2))
    if known:  # the row that both wait for is there already, or made by the first of them
        with transaction.atomic():
            services.ask(first, asked((1, 9, 1, None)))
    begun, read = Event(), Event()

    def slowly() -> None:
        with transaction.atomic():
            services.ask(first, asked(*((who, 1, who, None) for who in WHO)))
            begun.set()
            assert read.wait(30)
        connection.close()

    def meanwhile() -> None:
        with transaction.atomic():
            services.ask(second, asked(*((who, 1, who, None) for who in WHO)))
        connection.close()

    both = [first, second]
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(slowly)
        assert begun.wait(30)
        other = pool.submit(meanwhile)
        if connection.vendor == "postgresql":
            _waits_for_a_lock()
        _, mark = selectors.ledger_ends(both)
        seen = set(models.Send.objects.filter(pk__lte=mark).values_list("pk", flat=True))
        read.set()
        one.result(30)
        other.result(30)

    every = set(models.Send.objects.values_list("pk", flat=True))
    assert len(every) == 2 * len(WHO) + known
    assert {one for one in every if one <= mark} == seen
    assert max(models.Send.objects.filter(errand_id=first).values_list("pk", flat=True)) < min(
        models.Send.objects.filter(errand_id=second).values_list("pk", flat=True)
    )


def _waits_for_a_lock() -> None:
    """Until the other connection waits, or ten seconds: then it was let in."""
    ends = time.monotonic() + 10
    with connection.cursor() as cursor:
        while time.monotonic() < ends:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.05)


@pytest.mark.django_db
def test_what_comes_between_two_questions_is_left_for_the_next_look(
    noon: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    people(WHO)
    agree(2)
    errand = an_errand()
    services.ask(errand, asked((1, 1, 9, None)))  # nobody agreed: nothing becomes of it any more
    before = models.Send.objects.latest("pk").pk
    rows = models.Send.objects.filter

    def meanwhile(**by: object) -> object:
        found = rows(**by)
        newest = found.aggregate

        def asked_once(**what: object) -> object:
            told = newest(**what)
            services.ask(errand, asked((3, 1, 9, None)))  # is settled at once
            services.ask(errand, asked((2, 1, 9, None)))  # waits
            return told

        monkeypatch.setattr(models.Send.objects, "filter", rows)
        found.aggregate = asked_once
        return found

    monkeypatch.setattr(models.Send.objects, "filter", meanwhile)
    assert selectors.ledger_ends([errand]) == (before, before)
    assert models.Send.objects.filter(state="waiting").get().pk == before + 2
