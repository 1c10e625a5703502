"""A rule is made on a page, kept, looked at, frozen and taken away as a file."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.test import Client

from joren.decide.segments import rules, selectors, services
from joren.decide.segments.contracts import (
    All,
    Bought,
    Did,
    Is,
    Not,
    RuleMeaningless,
    Window,
)
from joren.project.pages import rule_rows
from joren.warehouse import Warehouse

ROW = {"r0-key": "is:orders", "r0-op": "at_least", "r0-first": "2"}
REPEAT = Is("orders", "at_least", (2,))


@pytest.mark.parametrize("one", rules.READY_MADE, ids=lambda one: one.en)
def test_rows_say_what_the_ready_made_rules_say(one: rules.ReadyMade) -> None:
    found = rule_rows.rows_of(one.rule, unit=100)

    assert found is not None
    rows, match = found
    assert rule_rows.rule_of(rows, match, unit=100) == one.rule


def test_rows_survive_the_way_through_the_form() -> None:
    sent = QueryDict(mutable=True)
    sent.update({"r0-key": "bought:amount", "r0-op": "between", "r0-first": "1,000",
                 "r0-second": "2000.5", "r0-days": "90", "r0-where": "category:is",
                 "r0-named": "豆、ドリップ", "r2-key": "is:stage", "r2-op": "is"})  # fmt: skip
    sent.setlist("r2-chosen", ["f2", "active"])

    rule = rule_rows.rule_of(rule_rows.read(sent), "all", unit=100)

    bought, stage = rule.of  # type: ignore[union-attr]
    assert bought == Bought(
        "amount", "between", (100_000, 200_050), (Is("category", "is", ("豆", "ドリップ")),),
        rules.read({"kind": "bought", "measure": "orders", "op": "at_least", "values": [1],
                    "window": {"last_days": 90}}).window,  # type: ignore[union-attr]
    )  # fmt: skip
    assert stage == Is("stage", "is", ("f2", "active"))


def test_a_row_of_events_is_typed_in_words_and_shown_again() -> None:
    sent = QueryDict(mutable=True)
    sent.update({"r0-key": "did:distinct", "r0-event": "カートに入れた", "r0-op": "at_least",
                 "r0-first": "2", "r0-days": "3", "r0-where": "property:brand:is",
                 "r0-named": "常連堂", "r0-by": "sku", "r0-but_not": "order"})  # fmt: skip
    meant = Did(
        "Product Added", "distinct", "at_least", (2,), (Is("property:brand", "is", ("常連堂",)),),
        Window(last_days=3), "sku", "order",
    )  # fmt: skip

    rule = rule_rows.rule_of(rule_rows.read(sent), "all", unit=1)

    assert rule == All((meant,))
    assert rule_rows.rows_of(rule, unit=1) == (rule_rows.read(sent), "all")


@pytest.mark.django_db
def test_a_condition_is_found_by_a_part_of_its_words(
    alice_the_admin: Client, refreshed_shop: Warehouse
) -> None:
    built = alice_the_admin.post(
        "/segments/build/", {"match": "all", "add": "yes", "more": "行動: 回数"}
    ).content.decode()

    assert 'name="r0-event"' in built
    assert "その後に購入なし" in built


@pytest.mark.parametrize(
    "sent",
    [
        {"r0-key": "is:last_on", "r0-op": "in_last_days", "r0-first": "9" * 5_000},
        {"r0-key": "member", "r0-first": "9" * 5_000},
        {"r0-key": "is:revenue_past", "r0-op": "at_least", "r0-first": "1E+999999"},
        {"r0-key": "is:orders", "r0-op": "at_least", "r0-first": "9" * 400},
        {"r0-key": "is:first_store", "r0-op": "is", "r0-chosen": "9" * 40},
    ],
)
def test_a_number_that_nothing_holds_is_wrong_in_its_row(sent: dict[str, str]) -> None:
    query = QueryDict(mutable=True)
    query.update(sent)
    (row,) = rule_rows.read(query)

    with pytest.raises(RuleMeaningless):
        rule_rows.condition(row, unit=1)


@pytest.mark.django_db
def test_deep_rules_and_words_without_a_condition_are_told(alice_the_admin: Client) -> None:
    deep = '{"kind":"not","of":' * 2_000 + '{"kind":"all"}' + "}" * 2_000

    for text in (deep, "[" * 100_000):
        assert alice_the_admin.post("/segments/build/", {"json": text}).status_code == 200
    sent = {"match": "all", "add": "yes", "more": "足のサイズ"}
    built = alice_the_admin.post("/segments/build/", sent).content.decode()

    assert "「足のサイズ」という条件はありません" in built
    assert "r0-key" not in built


def test_a_rule_with_groups_has_no_rows() -> None:
    assert rule_rows.rows_of(All((Not(All((REPEAT, REPEAT))),)), unit=1) is None


def test_a_marketer_makes_a_segment_and_sees_whom_it_fits(
    alice_the_admin: Client, refreshed_shop: Warehouse
) -> None:
    built = alice_the_admin.post(
        "/segments/build/", ROW | {"match": "all", "add": "yes", "more": "is:prefecture"}
    ).content.decode()
    kept = alice_the_admin.post(
        "/segments/new/", ROW | {"name": "リピーター", "match": "all", "save": "yes"}
    )
    shown = alice_the_admin.get(kept["Location"]).content.decode()
    (one,) = selectors.segments()

    size = selectors.size(REPEAT)
    assert f"{size}人" in built
    assert "都道府県" in built
    assert "購入回数が2回以上" in built
    assert one.rule == All((REPEAT,))
    assert f"{size}人" in shown
    assert one.owner.startswith("member:")
    assert "member:" not in shown
    assert "alice@example.com" in shown


def test_what_is_missing_is_said_and_nothing_is_kept(
    alice_the_admin: Client, refreshed_shop: Warehouse
) -> None:
    answer = alice_the_admin.post("/segments/new/", {"r0-key": "is:orders", "name": "x"})

    assert answer.status_code == 422
    assert "入力の途中" in answer.content.decode()
    assert selectors.segments() == []


def test_a_viewer_looks_and_does_not_touch(
    bob_the_viewer: Client, refreshed_shop: Warehouse
) -> None:
    one = services.create("repeat", REPEAT, by="alice")

    page = bob_the_viewer.get(f"/segments/{one.id}/").content.decode()

    assert "CSV" not in page
    assert "/edit/" not in page
    assert bob_the_viewer.get(f"/segments/{one.id}/?format=csv").status_code == 403
    assert bob_the_viewer.post("/segments/new/", ROW).status_code == 403
    assert bob_the_viewer.get("/segments/99/").status_code == 404


@pytest.mark.parametrize(("query", "encoding"), [("", "utf-8-sig"), ("&encoding=cp932", "cp932")])
def test_everybody_in_it_is_in_the_file(
    alice_the_admin: Client, refreshed_shop: Warehouse, query: str, encoding: str
) -> None:
    one = services.create("repeat", REPEAT, by="alice")

    answer = alice_the_admin.get(f"/segments/{one.id}/?format=csv{query}")
    body = b"".join(answer.streaming_content).decode(encoding)  # type: ignore[attr-defined]

    assert len(body.splitlines()) == selectors.size(REPEAT) + 1


def test_it_is_frozen_thawed_and_put_away(
    alice_the_admin: Client, refreshed_shop: Warehouse
) -> None:
    one = services.create("repeat", REPEAT, by="alice")

    for deed, membership in (("freeze", "frozen"), ("thaw", "live")):
        alice_the_admin.post(f"/segments/{one.id}/act/", {"do": deed})
        assert selectors.segment(one.id).membership == membership
    alice_the_admin.post(f"/segments/{one.id}/act/", {"do": "archive"})

    assert selectors.segments() == []
    assert "repeat" in alice_the_admin.get("/segments/?archived=yes").content.decode()


def test_before_the_first_refresh_the_pages_say_what_to_do(alice_the_admin: Client) -> None:
    assert alice_the_admin.get("/segments/").status_code == 200
    assert alice_the_admin.get("/segments/new/").status_code == 200
