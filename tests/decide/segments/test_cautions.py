"""What the facts are not good enough for is said of the rule that rests on it, before sending."""

from __future__ import annotations

import pytest
from django.test import Client

from joren.collect.quality import selectors as quality
from joren.collect.quality.contracts import FIELDS, Part
from joren.decide.segments import selectors, services
from joren.decide.segments.contracts import All, Bought, Did, Is, Member, Not, Rule
from joren.plumbing.warehouse import warehouse
from joren.understand.ltv import selectors as values
from joren.warehouse import Warehouse

pytestmark = pytest.mark.django_db

OF_BEANS = Bought("quantity", "at_least", (1,), (Is("category", "is", ("豆",)),))
BY_SOURCE = Bought("orders", "at_least", (1,), (Is("source", "is", ("google",)),))
CART = Did("Product Added", "times", "at_least", (1,))


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """The facts of the snapshot lack whatever can be lacking."""
    found = {one: f"no {one}" for one in ("orders", "sku", "category", "source", "events")}
    monkeypatch.setattr(quality, "shortfalls", lambda *_: found)


@pytest.mark.parametrize(
    ("rule", "uses"),
    [
        (OF_BEANS, ["category", "orders"]),
        (BY_SOURCE, ["orders", "source"]),
        (Bought("products", "at_least", (2,)), ["orders", "sku"]),
        (Is("first_source", "is", ("google",)), ["orders", "source"]),
        (Not(Is("first_sku", "is", ("A",))), ["orders", "sku"]),
        (CART, ["events"]),
        (Is("prefecture", "is", ("東京都",)), []),
    ],
)
def test_a_rule_over_lines_sources_or_events_says_what_it_rests_on(
    refreshed_shop: Warehouse, short: None, rule: Rule, uses: list[str]
) -> None:
    assert [one.use for one in selectors.cautions_of(rule)] == uses


def test_a_segment_of_a_segment_rests_on_what_that_one_rests_on(
    refreshed_shop: Warehouse, short: None
) -> None:
    inner = services.create("cart", CART, by="alice")
    outer = services.create("outer", All((Member(inner.id),)), by="alice")

    assert [one.use for one in selectors.cautions_of(Member(outer.id))] == ["events"]


def test_each_rule_of_the_funnel_has_its_own(refreshed_shop: Warehouse, short: None) -> None:
    found = selectors.preview(All((OF_BEANS, CART)))

    assert [[one.use for one in step.cautions] for step in found.steps] == [
        ["category", "orders"], ["events"],
    ]  # fmt: skip


def test_the_shops_own_report_says_what_is_short(refreshed_shop: Warehouse) -> None:
    snapshot = values.snapshot()
    report = quality.report_in(warehouse(), snapshot)

    assert report is not None
    found = quality.shortfalls(warehouse(), snapshot)
    for field in ("sku", "category", "source"):
        part = report.missing[field]
        assert (field in found) is (part.share is None or part.share > 0.2)
    assert found["events"] == "no source has sent events yet"
    assert set(report.missing) == set(FIELDS)
    assert all(isinstance(part, Part) for part in report.missing.values())


def test_pages_and_programs_say_it_before_anything_is_sent(
    alice_the_admin: Client, refreshed_shop: Warehouse
) -> None:
    cart = services.create("カート", CART, by="alice")

    built = alice_the_admin.post(
        "/segments/build/", {"r0-key": "did:times", "r0-event": "Product Added", "r0-first": "1"}
    ).content.decode()
    told = alice_the_admin.get(f"/api/segments/{cart.id}/cautions").json()["items"]

    assert "信頼できないデータ: イベント: イベントがまだ届いていません" in " ".join(built.split())
    assert told == [{"use": "events", "why": "no source has sent events yet"}]
