"""Several workers ask the gate at once: caps and budgets hold to the last message."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.db.models import Count

from joren.act.messages import models, services
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
