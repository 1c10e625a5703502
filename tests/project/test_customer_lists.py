"""The customers' list and a timeline in the terminal: as the pages show them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from typer.testing import CliRunner

from joren.core.errors import BadInput
from joren.project import selection
from joren.project.cli.customers import customers_app
from joren.project.refresh import refresh
from joren.project.selection import Wanted
from joren.project.timeline import timeline_of
from joren.protect.audit.models import Entry
from joren.understand.ltv.contracts import NoSnapshot, reasons
from joren.understand.ltv.selectors import snapshot
from tests.collect.customers.arriving import add_person
from tests.project.pages.test_customers import HANAKO, JIRO, bought, hanako

pytestmark = pytest.mark.django_db


def said(*words: str) -> str:
    answer = CliRunner().invoke(customers_app, words, catch_exceptions=False)
    return answer.stdout


def told(*words: str) -> Any:
    return json.loads(said(*words, "--json"))


@pytest.mark.usefixtures("refreshed_shop")
def test_the_list_is_that_of_the_page_in_slices_with_intervals() -> None:
    whole = told("list", "--limit", "200")
    found: list[int] = []
    after = ""
    while True:
        part = told("list", "--sort", "-orders", "--limit", "30", "--after", after)
        found += [one["customer_id"] for one in part["items"]]
        if not (after := part["next"]):
            break

    rows = selection.members(snapshot(), Wanted(), limit=200).items
    assert [one["customer_id"] for one in whole["items"]] == [one["customer_id"] for one in rows]
    assert (whole["next"], len(found)) == ("", len(set(found)))
    assert set(found) == {one["customer_id"] for one in rows}
    assert all(one["revenue_365d_low"] <= one["revenue_365d_high"] for one in whole["items"])
    assert [one["use"] for one in whole["verdicts"]] == ["rfm", "predictions", "profit"]


@pytest.mark.usefixtures("refreshed_shop")
def test_the_list_is_chosen_by_the_filter_of_the_page() -> None:
    by_option = told("list", "--decile", "1", "--decile", "2", "--rfm-f", "5", "--limit", "200")
    by_address = told("list", "--where", "?decile=1&decile=2&rfm_f=5", "--limit", "200")
    dear = told("list", "--where", "revenue_from=5000")

    assert by_option["items"] == by_address["items"]
    assert {one["decile"] for one in by_option["items"]} <= {1, 2}
    assert all(one["revenue_past"] >= 5000 for one in dear["items"])  # in yen, as it is typed
    with pytest.raises(BadInput, match="no decile '11'"):
        said("list", "--decile", "11")
    with pytest.raises(BadInput, match="no condition 'luck'"):
        said("list", "--where", "luck=1")
    with pytest.raises(BadInput, match="cannot be ordered by 'luck'"):
        said("list", "--sort", "luck")
    with pytest.raises(BadInput, match="of no list"):
        said("list", "--after", "nonsense")


def test_names_that_a_list_shows_are_written_down(home: Path, tmp_path: Path) -> None:
    bought(tmp_path, HANAKO, {**JIRO, "name": "[bold]佐藤"})
    refresh()

    words = said("list")
    found = told("list", "山田")
    nobody = said("list", "鈴木")

    assert HANAKO["name"] in words
    assert "[bold]佐藤" in words
    assert f"Without an interval: {reasons.NO_MODEL_YET}" in words
    assert f"figures of {snapshot().as_of}" in words
    assert [one["email"] for one in found["items"]] == [HANAKO["email"]]
    assert nobody.startswith("nobody")
    kept = Entry.objects.filter(action="customers.listed").order_by("pk")
    assert [len(one.detail["customers"]) for one in kept] == [2, 1]
    assert {one.actor for one in kept} == {"command-line"}
    assert "山田" not in json.dumps([one.detail for one in kept], ensure_ascii=False)


@pytest.mark.parametrize("refreshed", [True, False])
def test_words_find_who_has_not_bought_yet_on_all_three_faces(
    home: Path, tmp_path: Path, alice_the_admin: Client, refreshed: bool
) -> None:
    bought(tmp_path, HANAKO)
    if refreshed:
        refresh()
    add_person(900, name="山田 未来")  # not yet
    bought(tmp_path, {**JIRO, "name": "山田 次郎"}, number=2)  # since
    why = {"山田 花子": "" if refreshed else "not_yet_known", "山田 未来": "no_order_yet",
           "山田 次郎": "not_yet_known"}  # fmt: skip

    listed = told("list", "山田")["items"]
    words = said("list", "山田", "--sort", "-orders", "--limit", "2")
    api = alice_the_admin.post(
        "/api/customers/search", {"words": "山田"}, content_type="application/json"
    ).json()["items"]
    page = alice_the_admin.post("/customers/search/", {"q": "山田"}, follow=True)
    rows = {row.cells[0].shown: row.cells for row in page.context["found"].rows}

    assert {one["name"]: one["why_none"] for one in listed} == why
    assert {one["name"]: one["why_none"] for one in api} == why
    assert [one["customer_id"] for one in listed] == [one["id"] for one in api]
    assert [*rows] == [one["name"] for one in listed]
    assert rows["山田 未来"][1] == "まだ注文なし"
    assert "まだ分かりません" in page.content.decode()
    assert "more: the same with --after" in words
    if refreshed:
        assert words.index("花子") < words.index("not yet known")
        assert [one["name"] for one in told("list", "山田", "--where", "orders_from=1")["items"]] \
            == ["山田 花子"]  # fmt: skip
        by = told("list", "山田", "--sort", "customer_id")["items"]
        assert [one["customer_id"] for one in by] == sorted(one["customer_id"] for one in by)
    with pytest.raises(BadInput, match="cannot be ordered by 'luck'"):
        said("list", "山田", "--sort", "luck")


def test_before_the_first_refresh_the_list_says_what_to_do(home: Path) -> None:
    with pytest.raises(NoSnapshot) as refused:
        said("list")

    assert refused.value.hint == "joren refresh"


def test_a_timeline_is_that_of_the_page_in_slices(home: Path, tmp_path: Path) -> None:
    bought(tmp_path, HANAKO, {**HANAKO, "order_number": "A-3", "product_name": "浅煎り [100g]"})
    number = str(hanako())

    first = told("show", number, "--timeline", "--limit", "1")
    rest = told("show", number, "--timeline", "--after", first["next"])
    words = said("show", number, "--timeline", "--kind", "orders")
    none = said("show", number, "--timeline", "--kind", "messages")
    short = said("show", number, "--timeline", "--limit", "1")

    listed = [*first["items"], *rest["items"]]
    assert [(one["kind"], one["number"]) for one in listed] == [
        (one.kind, one.number) for one in timeline_of(hanako()).items
    ]
    assert rest["next"] == ""
    assert "浅煎り [100g] × 1" in words
    assert "A-3" in words
    assert none == "nothing of it yet\n"
    assert f"--after {first['next']}" in short
    assert Entry.objects.filter(action="customers.seen", subject_id=number).count() == 5
    with pytest.raises(BadInput, match="no kind 'dreams'"):
        said("show", number, "--timeline", "--kind", "dreams")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Intervals that are not yet known: the orders do not reach far enough"),
        ("ja", "区間がまだ分からないもの"),
    ],
)
def test_a_list_without_predictions_says_why_they_have_no_interval(
    home: Path, tmp_path: Path, alice_the_admin: Client, language: str, words: str
) -> None:
    bought(tmp_path, HANAKO)
    refresh()

    page = alice_the_admin.get("/customers/", headers={"accept-language": language})
    answer = alice_the_admin.get("/api/customers").json()["items"][0]

    assert words in page.content.decode()
    assert answer["revenue_365d_low"] is None
    assert answer["interval_why"] == reasons.NO_MODEL_YET
