"""A person is forgotten everywhere, and what they did stays with a number that is nobody's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections
from django.test import Client

from joren.collect.connectors import opening
from joren.collect.connectors.models import QuarantinedRow
from joren.collect.customers import models, selectors
from joren.collect.customers.selectors.keyring import hashed_key, keys_in
from joren.collect.inbox import models as inbox_models
from joren.collect.inbox import services as inbox
from joren.collect.inbox.contracts import EVENTS
from joren.collect.inbox.selectors.bodies import opened
from joren.collect.inbox.services import receiving
from joren.collect.orders.contracts import ORDERS
from joren.core.erasing import in_order
from joren.core.ids import CustomerId
from joren.plumbing.warehouse import warehouse
from joren.project.refresh import refresh
from joren.protect.audit import selectors as audit
from joren.protect.consent import models as consent_models
from joren.protect.erasure import selectors as asked
from joren.protect.erasure import services
from joren.protect.erasure.contracts import LOG, NoSuchPerson, RequestClosed
from tests.collect.customers.arriving import add_person
from tests.collect.killing import killed
from tests.project.erasing.shop import HANAKO, JIRO, WORDS, come_back, open_shop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _fresh(home: Path) -> Iterator[None]:
    receiving.KEYS.forget()
    yield
    receiving.KEYS.forget()


@pytest.fixture
def shop(home: Path, tmp_path: Path) -> tuple[int, int]:
    return open_shop(tmp_path)


def erased(customer: int, **more: bool) -> int:
    number = services.ask(customer, "erasure", by="member:1", **more)
    services.erase_person(number, by="member:1")
    return number


def everything_kept(home: Path) -> str:
    """All rows of all tables, and all files under the home that are no database."""
    found = []
    for connection in connections.all():
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                if table.startswith(("auth_", "django_migrations", "customers_grams_")):
                    continue
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                found += [str([_text(cell) for cell in row]) for row in cursor.fetchall()]
    # What is sealed counts as kept: whoever has the key reads it.
    ids = list(models.Customer.objects.values_list("pk", flat=True))
    found += [str(person) for person in selectors.customers_among(ids).values()]
    found += keys_in(list(models.Identity.objects.all()))
    waiting = opening.opened(list(QuarantinedRow.objects.all()))
    found += [str((one.cells, one.value, one.reason)) for one in waiting]
    for path in home.rglob("*"):
        if path.is_file() and "sqlite3" not in path.name:
            found.append(path.read_bytes().decode("utf-8", "replace"))
    return "\n".join(found)


def _text(cell: object) -> object:
    return bytes(cell).decode("utf-8", "replace") if isinstance(cell, bytes | memoryview) else cell


def index_names() -> None:
    """As the rooms' own verb does for people that it adds."""
    with connections["default"].cursor() as cursor:
        if cursor.db.vendor == "sqlite":
            cursor.execute("INSERT INTO customers_grams (customers_grams) VALUES ('rebuild')")


def facts() -> tuple[int, int, int]:
    house = warehouse()
    orders = house.engine.rows(house.facts(ORDERS).agg(n=house.facts(ORDERS).count()))
    events = house.engine.rows(house.facts(EVENTS).agg(n=house.facts(EVENTS).count()))
    return orders[0]["n"], events[0]["n"], len(selectors.person_of(house))


def test_the_shop_of_these_tests_knows_her_by_all_of_it(shop: tuple[int, int], home: Path) -> None:
    kept = everything_kept(home)

    assert [word for word in WORDS if word not in kept.replace("+819012345678", "9012345678")] == []
    preview = asked.preview(shop[0])
    goes = {name: n for part in preview.parts for name, n in part.goes.items()}
    stays = {name: n for part in preview.parts for name, n in part.stays.items()}
    assert goes == {
        "records of people": 1, "identities": 3, "devices": 1, "live messages that wait": 2,
        "rows in quarantine": 1, "uploaded files": 1, "consents and refusals": 1,
        "links of messages": 1, "searches of members": 1,
    }  # fmt: skip
    assert stays == {"orders, by number only": 2, "events, by number only": 1}


def test_nothing_of_her_is_left_and_the_others_are_as_they_were(
    shop: tuple[int, int], home: Path
) -> None:
    refresh()
    orders, events, _ = facts()

    erased(shop[0])

    kept = everything_kept(home)
    assert [word for word in WORDS if word in kept] == []
    assert JIRO in kept
    assert selectors.customer(CustomerId(shop[1])).name == "田中次郎"
    assert consent_models.Entry.objects.get().customer_id == shop[1]
    assert facts()[:2] == (orders, events)
    with pytest.raises(NoSuchPerson):
        asked.preview(shop[0])


def test_the_file_of_the_database_does_not_hold_her_either(
    shop: tuple[int, int], home: Path
) -> None:
    if connections["default"].vendor != "sqlite":
        pytest.skip("PostgreSQL removes rows by vacuum")
    erased(shop[0])

    for connection in connections.all():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw = Path(str(connection.settings_dict["NAME"])).read_bytes()
        assert HANAKO.encode() not in raw


def test_facts_stay_and_the_figures_are_built_without_her(shop: tuple[int, int]) -> None:
    erased(shop[0])

    inbox.drain(warehouse())
    report = refresh()

    assert (report.customers, report.orders) == (1, 1)


def test_pages_whose_figures_still_know_her_number_are_shown(
    shop: tuple[int, int], alice_the_admin: Client
) -> None:
    refresh()
    erased(shop[0])

    listed = alice_the_admin.get("/customers/")
    file = alice_the_admin.get("/customers/", {"format": "csv"})

    assert listed.status_code == 200
    assert "山田花子" not in listed.content.decode()
    assert "山田花子" not in b"".join(file.streaming_content).decode()
    assert alice_the_admin.get(f"/customers/{shop[0]}/").status_code == 404
    assert alice_the_admin.get("/").status_code == 200


def test_who_comes_back_is_somebody_new(shop: tuple[int, int], tmp_path: Path) -> None:
    erased(shop[0])

    hanako = come_back(tmp_path)

    assert hanako > shop[1]
    assert services.refuse_the_returned() == 0


def test_who_is_not_to_be_written_to_refuses_all_when_they_come_back(
    shop: tuple[int, int], tmp_path: Path
) -> None:
    erased(shop[0], suppress=True)
    hanako = come_back(tmp_path)

    assert services.refuse_the_returned() == 0  # it was seen to as they came

    from joren.protect.consent.selectors import may_be_written_to

    found = may_be_written_to([hanako, shop[1]], channel="line", purpose="marketing")
    assert dict(zip(found["customer_id"].to_pylist(), found["why"].to_pylist(), strict=True)) == {
        hanako: "refused",
        shop[1]: "unasked",
    }


def test_whether_somebody_was_erased_is_answered_by_hash(shop: tuple[int, int]) -> None:
    number = erased(shop[0])

    for kind, text in (
        ("email", " Hanako@Example.com"),
        ("phone", "０９０-1234-5678"),
        ("own", "K-77"),
    ):
        [proof] = asked.was_erased(kind, text)
        assert (proof.id, proof.state, proof.counts["records of people"]) == (number, "done", 1)
    assert asked.was_erased("email", JIRO) == ()


def test_the_book_says_who_erased_whom_by_number(shop: tuple[int, int]) -> None:
    erased(shop[0])

    deeds = [one.action for one in audit.entries(action="privacy.", limit=3).items]
    assert deeds == ["privacy.erased", "privacy.erasure_confirmed", "privacy.asked"]


def test_a_request_is_carried_out_once(shop: tuple[int, int]) -> None:
    number = erased(shop[0])

    with pytest.raises(RequestClosed):
        services.erase_person(number, by="member:1")
    assert services.carry_out_waiting() == 0


def test_everything_about_her_is_given_out_and_nothing_about_him(shop: tuple[int, int]) -> None:
    services.ask(shop[0], "export", by="member:1")

    given = json.loads(services.written(services.export_person(shop[0], by="member:1")))

    said = json.dumps(given, ensure_ascii=False)
    assert {one["name"] for one in given["sections"]} == {
        "customers", "inbox", "connectors", "consent", "facts",
    }  # fmt: skip
    assert "山田花子" in said
    assert "A-3" in said
    assert JIRO not in said
    assert "田中" not in said
    assert [one.state for one in asked.requests(customer=shop[0])] == ["done"]


_ERASE = """
import sys, django, os
django.setup()
from joren.core import erasing
from joren.protect.erasure import services
from dataclasses import replace
name, moment = sys.argv[1], sys.argv[2]
eraser = erasing.ERASERS[name]
def dying(traces):
    if moment == "before":
        os._exit(9)
    counts = eraser.erase(traces)
    if moment == "inside":
        os._exit(9)
    return counts
erasing.ERASERS._entries[name] = replace(eraser, erase=dying)
services.carry_out_waiting()
"""


@pytest.mark.parametrize(
    ("name", "moment"),
    [("inbox", "before"), ("consent", "inside"), ("customers", "before"), ("customers", "inside")],
)
def test_a_kill_in_any_room_is_finished_by_the_next_process(
    shop: tuple[int, int], home: Path, name: str, moment: str
) -> None:
    number = services.ask(shop[0], "erasure", by="member:1")
    services.erase_person(number, by="member:1", at_once=False)

    assert killed(_ERASE, name, moment, home=home) == 9
    assert asked.request(number).state == "running"
    services.carry_out_waiting()

    kept = everything_kept(home)
    assert [word for word in WORDS if word in kept] == []
    assert asked.request(number).state == "done"
    assert [step for step, _ in asked.steps_of(number)] == [one for one, _ in in_order()]
    assert asked.was_erased("email", HANAKO)


def test_each_eraser_may_be_asked_twice(shop: tuple[int, int]) -> None:
    from joren.protect.erasure.selectors.requests import traces_of

    traces = traces_of(shop[0])
    with warehouse().journal.lock():
        for _, eraser in in_order():
            eraser.erase(traces)
            again = eraser.erase(traces)

            assert not any(again.values()), eraser.label


def test_a_message_that_comes_with_hers_stays(shop: tuple[int, int]) -> None:
    erased(shop[0])

    bodies = [json.loads(body) for _, body in opened(inbox_models.Batch.objects.all())]

    assert [one["userId"] for body in bodies for one in body] == ["K-78"]
    assert [row.messages for row in inbox_models.Batch.objects.all()] == [1]


def test_an_older_database_forgets_her_again_when_joren_starts(
    shop: tuple[int, int], home: Path
) -> None:
    """As after a restore: the rows are back, and the log beside them says that they must go."""
    rows = {
        model: list(model.objects.all().values()) for model in (models.Customer, models.Identity)
    }
    erased(shop[0])
    log = (home / LOG).read_text()
    from joren.protect.erasure import models as erasures

    erasures.Request.objects.all().delete()
    for model, values in rows.items():
        for one in values:
            model.objects.get_or_create(pk=one["id"], defaults=one)
    index_names()
    assert HANAKO in everything_kept(home)

    from joren.project.starting import finish_promised

    finish_promised()

    assert [word for word in WORDS if word in everything_kept(home)] == []
    assert (home / LOG).read_text() == log
    assert asked.was_erased("email", HANAKO)
    assert services.carry_out_waiting() == 0
    assert HANAKO not in log


def test_a_number_that_is_somebody_else_s_in_the_restored_database_is_left_alone(
    shop: tuple[int, int], home: Path
) -> None:
    erased(shop[0])
    from joren.protect.erasure import models as erasures

    erasures.Request.objects.all().delete()
    add_person(shop[0], name="佐藤三郎", email="s@example.com")
    models.Identity.objects.create(id=9_001, key=hashed_key("e:s@example.com"), customer_id=shop[0])

    services.carry_out_waiting()

    assert selectors.customer(CustomerId(shop[0])).name == "佐藤三郎"


def test_with_another_secret_nobody_is_erased_unseen(
    shop: tuple[int, int], home: Path, settings: object
) -> None:
    erased(shop[0])
    from joren.protect.erasure import models as erasures

    erasures.Request.objects.all().delete()
    add_person(shop[0], name="誰か", email="s@example.com")
    settings.SECRET_KEY = "another secret key that is long enough"  # type: ignore[attr-defined]

    services.carry_out_waiting()

    [request] = asked.requests()
    assert request.state == "unverified"
    assert models.Customer.objects.filter(pk=shop[0]).exists()
