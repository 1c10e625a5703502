"""A filter finds whom it names, in slices that neither repeat nor skip."""

from __future__ import annotations

import pytest
from django.http import QueryDict
from django.test import Client

from joren.core.errors import BadInput
from joren.core.ids import CustomerId
from joren.project import selection
from joren.project.selection import BOUNDS, SORTS, Range, Wanted, as_query, read
from joren.understand.ltv.selectors import snapshot
from joren.understand.ltv.services import worth_of
from tests.refreshed_homes import CUSTOMERS


def asked(query: str) -> Wanted:
    return read(dict(QueryDict(query).lists()))


@pytest.mark.parametrize(
    "query",
    [
        "",
        "stage=new&stage=f2&vip=no",
        "rfm_r=5&decile=1&decile=10",
        "source=-&store=1",
        "revenue_from=1000&revenue_to=5000&last_from=2026-01-31",
        "orders_from=2.0",
        "was_stage=-&since=3",
    ],
)
def test_an_address_says_what_its_filter_says(query: str) -> None:
    wanted = asked(query)

    assert asked(as_query(wanted)) == wanted


def test_money_is_read_in_the_unit_it_is_typed_in() -> None:
    wanted = read({"revenue_from": ["12.50"]}, unit=100)

    assert wanted.ranges["revenue"] == Range(1250)
    assert as_query(wanted, unit=100) == "revenue_from=12.5"


@pytest.mark.parametrize(
    "query",
    ["stage=gone", "decile=11", "revenue_from=much", "last_to=yesterday", "store=own",
     "orders_from=5&orders_to=2", "was_stage=new", "since=x"],
)  # fmt: skip
def test_what_nobody_can_mean_is_refused(query: str) -> None:
    with pytest.raises(BadInput):
        asked(query)


@pytest.mark.usefixtures("refreshed_shop")
@pytest.mark.parametrize("name", SORTS)
@pytest.mark.parametrize("way", ["", "-"])
def test_slices_hold_everybody_once_and_in_order(name: str, way: str) -> None:
    seen: list[dict[str, object]] = []
    after = ""
    while True:
        part = selection.members(snapshot(), Wanted(), sort=way + name, after=after, limit=13)
        seen += part.items
        if not (after := part.next):
            break

    assert len({row["customer_id"] for row in seen}) == len(seen) == CUSTOMERS
    known = [row[name] for row in seen if row[name] is not None]
    assert known == sorted(known, reverse=way == "-")  # type: ignore[type-var]
    assert all(row[name] is None for row in seen[len(known) :])


@pytest.mark.usefixtures("refreshed_shop")
def test_a_condition_and_its_opposite_are_everybody() -> None:
    def count(query: str) -> int:
        return selection.totals(snapshot(), asked(query)).customers

    assert count("vip=yes") + count("vip=no") == CUSTOMERS
    assert sum(count(f"decile={number}") for number in range(1, 11)) == CUSTOMERS
    assert count("orders_to=2") + count("orders_from=3") == CUSTOMERS


@pytest.mark.usefixtures("refreshed_shop")
def test_each_of_a_list_has_the_interval_of_their_own_page() -> None:
    now = snapshot()
    listed = selection.members(now, Wanted(), limit=CUSTOMERS)

    bounded = selection.with_bounds(now, [*listed.items, {"customer_id": 999_999}])

    for one in bounded[:-1]:
        alone = worth_of(CustomerId(one["customer_id"]), now)
        assert one["interval_why"] == ""
        for name in (name for name in BOUNDS if name != "interval_why"):
            assert one[name] == pytest.approx(alone[name], rel=1e-9), name
        assert one["profit_365d_low"] <= one["profit_365d_high"]
    assert bounded[-1] == {"customer_id": 999_999}


@pytest.mark.usefixtures("refreshed_shop")
def test_programs_choose_the_same_customers(bob_the_viewer: Client) -> None:
    token = {"stage": ["active", "f2"]}

    listed = bob_the_viewer.get("/api/customers", token | {"limit": 5})
    added = bob_the_viewer.get("/api/customers/totals", token)
    home = bob_the_viewer.get("/api/home")

    expected = selection.totals(snapshot(), read(token))
    assert added.json()["customers"] == expected.customers
    assert len(listed.json()["items"]) == min(5, expected.customers)
    for one in listed.json()["items"]:
        assert 0 <= one["revenue_365d_low"] <= one["revenue_365d_high"]
        assert one["level"] == 0.9
    assert home.json()["next_steps"]
    again = bob_the_viewer.get("/api/home", headers={"if-none-match": home["ETag"]})
    assert again.status_code == 304
