"""Chores of the night: by one worker, once, and told how they went."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from joren.accounts.services import change_business
from joren.collect.customers.services import store_named
from joren.collect.orders.contracts import ORDERS
from joren.collect.orders.services import take_orders
from joren.core import clock
from joren.core.errors import Unavailable
from joren.plumbing.warehouse import warehouse
from joren.project.chores import leases, services
from joren.project.chores.models import Chore, Worker
from joren.project.chores.selectors import schedule
from joren.warehouse import compaction
from tests.collect.orders.rows import lines_file

EVENING = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)  # 21:00 in Tokyo
MORNING = datetime(2026, 11, 1, 21, 0, tzinfo=UTC)  # 6:00, after the night of 3:30

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def business(home: object) -> None:
    change_business(name="常連珈琲", time_zone="Asia/Tokyo", nightly_at="03:30")


def count(calls: list[str]) -> str:
    calls.append("called")
    return f"call {len(calls)}"


def test_a_new_installation_waits_for_its_first_night_and_then_does_it_once() -> None:
    calls: list[str] = []
    chores = {"refresh": lambda: count(calls)}

    first = services.look_after("w", now=EVENING, chores=chores)
    night = services.look_after("w", now=MORNING, chores=chores)
    again = services.look_after("w", now=MORNING + timedelta(hours=1), chores=chores)

    assert (first, night, again, len(calls)) == ((), ("refresh",), (), 1)
    (standing, *_) = schedule().chores
    assert (standing.well, standing.said, standing.running) == (True, "call 1", False)


def test_reviews_wait_until_the_figures_of_the_night_are_there() -> None:
    calls: list[str] = []
    broken = [True]

    def refresh() -> str:
        if broken.pop():
            raise Unavailable("the disk is full", hint="make room")
        return "refreshed"

    chores = {"refresh": refresh, "reviews": lambda: count(calls)}
    services.look_after("w", now=EVENING, chores=chores)

    failed = services.look_after("w", now=MORNING, chores=chores)
    Chore.objects.filter(pk="refresh").update(worker="another", well=True)
    at_it = services.look_after("w", now=MORNING, chores=chores)
    assert (failed, at_it, calls) == (("refresh",), (), [])

    Chore.objects.filter(pk="refresh").update(worker="", well=False)
    broken.append(False)
    later = services.look_after("w", now=clock.now() + timedelta(hours=1), chores=chores)
    assert later == ("refresh", "reviews")
    assert calls == ["called"]


def test_nights_missed_while_off_are_one_run() -> None:
    calls: list[str] = []
    chores = {"refresh": lambda: count(calls)}
    services.look_after("w", now=EVENING, chores=chores)

    services.look_after("w", now=MORNING + timedelta(days=9), chores=chores)
    services.look_after("w", now=MORNING + timedelta(days=9, minutes=1), chores=chores)

    assert len(calls) == 1


def test_a_failure_is_told_with_its_way_out_and_tried_again() -> None:
    calls: list[str] = []

    def busy() -> str:
        if not calls:
            calls.append("refused")
            raise Unavailable("the warehouse is busy", hint="wait")
        return count(calls)

    services.look_after("w", now=EVENING, chores={"refresh": busy})
    services.look_after("w", now=MORNING, chores={"refresh": busy})
    (failed, *_) = schedule().chores
    services.look_after("w", now=clock.now() + timedelta(hours=1), chores={"refresh": busy})

    assert (failed.well, failed.said, failed.hint) == (False, "the warehouse is busy", "wait")
    assert schedule().chores[0].well


def test_one_fault_leaves_the_next_chore_its_turn() -> None:
    calls: list[str] = []
    chores = {"refresh": lambda: f"{1 / 0}", "sweep": lambda: count(calls)}
    services.look_after("w", now=EVENING, chores=chores)

    done = services.look_after("w", now=MORNING, chores=chores)

    assert (done, len(calls)) == (("refresh", "sweep"), 1)
    assert "ZeroDivisionError" in Chore.objects.get(pk="refresh").said


def test_of_several_workers_one_gets_the_chore() -> None:
    calls: list[str] = []
    inside = threading.Barrier(4)
    chores = {"refresh": lambda: count(calls)}
    services.look_after("w", now=EVENING, chores=chores)

    def work(name: str) -> None:
        try:
            inside.wait(10)
            services.look_after(name, now=MORNING, chores=chores)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert calls == ["called"]


def test_off_means_that_nothing_is_done_by_itself() -> None:
    change_business(nightly_at="")
    calls: list[str] = []

    done = services.look_after("w", now=MORNING, chores={"refresh": lambda: count(calls)})

    assert (done, calls, schedule().next_run) == ((), [], None)


def test_what_a_dead_worker_held_is_taken_back_and_a_living_ones_is_not() -> None:
    now = clock.now()
    long_ago = now - timedelta(minutes=5)
    Worker.objects.create(id="dead", begun_at=long_ago, seen_at=long_ago)
    leases.seen("alive")
    Chore.objects.create(name="refresh", night=now, attempts=1, begun_at=long_ago, worker="dead")
    theirs, ours = running(["dead"], long_ago), running(["alive"], long_ago)
    cursed = running(["dead"] * 3, long_ago)

    taken = leases.take_back(now)

    assert taken == 3
    assert status(theirs) == TaskResultStatus.READY
    assert status(ours) == TaskResultStatus.RUNNING
    assert status(cursed) == TaskResultStatus.FAILED
    assert (Chore.objects.get().worker, Chore.objects.get().well) == ("", False)


def test_the_nightly_chores_of_an_empty_shop_go_well() -> None:
    services.look_after("w", now=EVENING)

    done = services.look_after("w", now=MORNING)

    assert list(done) == list(services.NIGHTLY)
    assert all(one.well for one in schedule().chores)
    assert schedule().chores[0].said == "no orders yet"


def test_the_night_joins_the_small_files_of_the_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compaction, "SEVERAL", 2)
    store = store_named("own", currency="JPY")
    for number in (1, 2):
        path = lines_file(tmp_path, {"order_number": f"A-{number}"})
        take_orders(warehouse(), path, {"": store}, import_id=number, zone="Asia/Tokyo")
    files = len(warehouse().lake.files(ORDERS))
    services.look_after("w", now=EVENING, chores={"compaction": services.NIGHTLY["compaction"]})

    services.look_after("w", now=MORNING, chores={"compaction": services.NIGHTLY["compaction"]})

    (told,) = [one for one in schedule().chores if one.name == "compaction"]
    assert told.well
    assert "small files joined" in told.said
    assert len(warehouse().lake.files(ORDERS)) == 1 < files


def running(workers: list[str], since: datetime) -> DBTaskResult:
    return DBTaskResult.objects.create(
        status=TaskResultStatus.RUNNING,
        started_at=since,
        args_kwargs={"args": [], "kwargs": {}},
        task_path="joren.collect.connectors.tasks.carry_out_waiting",
        worker_ids=workers,
        backend_name="default",
        run_after=since,
        exception_class_path="",
        traceback="",
    )


def status(task: DBTaskResult) -> str:
    task.refresh_from_db()
    return str(task.status)
