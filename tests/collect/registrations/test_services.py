"""An owner registers: known once, a person afterwards, at a person's pace."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from joren.collect.customers import selectors as people
from joren.collect.customers.services import store_named
from joren.collect.inbox import selectors as inbox
from joren.collect.inbox.contracts import EVENTS
from joren.collect.inbox.services import add_source, drain, keep_messages, receiving
from joren.collect.registrations import contracts, models, rules, selectors, services, views
from joren.collect.registrations.contracts import Owner, Proof
from joren.collect.registrations.services import erasing
from joren.core import clock
from joren.core.erasing import Traces
from joren.core.people import people as everybody
from joren.plumbing import outbox
from joren.plumbing.warehouse import warehouse
from joren.protect.consent import selectors as consents
from joren.protect.consent.contracts import Matter

pytestmark = pytest.mark.django_db(transaction=True)
TARO = Owner("Taro@Example.com", "山田 太郎", "090-1234-5678", agrees=True)
SERIALS = "serial,sku\nABC-0001,KTL-1\nabc 0002\n!!\n\n"


@pytest.fixture(autouse=True)
def _fresh(home: Path) -> Iterator[None]:
    receiving.KEYS.forget()
    yield
    receiving.KEYS.forget()


@pytest.fixture
def kettle() -> contracts.Programme:
    services.open_programme("Kettle", slug="kettle", store="maker", sku="KTL")
    services.add_serials("kettle", [SERIALS.encode()])
    return selectors.programme("kettle")


def settled() -> None:
    services.settle()
    while drain(warehouse()):
        pass
    services.settle()


def facts() -> list[dict[str, Any]]:
    rows = warehouse().facts(EVENTS)
    return warehouse().engine.rows(rows.filter(rows.name == contracts.EVENT).order_by("sku"))


@given(st.text(max_size=70))
def test_a_serial_number_is_the_same_however_it_is_written(text: str) -> None:
    found = rules.serial_of(text)

    if found is not None:
        assert rules.serial_of(f" {found.lower()} ") == found
        assert rules.serial_of("-".join(found)) == found


def test_serial_numbers_of_a_file_count_once(kettle: contracts.Programme) -> None:
    again = services.add_serials("kettle", [SERIALS.encode()[:9], SERIALS.encode()[9:], b"NEW-1"])

    assert again == contracts.Added(added=1, known=2, bad=1)
    assert selectors.programme("kettle").serials == 3


def test_an_owner_is_a_customer_who_owns_it_and_asked_for_mail(kettle: contracts.Programme) -> None:
    heard: list[dict[str, Any]] = []
    outbox.listen("registrations.", listener := lambda _name, said: heard.append(said))
    assert services.register("kettle", Proof("ａｂｃ－０００１"), TARO)
    settled()
    outbox._listeners["registrations."].remove(listener)

    (row,) = facts()
    assert (row["sku"], row["product_id"]) == ("KTL-1", "KTL-1")
    (customer,) = everybody().by_email(["taro@example.com"]).values()
    assert people.owners_of([row["identity_id"]]) == {row["identity_id"]: customer}
    assert people.customer(customer).name == "山田 太郎"
    (shown,) = [
        one for one in inbox.events_of(warehouse(), customer) if one.name == contracts.EVENT
    ]
    assert shown.product == "KTL-1"
    (standing,) = consents.standings_of(customer, [Matter("email", "marketing")])
    assert standing.state == "pending"  # until the address itself confirms it
    assert [one["agreed"] for one in heard] == [True]
    assert "taro" not in str(heard).lower()
    row = models.Registration.objects.get()
    assert (row.pending, row.known_by) == ("", "ABC0001")


def test_who_does_not_agree_is_registered_all_the_same(kettle: contracts.Programme) -> None:
    services.register("kettle", Proof("ABC0002"), Owner("hanako@example.com"))
    settled()

    (customer,) = everybody().by_email(["hanako@example.com"]).values()
    (standing,) = consents.standings_of(customer, [Matter("email", "marketing")])
    assert standing.state == "unasked"
    assert len(facts()) == 1


def test_what_a_stranger_types_joins_no_two_customers_and_changes_none(
    kettle: contracts.Programme,
) -> None:
    source, _ = add_source("shop", kind="server", store="maker")
    phone = "090-1234-5678"
    known = ({"email": "victim@example.com"}, {"phone": phone, "name": TARO.name})
    for number, traits in enumerate(known):
        said = {"type": "identify", "messageId": f"m{number}", "traits": traits}
        keep_messages(source.id, [said])
    while drain(warehouse()):
        pass
    before = sorted(set(people.person_of(warehouse())["customer_id"].to_pylist()))
    (victim,) = everybody().by_email(["victim@example.com"]).values()

    services.register("kettle", Proof("ABC0001"), Owner("victim@example.com", TARO.name, phone))
    services.register("kettle", Proof("ABC0002"), Owner("new@example.com", TARO.name, phone))
    settled()

    (new,) = everybody().by_email(["new@example.com"]).values()
    (other,) = set(before) - {victim}
    assert new not in before
    assert set(people.person_of(warehouse())["customer_id"].to_pylist()) == {*before, new}
    assert (people.customer(victim).name, people.customer(other).email) == ("", "")
    assert people.customer(new).name == TARO.name


def test_a_product_is_registered_once(kettle: contracts.Programme) -> None:
    assert services.register("kettle", Proof("ABC-0001"), TARO)

    assert not services.register("kettle", Proof("abc0001"), TARO)
    with pytest.raises(contracts.RegisteredAlready):
        services.register("kettle", Proof("ABC-0001"), Owner("other@example.com"))
    with pytest.raises(contracts.NoSuchSerial):
        services.register("kettle", Proof("ABC-9999"), TARO)
    settled()
    settled()
    assert len(facts()) == 1


def test_of_many_at_once_one_registers_it(kettle: contracts.Programme) -> None:
    said: list[str] = []
    start = threading.Barrier(4)

    def try_it(number: int) -> None:
        start.wait()
        try:
            services.register("kettle", Proof("ABC0001"), Owner(f"u{number}@example.com"))
            said.append("registered")
        except contracts.RegisteredAlready:
            said.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=try_it, args=[number]) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert sorted(said) == ["refused"] * 3 + ["registered"]


def test_a_receipt_of_another_shop_is_a_proof() -> None:
    services.open_programme("Soap", slug="soap", store="maker", sku="SOAP", takes="receipts")
    today = clock.shop_day(clock.now(), "Asia/Tokyo")
    proof = Proof("R-100", "薬局 ABC", today)

    assert services.register("soap", proof, TARO)
    for bad in (
        Proof("R-100", "薬局 ABC", None),
        Proof("R-100", "", today),
        Proof("R-100", "薬局 ABC", today + timedelta(days=2)),
    ):
        with pytest.raises(contracts.BadRegistration):
            services.register("soap", bad, TARO)
    for shop in ("薬局 ＡＢＣ", "薬局abc店"):
        with pytest.raises(contracts.RegisteredAlready):
            services.register("soap", Proof("r 100", shop, today), Owner("b@example.com"))
    settled()
    (row,) = facts()
    assert (row["sku"], row["order_number"]) == ("SOAP", "R-100")


@pytest.mark.parametrize("written", ["シブヤ店", " ｼﾌﾞﾔ 店", "しぶや", "ＳＨＩＢＵＹＡ店"])
def test_a_shop_is_the_same_however_it_is_written(written: str) -> None:
    assert rules.shop_of(written) in (rules.shop_of("シブヤ"), rules.shop_of("shibuya"))
    assert rules.shop_of("店") == "店"
    assert rules.shop_of("新宿店") != rules.shop_of("渋谷店")


def test_the_form_of_receipts_offers_the_shops(client: Client) -> None:
    store_named("渋谷店")
    services.open_programme("Soap", slug="soap", store="maker", takes="receipts")

    page = client.get("/register/soap/").content.decode()

    assert '<option value="渋谷店">' in page
    assert "maker" not in page


@pytest.mark.parametrize("email", ["", "taro", "taro@", "a b@example.com", "@example.com"])
def test_without_an_address_nobody_registers(kettle: contracts.Programme, email: str) -> None:
    with pytest.raises(contracts.BadRegistration):
        services.register("kettle", Proof("ABC0001"), Owner(email))


def test_whoever_tries_too_often_is_held_off(kettle: contracts.Programme) -> None:
    def guess(visitor: str) -> None:
        services.register("kettle", Proof("WRONG1"), TARO, visitor=visitor)

    for _ in range(contracts.MOST_WRONG):
        with pytest.raises(contracts.NoSuchSerial):
            guess("203.0.113.1")
    with pytest.raises(contracts.TooManyTries):
        guess("203.0.113.1")
    with pytest.raises(contracts.NoSuchSerial):
        guess("203.0.113.2")
    assert "203.0.113.1" not in set(models.Attempt.objects.values_list("visitor", flat=True))


def form(monkeypatch: pytest.MonkeyPatch, *, seconds: float = 10) -> str:
    import time

    before = time.time()
    monkeypatch.setattr(signing.time, "time", lambda: before - seconds)
    made = signing.TimestampSigner(salt=views._SALT).sign("kettle")
    monkeypatch.setattr(signing.time, "time", lambda: before)
    return made


def test_the_page_registers_without_cookie_and_sign_in(
    kettle: contracts.Programme, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = selectors.link_of("kettle", "ABC0001").partition("/register")[2]
    page = client.get(f"/register{link}", headers={"Accept-Language": "en"})

    assert page.status_code == 200
    assert 'value="ABC0001"' in page.content.decode()
    assert "checked" not in page.content.decode()
    assert not page.cookies
    said = {"form": form(monkeypatch), "number": "ABC0001", "email": "a@example.com", "agrees": "y"}
    answer = client.post("/register/kettle/", said, headers={"Accept-Language": "en"})
    assert "is registered" in answer.content.decode()
    assert models.Registration.objects.get().agreed
    other = {**said, "email": "b@example.com"}
    refused = client.post("/register/kettle/", other, headers={"Accept-Language": "ja"})
    assert refused.status_code == 409
    assert "すでに別の方が登録しています" in refused.content.decode()


@pytest.mark.parametrize(
    ("seconds", "more"),
    [(0.5, {}), (90_000, {}), (10, {"form": "made up"}), (10, {"website": "http://spam"})],
)
def test_a_machine_registers_nothing(
    kettle: contracts.Programme,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    seconds: float,
    more: dict[str, str],
) -> None:
    said = {"form": form(monkeypatch, seconds=seconds), "number": "ABC0001", "email": "a@b.example"}

    answer = client.post("/register/kettle/", {**said, **more})

    assert answer.status_code == (200 if "website" in more else 422)
    assert not models.Registration.objects.exists()


def test_a_link_that_somebody_made_up_fills_nothing_in(kettle: contracts.Programme) -> None:
    made = signing.Signer(salt="joren.registrations.serial").sign("other/ABC0001")

    assert selectors.serial_behind("kettle", "kettle/ABC0001:x") == ""
    assert selectors.serial_behind("kettle", made) == ""


def test_a_page_that_is_closed_or_never_was_says_so(
    kettle: contracts.Programme, client: Client
) -> None:
    services.close_programme("kettle")

    assert client.get("/register/kettle/").status_code == 404
    assert client.get("/register/nobody/").status_code == 404
    with pytest.raises(contracts.NoSuchProgramme):
        services.register("kettle", Proof("ABC0001"), TARO)


def test_a_crash_before_it_was_handed_on_loses_nothing(
    kettle: contracts.Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.register("kettle", Proof("ABC0001"), TARO)
    services.settle()
    models.Registration.objects.update(handed_on=False)  # as if it had died before it was noted
    settled()
    settled()

    assert len(facts()) == 1
    assert not models.Registration.objects.exclude(pending="").exists()


def test_one_that_cannot_be_settled_holds_up_no_other(
    kettle: contracts.Programme, caplog: pytest.LogCaptureFixture
) -> None:
    services.register("kettle", Proof("ABC0001"), Owner("first@example.com"))
    models.Registration.objects.update(pending="sealed under another key")
    services.register("kettle", Proof("ABC0002"), Owner("second@example.com"))

    assert services.settle() == 1
    assert services.settle() == 0
    assert [one.getMessage().endswith("waits: SealBroken") for one in caplog.records] == [True]
    assert models.Registration.objects.exclude(pending="").get().known_by == "ABC0001"


def test_who_tried_when_is_forgotten(kettle: contracts.Programme) -> None:
    models.Attempt.objects.create(visitor="x", stretch=1)

    assert services.sweep() == 1


def test_who_is_erased_leaves_the_product_registered_and_nobodys(
    kettle: contracts.Programme,
) -> None:
    services.register("kettle", Proof("ABC0001"), TARO)
    services.register("kettle", Proof("ABC0002"), Owner("other@example.com"))
    traces = Traces((1,), emails=frozenset({"taro@example.com"}))

    (shown,) = erasing.ERASER.export(traces)
    assert "ABC0001" in shown.values()
    assert sum(erasing.ERASER.erase(traces).values()) == 1
    assert sum(erasing.ERASER.goes(traces).values()) == 0
    gone, other = models.Registration.objects.order_by("pk")
    assert (gone.who, gone.pending) == ("", "")
    assert other.pending
    with pytest.raises(contracts.RegisteredAlready):
        services.register("kettle", Proof("ABC0001"), Owner("third@example.com"))
