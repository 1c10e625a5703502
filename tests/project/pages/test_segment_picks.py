"""Values of a rule are chosen of what the facts have, by search, and purchases by more of it."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.test import Client

from joren.collect.orders.contracts import ORDER_LINES, PRODUCTS
from joren.decide.segments import selectors
from joren.decide.segments.contracts import Bought, Is, RuleMeaningless
from joren.project.pages import rule_rows
from joren.project.pages.rule_changes import changed
from joren.warehouse import Warehouse
from joren.warehouse.rows import write_rows


@pytest.fixture
def sold(refreshed_shop: Warehouse) -> Warehouse:
    """A shop of which the lines and the catalogue are known too."""
    house = refreshed_shop
    lines = [
        {"order_id": n, "import_id": 1, "line": 1, "sku": sku, "quantity": 1}
        for n, sku in enumerate(["BEANS-1"] * 5 + ["beans-2"] * 3 + ["CUP"] * 4 + [" "])
    ]
    named = [{"sku": "CUP", "import_id": 1, "name": "マグカップ"}]
    for spec, rows in ((ORDER_LINES, lines), (PRODUCTS, named)):
        house.lake.append(spec, write_rows(rows, house.scratch, spec), key=f"own-{spec.name}")
    return house


def test_the_most_frequent_values_come_first_and_are_found_by_a_part(sold: Warehouse) -> None:
    def found(wanted: str = "", **more: int) -> list[tuple[str, str, int]]:
        every = selectors.pickable("line", "sku", wanted, **more)
        return [(one.value, one.name, one.rows) for one in every]

    assert found() == [("BEANS-1", "", 5), ("CUP", "マグカップ", 4), ("beans-2", "", 3)]
    assert found(" Beans ") == [("BEANS-1", "", 5), ("beans-2", "", 3)]
    assert found("マグ") == [("CUP", "マグカップ", 4)]
    assert found("no such thing") == []
    assert found(limit=1) == [("BEANS-1", "", 5)]
    for of, field in (("line", "quantity"), ("cart", "sku"), ("customer", "nothing")):
        with pytest.raises(RuleMeaningless):
            selectors.pickable(of, field)


def test_a_value_that_was_chosen_joins_those_that_were_typed(sold: Warehouse) -> None:
    sent = QueryDict(mutable=True)
    sent.update({"r0-key": "bought:products", "r0-op": "at_least", "r0-first": "1",
                 "r0-where": "sku:is", "r0-named": "a", "r0-pick_named": "beans-1",
                 "r1-key": "bought:quantity", "r1-op": "at_least", "r1-first": "1",
                 "r1-where": "sku:is", "r1-pick_named": "マグカップ",
                 "r2-key": "is:prefecture", "r2-op": "is", "r2-pick": "Atlantis"})  # fmt: skip

    own, bought, nowhere = changed(sent).rows

    assert (own.named, own.pick_named) == ("a, BEANS-1", "")
    assert (bought.named, bought.pick_named) == ("CUP", "")
    assert (nowhere.first, nowhere.pick) == ("", "Atlantis")


def test_the_page_offers_what_the_facts_have(alice_the_admin: Client, sold: Warehouse) -> None:
    row = {"r0-key": "bought:quantity", "r0-op": "at_least", "r0-first": "1",
           "r0-where": "sku:is", "r0-named": ""}  # fmt: skip

    built = alice_the_admin.post("/segments/build/", row).content.decode()
    offered = alice_the_admin.get(
        "/segments/values/", {"key": "bought:quantity", "where": "sku:is",
                              "r0-pick_named": "cu"}
    ).content.decode()  # fmt: skip
    told = alice_the_admin.get("/api/segments/values?of=line&field=sku&limit=3").json()["items"]

    assert 'list="r0-pick_named-list"' in built
    assert '<option value="CUP">マグカップ · 4</option>' in offered
    assert told[1] == {"value": "CUP", "name": "マグカップ", "rows": 4}
    assert alice_the_admin.get("/segments/values/?key=is:orders").content.decode().strip() == ""


@pytest.mark.parametrize(
    ("where", "named", "meant"),
    [
        ("with_points:yes", "", Is("with_points", "yes")),
        ("subscription_number:at_least", "3", Is("subscription_number", "at_least", (3,))),
        ("revenue:at_most", "1,000.5", Is("revenue", "at_most", (100_050,))),
        ("status:is", "paid, shipped", Is("status", "is", ("paid", "shipped"))),
        ("campaign:is", "春", Is("campaign", "is", ("春",))),
    ],
)
def test_purchases_are_chosen_in_a_row_by_whatever_they_say(
    where: str, named: str, meant: Is
) -> None:
    row = rule_rows.Typed("bought:orders", "at_least", "1", where=where, named=named)

    rule = rule_rows.condition(row, unit=100)
    again = rule_rows.rows_of(rule, unit=100)

    assert rule == Bought("orders", "at_least", (1,), (meant,))
    assert again is not None
    assert rule_rows.rule_of(again[0], again[1], unit=100).of == (rule,)  # type: ignore[union-attr]


def test_stores_and_states_of_a_row_are_ticked(
    alice_the_admin: Client, refreshed_shop: Warehouse
) -> None:
    row = {"r0-key": "bought:orders", "r0-op": "at_least", "r0-first": "1",
           "r0-where": "status:is", "r0-named": ["paid", "shipped"]}  # fmt: skip

    built = alice_the_admin.post("/segments/build/", row).content.decode()

    assert built.count('name="r0-named"') == 4
    assert built.count('name="r0-named" value="paid" checked') == 1
    assert "支払い済み" in built
    assert "注文の状態が「支払い済み」または「出荷済み」" in built
