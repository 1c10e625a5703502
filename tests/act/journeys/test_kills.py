"""Killed in the middle, and done by two at once: nobody passes a node twice, nobody is lost."""

from __future__ import annotations

import os
import signal
import threading
import time
from datetime import timedelta
from unittest import mock

import pytest
from django.db import connections

from joren.act.journeys import models
from joren.act.journeys.services import listening, stepping, tick
from joren.act.messages import models as ledger
from joren.act.messages import services as messages
from tests.act.journeys.cast import NOON, a_journey, published, said
from tests.act.messages.cast import a_template

PEOPLE = 600
CHUNK = 50


def a_long_way() -> None:
    template = messages.create(a_template(), by="alice").id
    version = published(
        a_journey(
            [
                {"id": "a", "do": "tell", "then": "b"},
                {"id": "b", "do": "send", "template": template, "then": "c"},
                {"id": "c", "do": "set", "attribute": "x", "value": "1", "then": "d"},
                {"id": "d", "do": "task", "title": "電話", "then": "end"},
            ]
        )
    )
    errand = messages.errand("journey", version.journey, "b", template)
    models.Version.objects.update(errands={"b": errand})
    for customer in range(1, PEOPLE + 1):
        said(customer)


def everything_once() -> None:
    assert models.Enrolment.objects.filter(standing="done").count() == PEOPLE
    assert models.Passage.objects.count() == 4 * PEOPLE
    assert sum(models.Tally.objects.values_list("number", flat=True)) == 4 * PEOPLE
    assert ledger.Send.objects.count() == models.Duty.objects.count() == PEOPLE
    assert models.Attribute.objects.count() == PEOPLE
    assert not models.Signal.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_killed_again_and_again_it_comes_to_the_same_end() -> None:
    a_long_way()
    later = NOON + timedelta(minutes=1)
    with (
        mock.patch.object(stepping, "AT_ONCE", CHUNK),
        mock.patch.object(listening, "AT_ONCE", 150),
    ):
        for pause in (0.05, 0.1, 0.2, 0.3, 0.15):
            connections.close_all()
            child = os.fork()
            if child == 0:
                try:
                    tick(later)
                finally:
                    os._exit(0)
            time.sleep(pause)
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        tick(later)

    everything_once()


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_two_workers_share_the_work() -> None:
    a_long_way()
    later, failed = NOON + timedelta(minutes=1), []

    def work() -> None:
        try:
            for _ in range(3):
                tick(later)
        except Exception as wrong:
            failed.append(wrong)
        finally:
            connections.close_all()

    with (
        mock.patch.object(stepping, "AT_ONCE", CHUNK),
        mock.patch.object(listening, "AT_ONCE", 150),
    ):
        workers = [threading.Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        tick(later)

    assert failed == []
    everything_once()
