"""People who may be one, side by side; and the same for programs and on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client
from typer.testing import CliRunner

from joren.collect.customers import selectors
from joren.collect.customers.commands import people_app
from joren.collect.customers.contracts import Double
from joren.collect.customers.services import find_doubles
from joren.plumbing.warehouse import warehouse
from joren.protect.audit.models import Entry
from tests.conftest import _signed_in
from tests.project.pages.test_customers import bought

pytestmark = pytest.mark.django_db

TARO = {"name": "山田 太郎", "postal_code": "1000001"}
PEOPLE = (
    {"order_number": "1", "customer_number": "K1", "email": "t.yamada@example.com", **TARO},
    {"order_number": "2", "customer_number": "K2", "email": "tyamada@example.com", **TARO},
    {"order_number": "3", "customer_number": "K3", **TARO, "name": "山田 花子"},
)


@pytest.fixture
def pairs(home: Path, tmp_path: Path, db: None) -> tuple[Double, ...]:
    """Twice the same person, and one of their household."""
    bought(tmp_path, *PEOPLE)
    find_doubles(warehouse())
    return selectors.doubles().items


def test_both_sides_are_shown_with_what_agrees_and_what_differs(
    pairs: tuple[Double, ...], alice_the_admin: Client
) -> None:
    page = alice_the_admin.get("/customers/doubles/?likelihood=very_likely")

    (shown,) = page.context["pairs"]
    assert {field.label: field.same for field in shown.fields} == {
        "名前": True,
        "メールアドレス": False,
        "郵便番号": True,
    }
    assert [side.orders for side in shown.sides] == [1, 1]
    assert "t.yamada@example.com" in page.content.decode()
    seen = Entry.objects.filter(action="customers.compared").latest("pk")
    assert seen.detail == {"customers": [pairs[0].one, pairs[0].other]}


def test_what_is_chosen_is_carried_out_and_the_rest_goes_on_waiting(
    pairs: tuple[Double, ...], alice_the_admin: Client
) -> None:
    same, *households = pairs
    chosen = {f"pair-{same.id}": "merge", f"pair-{households[0].id}": "apart", "why": "asked"}

    page = alice_the_admin.post("/customers/doubles/decide/", chosen, follow=True)

    assert page.status_code == 200
    (merge,) = selectors.merges_of(same.one)
    assert (merge.why, merge.evidence) == ("asked", ("email_alike", "name_postal"))
    assert [pair.id for pair in selectors.doubles().items] == []


def test_a_pair_that_was_decided_further_up_on_the_page_is_told_of(
    pairs: tuple[Double, ...], alice_the_admin: Client
) -> None:
    chosen = {f"pair-{pair.id}": "merge" for pair in pairs}

    page = alice_the_admin.post("/customers/doubles/decide/", chosen, follow=True)

    assert selectors.count() == 1
    assert [message.level_tag for message in page.context["messages"]] == ["success", "warning"]


def test_only_the_very_likely_are_chosen_beforehand_and_only_when_asked(
    pairs: tuple[Double, ...], alice_the_admin: Client
) -> None:
    plain = alice_the_admin.get("/customers/doubles/").context["pairs"]
    asked = alice_the_admin.get("/customers/doubles/?suggest=1").context["pairs"]

    assert [one.suggested for one in plain] == [False] * 3
    assert [one.suggested for one in asked] == [True, False, False]


def test_the_customers_page_hints_at_a_household_and_at_the_same_person(
    pairs: tuple[Double, ...], alice_the_admin: Client
) -> None:
    page = alice_the_admin.get(f"/customers/{pairs[0].one}/")

    assert [near.number for near in page.context["doubles"]] == [pairs[0].other]
    assert len(page.context["households"]) == 1


def test_a_viewer_sees_a_customer_masked(pairs: tuple[Double, ...], bob_the_viewer: Client) -> None:
    page = bob_the_viewer.get(f"/customers/{pairs[0].one}/").content.decode()

    assert "山***" in page
    assert "t***@…" in page
    for secret in ("山田", "t.yamada", "1000001", "K1"):
        assert secret not in page


def test_programs_decide_as_the_page_does(
    pairs: tuple[Double, ...], alice_the_admin: Client
) -> None:
    same, *households = pairs

    def post(address: str, **body: object) -> object:
        answer = alice_the_admin.post(f"/api{address}", body, content_type="application/json")
        assert answer.status_code in (200, 204), answer.content
        return answer.json() if answer.content else None

    listed = alice_the_admin.get("/api/duplicates?limit=1").json()
    assert listed["items"][0]["id"] == same.id
    assert listed["next"]
    assert post(f"/duplicates/{households[0].id}/apart") is None
    merge = post(f"/customers/{same.other}/merge", other=same.one, why="asked")["merge"]  # type: ignore[index]
    told = alice_the_admin.get(f"/api/customers/{same.one}/merges").json()["items"]
    assert [(one["id"], one["why"], one["by"][:7]) for one in told] == [(merge, "asked", "member:")]
    post(f"/merges/{merge}/undo")
    assert post("/duplicates/find") == {
        "new": 0,
        "waiting": {"very_likely": 0, "likely": 0, "perhaps": 0, "household": 1},
    }
    assert alice_the_admin.get(f"/api/duplicates/{same.id}").status_code == 404


@pytest.mark.parametrize(("role", "status"), [("support", 302), ("marketer", 403), ("viewer", 403)])
def test_who_looks_after_customers_may_join_them(
    pairs: tuple[Double, ...], role: str, status: int
) -> None:
    client = _signed_in("somebody@example.com", role=role)

    assert client.post("/customers/doubles/decide/", {}).status_code == status


def test_the_command_line_finds_joins_and_parts(pairs: tuple[Double, ...]) -> None:
    def run(*words: str) -> object:
        done = CliRunner().invoke(people_app, [*words, "--json"], catch_exceptions=False)
        return json.loads(done.stdout)

    one, other = str(pairs[0].one), str(pairs[0].other)

    assert [pair["id"] for pair in run("duplicates", "--likelihood", "very_likely")] == [  # type: ignore[attr-defined]
        pairs[0].id
    ]
    merge = run("merge", one, other, "--why", "asked")["merge"]  # type: ignore[index]
    assert [made["id"] for made in run("merges", one)] == [merge]  # type: ignore[attr-defined]
    run("undo", str(merge))
    run("apart", str(pairs[1].one), str(pairs[1].other))
    assert selectors.count() == 3
    assert run("find")["new"] == 0  # type: ignore[index]
