"""Live events while an import of minutes writes: they go on, and nobody is made twice."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from joren.collect.customers import selectors as people
from joren.collect.customers.services import keeping, resolving, store_named
from joren.collect.inbox import models, selectors, services
from joren.collect.inbox.contracts import EVENTS
from joren.collect.inbox.rules.reading import parsed, request_of
from joren.collect.inbox.services import receiving
from joren.collect.orders.contracts import ORDERS
from joren.collect.orders.services import take_orders
from joren.core.tables import TableSpec
from joren.plumbing.warehouse import warehouse
from joren.warehouse.journal import Journal
from tests.collect.killing import killed
from tests.collect.orders.rows import lines_file

pytestmark = pytest.mark.django_db(transaction=True)

_DRAIN = """
import sys, django
django.setup()
from joren.collect.inbox.services import drain
from joren.core.triggers import TRIGGERS
from joren.plumbing.warehouse import warehouse
def hear(number, events):
    with open(sys.argv[1], "a") as file:
        file.writelines(f"{name}\\n" for name in events["name"].to_pylist())
TRIGGERS.enter("test", hear)
while drain(warehouse(), wait=5):
    pass
"""
_KNOWN = {"order_number": "A1", "customer_number": "1", "email": "known@shop.example"}
_NEW = {"order_number": "A2", "customer_number": "2", "email": "new@shop.example"}


@pytest.fixture(autouse=True)
def _fresh(home: Path) -> Iterator[None]:
    receiving.KEYS.forget()
    yield
    receiving.KEYS.forget()


@pytest.fixture
def key() -> str:
    return services.add_source(
        "server", kind="server", store="own", user_ids="customer_number"
    )[1]  # fmt: skip


class _Beside:
    """What is done once by another process, at a moment of an import."""

    def __init__(self, home: Path, heard: Path, send: Callable[[], None]) -> None:
        self.home, self.heard, self.send = home, heard, send
        self.done = False

    def before(self, verb: Any) -> Any:
        def instead(*args: Any, **words: Any) -> Any:
            self.now()
            return verb(*args, **words)

        return instead

    def now(self) -> None:
        if not self.done:
            self.done = True
            self.send()
            assert killed(_DRAIN, str(self.heard), home=self.home) == 0

    @property
    def names(self) -> list[str]:
        return sorted(self.heard.read_text().split("\n")[:-1]) if self.heard.exists() else []


@pytest.fixture
def beside(home: Path, key: str, tmp_path: Path) -> _Beside:
    def live() -> None:
        _send(key, ("Known", {"userId": "1"}), ("Device", {"anonymousId": "a"}))
        _send(key, ("Other", {"userId": "3"}))
        _send(key, ("Late", {"userId": "2"}), ("Along", {"userId": "1"}))

    return _Beside(home, tmp_path / "heard", live)


def _send(key: str, *told: tuple[str, dict[str, Any]]) -> None:
    batch = [{"type": "track", "event": name, "messageId": name, **more} for name, more in told]
    body = json.dumps({"batch": batch}).encode()
    services.receive(request_of(parsed(body), kind="batch"), keys=[key], now=time.time_ns() // 1000)


def _take(folder: Path, *rows: dict[str, Any], number: int) -> None:
    store = store_named("own", currency="JPY")
    take_orders(
        warehouse(), lines_file(folder, *rows), {"": store}, import_id=number, zone="Asia/Tokyo"
    )


def _owners() -> dict[int, int]:
    rows = people.person_of(warehouse()).to_pylist()
    return {row["identity_id"]: row["customer_id"] for row in rows}


def _whose(spec: TableSpec, name: str) -> dict[str, int]:
    """Customer by the name of the event, or the number of the order; 0 is nobody known."""
    owners, rows = _owners(), warehouse().engine.rows(warehouse().facts(spec))
    return {row[name]: owners.get(row["identity_id"], 0) for row in rows}


@pytest.mark.parametrize("moment", ["promised", "half kept"])
def test_events_are_heard_while_an_import_writes_but_of_whom_it_is_bringing(
    moment: str, beside: _Beside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _take(tmp_path, _KNOWN, number=1)
    if moment == "promised":
        monkeypatch.setattr(Journal, "promise", beside.before(Journal.promise))
    else:
        arrive = beside.before(keeping.refuse_who_arrive)
        monkeypatch.setattr(keeping, "refuse_who_arrive", arrive)

    _take(tmp_path, _KNOWN, _NEW, number=2)

    assert (beside.names, models.Batch.objects.count()) == (["Device", "Known", "Other"], 1)
    services.drain(warehouse())
    events, orders = _whose(EVENTS, "name"), _whose(ORDERS, "order_number")
    assert sorted(events) == ["Along", "Device", "Known", "Late", "Other"]
    assert events["Known"] == events["Along"] == orders["A1"]
    assert events["Late"] == orders["A2"]
    assert people.count() == 3
    assert not models.Batch.objects.exists()
    (traffic,) = selectors.traffic().values()
    assert (traffic.kept, traffic.repeated) == (5, 0)


def test_whom_a_live_event_brings_before_an_import_has_decided_is_no_other(
    beside: _Beside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _take(tmp_path, _KNOWN, number=1)
    monkeypatch.setattr(resolving, "take_ids", beside.before(resolving.take_ids))

    _take(tmp_path, _KNOWN, _NEW, number=2)

    assert beside.names == ["Along", "Device", "Known", "Late", "Other"]
    assert _whose(EVENTS, "name")["Late"] == _whose(ORDERS, "order_number")["A2"]
    assert people.count() == 3


def test_two_whom_an_import_joins_are_one_with_what_came_meanwhile(
    home: Path, key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _take(tmp_path, _KNOWN, {**_NEW, "email": "other@shop.example"}, number=1)

    def live() -> None:
        _send(key, ("Mail", {"userId": "2", "context": {"traits": {"email": "x@shop.example"}}}))

    beside = _Beside(home, tmp_path / "heard", live)
    monkeypatch.setattr(Journal, "promise", beside.before(Journal.promise))

    _take(tmp_path, {**_KNOWN, "order_number": "A3", "email": "other@shop.example"}, number=2)

    assert beside.names == ["Mail"]
    assert people.count() == 1
    assert {*_owners().values()} == {_whose(EVENTS, "name")["Mail"]}
