"""Bodies that cannot be read now or ever, secrets that do not open, and whom nobody may find."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from pytest_django.fixtures import Settings

from joren.collect.customers.selectors import stores
from joren.collect.webhooks import models, selectors, services
from joren.collect.webhooks.services import erasing, reading
from joren.core.erasing import Traces
from joren.core.errors import Unavailable
from joren.plumbing.warehouse import warehouse
from tests.collect.webhooks.test_services import ORDER, added, changed, orders, send, states

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]


def test_a_body_that_joren_fails_at_waits_and_the_others_are_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, real = added(), reading.import_file
    for number in range(3):
        send(one, changed(id=number, name=f"#{number}"))

    def fails(file: Path, **more: Any) -> Any:
        if b"#1" in file.read_bytes():
            raise ZeroDivisionError("taro@example.com")
        return real(file, **more)

    monkeypatch.setattr(reading, "import_file", fails)
    services.read_deliveries()

    assert states() == ["done", "waiting", "done"]
    (held,) = selectors.held()
    assert "ZeroDivisionError" in held.reason
    assert "taro" not in held.reason


@pytest.mark.parametrize("trouble", [OperationalError("locked"), Unavailable("not now")])
def test_a_database_that_is_away_is_waited_for(
    trouble: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(added(), ORDER)

    def away(*_: object, **__: object) -> None:
        raise trouble

    with monkeypatch.context() as patched:
        patched.setattr(reading, "import_file", away)
        with pytest.raises(type(trouble)):
            services.read_deliveries()
    assert services.read_deliveries() == 1
    assert states() == ["done"]


def test_a_secret_under_another_key_is_said_and_nothing_is_lost(settings: Settings) -> None:
    one = added()
    settings.SECRET_KEY = "another"

    assert send(one, ORDER) == 503
    assert "JOREN_SECRET_KEY" in selectors.arrivals()[one.id].last_refusal


def test_who_is_erased_is_in_no_body_sample_or_note_by_their_number() -> None:
    one, other = added(), added("generic", kind="customers")
    for number in (7, 8):
        send(one, {"id": number, "email": f"c{number}@example.com"}, "customers/update")
    services.read_deliveries()
    for number in (7, 8):
        send(one, {"id": number, "state": "disabled"}, "customers/disable")
    services.change_paths(other.id, sample='{"id": 7}', paths={"customer_number": "id"})
    (store,) = {row.id for row in stores() if row.name == "own"}
    traces = Traces((1,), numbers=frozenset({(int(store), "7")}))

    gone = erasing.ERASER.erase(traces)

    assert sum(gone.values()) == 3
    assert not sum(erasing.ERASER.goes(traces).values())
    assert list(models.Known.objects.values_list("subject", flat=True)) == ["customer:8"]
    assert states() == ["done", "done", "dropped", "new"]
    assert not models.Endpoint.objects.get(pk=other.id).sealed


def test_a_refresh_that_counts_is_not_waited_for() -> None:
    one = added()
    send(one, ORDER)

    with warehouse().journal.counting():
        assert services.read_deliveries() == 0
    assert services.read_deliveries() == 1
    assert len(orders()) == 1
