"""A rule is made on a page, kept, looked at, frozen and taken away as a file."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from joren.decide.segments import rules, selectors, services
from joren.decide.segments.contracts import (
    All,
    AtLeast,
    Bought,
    Did,
    Is,
    Member,
    Not,
    Rule,
    RuleMeaningless,
    Window,
)
from joren.decide.segments.contracts import Any as Either
from joren.project.pages import rule_rows
from joren.warehouse import Warehouse
from tests.refreshed_homes import CUSTOMERS

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


def test_a_row_asks_how_a_value_moved() -> None:
    sent = QueryDict(mutable=True)
    sent.update({"r0-key": "is:p_alive", "r0-op": "fell_by", "r0-first": "20", "r0-ago": "30",
                 "r1-key": "is:revenue_365d", "r1-op": "rose_by_percent",
                 "r1-first": "12.5"})  # fmt: skip

    rule = rule_rows.rule_of(rule_rows.read(sent), "all", unit=100)

    assert rule == All((Is("p_alive", "fell_by", (0.2,), 30),
                        Is("revenue_365d", "rose_by_percent", (12.5,))))  # fmt: skip
    assert rule_rows.rows_of(rule, unit=100) is not None


VALUES = st.builds(lambda n: Is("orders", "at_least", (n,)), st.integers(1, 9))
WINDOWS = st.one_of(
    st.just(Window()),
    st.builds(lambda n: Window(last_days=n), st.integers(1, 400)),
    st.builds(lambda n, but: Window(last_days=n + but, but_days=but),
              st.integers(1, 400), st.integers(1, 90)),
    st.builds(lambda start: Window(start=start), st.just("2026-01-05")),
    st.builds(lambda end: Window(start="2025-12-01", end=end), st.just("2026-01-05")),
)  # fmt: skip
LEAVES = st.one_of(
    VALUES,
    st.builds(lambda ago: Is("stage", "is", ("active",), ago), st.integers(0, 90)),
    st.builds(lambda window: Bought("orders", "at_least", (1,), window=window), WINDOWS),
    st.builds(lambda window: Did("Product Added", "times", "at_least", (1,), window=window),
              WINDOWS),
    st.just(Member(3)),
)  # fmt: skip
PARTS = st.one_of(LEAVES, st.builds(Not, LEAVES))
RULES = st.one_of(
    st.builds(lambda of: All(tuple(of)), st.lists(PARTS, min_size=1, max_size=5)),
    st.builds(lambda of: Either(tuple(of)), st.lists(PARTS, min_size=1, max_size=5)),
    st.lists(PARTS, min_size=2, max_size=5).flatmap(
        lambda of: st.builds(lambda n: AtLeast(n, tuple(of)), st.integers(1, len(of)))
    ),
)


@given(RULES)
def test_what_the_language_can_say_comes_through_the_rows_unchanged(rule: Rule) -> None:
    found = rule_rows.rows_of(rule, unit=1)
    assert found is not None
    rows, match = found
    sent = QueryDict(mutable=True)
    sent["match"], sent["count"] = (match, "") if match in ("all", "any") else ("some", match)
    for place, row in enumerate(rows):
        for name, value in asdict(row).items():
            if name == "chosen":
                sent.setlist(f"r{place}-chosen", list(value))
            else:
                sent[f"r{place}-{name}"] = str(value)

    again = rule_rows.rule_of(rule_rows.read(sent), rule_rows.match_of(sent), unit=1)

    assert again == rule


@pytest.mark.parametrize(
    "sent",
    [
        {"r0-key": "bought:orders", "r0-first": "1", "r0-when": "dates"},
        {"r0-key": "bought:orders", "r0-first": "1", "r0-when": "dates", "r0-start": "1 Jan"},
        {"r0-key": "bought:orders", "r0-first": "1", "r0-when": "span", "r0-days": "7",
         "r0-but_days": "9"},
        {"r0-key": "bought:orders", "r0-first": "1", "r0-when": "last", "r0-days": ""},
        {"r0-key": "is:orders", "r0-op": "at_least", "r0-first": "1", "r0-ago": "9" * 5_000},
        {"r0-key": "is:prefecture", "r0-op": "is", "r0-first": "東京都", "r0-ago": "3"},
    ],
)  # fmt: skip
def test_days_that_say_nothing_are_wrong_in_their_row(sent: dict[str, str]) -> None:
    query = QueryDict(mutable=True)
    query.update(sent)
    (row,) = rule_rows.read(query)

    with pytest.raises(RuleMeaningless):
        rule_rows.condition(row, unit=1)


def test_the_page_offers_at_least_so_many_the_opposite_earlier_days_and_dates(
    alice_the_admin: Client, refreshed_shop: Warehouse
) -> None:
    sent = {
        "match": "some", "count": "2",
        "r0-key": "is:orders", "r0-op": "at_least", "r0-first": "2",
        "r1-key": "bought:orders", "r1-op": "at_least", "r1-first": "1", "r1-when": "dates",
        "r1-start": "2026-01-01", "r1-end": "2026-02-28", "r1-opposite": "yes",
        "r2-key": "bought:revenue", "r2-op": "at_least", "r2-first": "1", "r2-when": "span",
        "r2-days": "60", "r2-but_days": "31",
    }  # fmt: skip

    built = alice_the_admin.post("/segments/build/", sent).content.decode()
    kept = alice_the_admin.post("/segments/new/", sent | {"name": "x", "save": "yes"})
    (one,) = selectors.segments()
    again = alice_the_admin.get(f"{kept['Location']}edit/").content.decode()

    assert one.rule == AtLeast(2, (
        REPEAT,
        Not(Bought("orders", "at_least", (1,), window=Window(start="2026-01-01",
                                                             end="2026-02-28"))),
        Bought("revenue", "at_least", (1,), window=Window(last_days=60, but_days=31)),
    ))  # fmt: skip
    for page in (built, again):
        assert 'name="count"' in page
        assert 'name="r0-ago"' in page
        assert 'name="r1-start" type="date" value="2026-01-01"' in page
        assert 'name="r2-but_days"' in page
        assert f"{selectors.size(one.rule)}人" in page
        assert "次のうち2つ以上" in page


def test_what_a_rule_is_beside_the_others_is_said_before_it_is_kept(
    alice_the_admin: Client, refreshed_shop: Warehouse
) -> None:
    other = services.create("みんな", Is("orders", "at_least", (1,)), by="alice")
    mine = services.create("自分", REPEAT, by="alice")
    size = selectors.size(REPEAT)

    built = alice_the_admin.post("/segments/build/", ROW).content.decode()
    beside = alice_the_admin.post("/segments/compare/", ROW | {"kept": mine.id}).content.decode()
    told = alice_the_admin.post(
        "/api/segments/compare",
        {"rule": {"kind": "is", "field": "orders", "op": "at_least", "values": [2]}},
        content_type="application/json",
    ).json()

    assert 'hx-post="/segments/compare/"' in built
    assert f'href="/segments/{other.id}/"' in beside
    assert f'href="/segments/{mine.id}/"' not in beside
    assert f"n = {size}" in beside
    assert f"n = {CUSTOMERS - size}" in beside
    assert [
        one["segment"]["n"]
        for one in told["value"]
        if one["segment"]["name"] != "segment_profit_past"
    ] == [size] * 3
    assert 0 < told["value"][1]["segment"]["n"] < size  # of whom the costs are known
    assert {one["segment"]: one["both"] for one in told["overlaps"]} == {
        other.id: size, mine.id: size,
    }  # fmt: skip


def test_an_incomplete_comparison_says_what_is_wrong(
    alice_the_admin: Client, refreshed_shop: Warehouse
) -> None:
    sent = {"json": '{"kind": "member", "segment": 99}'}

    answer = alice_the_admin.post("/segments/compare/", sent).content.decode()

    assert "この条件では意味が決まりません" in answer
    for query in ("9" * 5_000, "１", "-1"):
        assert alice_the_admin.get(f"/segments/new/?ready={query}").status_code == 200
        assert alice_the_admin.post("/segments/build/", ROW | {"remove": query}).status_code == 200


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
