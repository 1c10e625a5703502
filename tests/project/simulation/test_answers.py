from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from joren.project.simulation import Answer, simulate_answers
from joren.project.simulation.answers import Answered
from tests.project.simulation.conftest import Row, Shop, read

SENT = datetime(2026, 8, 1, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
OF_AN_ORDER = ("customer_number", "total", "shipping_charged", "order_discount", "points_used")


def _answered(
    shop: Shop, out: Path, mailed: list[str], *, seed: int = 1
) -> tuple[Answered, list[Row]]:
    told = simulate_answers(
        Answer(extra_orders=0.5), mailed, campaign="summer", sent=SENT, as_of=date(2026, 10, 31),
        seed=seed, orders=shop.summary.out / "orders_own_shop.csv", out=out,
    )  # fmt: skip
    return told, read(out)


@pytest.fixture(scope="module")
def mailed(shop: Shop) -> list[str]:
    before = [lines[0] for lines in shop.own.values() if lines[0]["ordered_at"] < "2026-06-01"]
    return sorted({one["customer_number"] for one in before})[:400]


def test_each_answer_is_an_earlier_order_of_the_same_customer(
    shop: Shop, mailed: list[str], tmp_path: Path
) -> None:
    told, rows = _answered(shop, tmp_path / "a.csv", mailed)

    known = {tuple(lines[0][name] for name in OF_AN_ORDER) for lines in shop.own.values()}
    assert told.orders == len({row["order_number"] for row in rows})
    assert {tuple(row[name] for name in OF_AN_ORDER) for row in rows} <= known
    assert {row["customer_number"] for row in rows} <= set(mailed)
    assert not {row["order_number"] for row in rows} & shop.own.keys()


def test_answers_come_after_the_mail_and_not_after_the_history(
    shop: Shop, mailed: list[str], tmp_path: Path
) -> None:
    _, rows = _answered(shop, tmp_path / "a.csv", mailed)

    moments = {row["ordered_at"] for row in rows}
    assert min(moments) >= "2026-08-01 10:00:00"
    assert max(moments) < "2026-11-01"


def test_half_an_order_each_is_what_they_bring(
    shop: Shop, mailed: list[str], tmp_path: Path
) -> None:
    told, _ = _answered(shop, tmp_path / "a.csv", mailed)

    # Whose orders were all deliveries of a subscription answers nothing.
    assert 0.25 * len(mailed) < told.orders < 0.6 * len(mailed)


def test_the_truth_lies_beside_the_orders(shop: Shop, mailed: list[str], tmp_path: Path) -> None:
    told, rows = _answered(shop, tmp_path / "a.csv", mailed)

    truth = json.loads((tmp_path / "a.json").read_text())
    totals = {row["order_number"]: int(row["total"]) for row in rows}
    assert truth["simulated"] is True
    assert (truth["mailed"], truth["orders"]) == (len(mailed), told.orders)
    assert truth["total"] == sum(totals.values())


def test_the_same_mail_brings_the_same_orders(
    shop: Shop, mailed: list[str], tmp_path: Path
) -> None:
    assert (
        _answered(shop, tmp_path / "a.csv", mailed)[1]
        == _answered(shop, tmp_path / "b.csv", list(reversed(mailed)))[1]
    )


def test_a_mail_to_nobody_brings_nothing(shop: Shop, tmp_path: Path) -> None:
    assert _answered(shop, tmp_path / "a.csv", []) == (Answered(0, 0, 0), [])
