"""What Home says to do next: all of it in one order, and the first three at once."""

from __future__ import annotations

import pytest
from django.test import Client

from joren.core.figures import Figure
from joren.project.next_steps import Step, by_urgency, next_steps
from joren.understand.ltv.selectors import snapshot


def worth(code: str, money: int) -> Step:
    return Step(code, "money", Figure("revenue_365d", money, "JPY"))


def test_the_order_is_urgency_then_money_then_lateness() -> None:
    in_order = (
        Step("model_drift", "at_once", Figure("revenue_365d", 5, "JPY")),
        Step("strategy_review", "at_once", days=90),
        Step("review_missed", "at_once", days=40),
        worth("best_cooling", 900),
        worth("second_purchase", 700),
        Step("cost_unknown", "ground", Figure("revenue_past", 100_000, "JPY")),
        Step("monthly_review", "due", days=33),
        Step("practice_audit", "due", name="2026-Q4"),
    )

    assert by_urgency(reversed(in_order)) == in_order


@pytest.mark.usefixtures("twice_refreshed_shop")
def test_the_three_most_pressing_are_shown_and_the_rest_unfolds(bob_the_viewer: Client) -> None:
    page = bob_the_viewer.get("/", headers={"accept-language": "en"})

    shown, later = page.context["todo"], page.context["later"]
    text = page.content.decode()
    unfolds = text[text.index('<details class="unfold"><summary>') :]
    assert len(shown) == 3
    assert f"{len(later)} more to do</summary>" in unfolds
    assert len(shown) + len(later) == len(next_steps(snapshot()))
    for one in later:
        assert one.text in unfolds[: unfolds.index("</ol></details>")]


@pytest.mark.usefixtures("twice_refreshed_shop")
def test_programs_read_all_of_it_in_the_same_order(bob_the_viewer: Client) -> None:
    told = bob_the_viewer.get("/api/home").json()

    assert [one["code"] for one in told["next_steps"]] == [
        one.code for one in next_steps(snapshot())
    ]
    assert told["freshness"]["as_of"] == told["as_of"]
    assert {one["urgency"] for one in told["next_steps"]} <= {"at_once", "money", "ground", "due"}
