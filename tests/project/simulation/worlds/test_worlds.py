"""Worlds of known truth: the same chances for every policy, and files that say what is true."""

from __future__ import annotations

import csv
import json
from datetime import date
from hashlib import sha256
from pathlib import Path

import duckdb
import numpy as np
import pytest

from joren.core.errors import BadInput, NotFound
from joren.project.simulation.worlds import (
    WORLDS,
    People,
    World,
    draw_people,
    lived,
    profits,
    simulate_world,
    world_of,
)
from joren.project.simulation.worlds.calibration import BETWEEN, CDNOW, SEASON, WITHIN
from joren.project.simulation.worlds.truth import expected_gain

ON = date(2025, 10, 31)
SIZE = 20_000
DAYS = (30, 90, 365)


@pytest.fixture(scope="module")
def people() -> People:
    world = WORLDS[0]
    rng = np.random.default_rng(1)
    return draw_people(rng, SIZE, on=ON, rare=world.rare, spread=world.spread)


def effect(people: People, name: str) -> list[float]:
    """Profit per customer within each stretch: everybody treated less nobody, before the cost."""
    world = world_of(name)
    sides = [
        profits(lived(people, world, np.full(SIZE, treated)), SIZE, DAYS).mean(axis=0)
        for treated in (True, False)
    ]
    return [float(one) for one in sides[0] - sides[1]]


def test_where_nothing_works_both_policies_meet_the_same_orders(people: People) -> None:
    one = lived(people, world_of("no-effect"), np.ones(SIZE, dtype=np.bool_))
    other = lived(people, world_of("no-effect"), np.zeros(SIZE, dtype=np.bool_))

    assert one.moment.size > 10_000
    assert (one.moment == other.moment).all()
    assert (one.profit == other.profit).all()


def test_a_lift_that_passes_leaves_the_rest_of_the_year_alone(people: People) -> None:
    month, quarter, year = effect(people, "passing-lift")

    assert month > 50
    assert month == pytest.approx(quarter) == pytest.approx(year)


def test_orders_pulled_forward_are_gone_by_the_end_of_the_year(people: People) -> None:
    month, quarter, year = effect(people, "pulled-forward")

    assert month > quarter > 50
    assert year == pytest.approx(0, abs=1e-6)


def test_a_lift_with_fatigue_turns_into_a_loss(people: People) -> None:
    month, _, year = effect(people, "lift-then-fatigue")

    assert month > 50
    assert year < -50


def test_a_discount_sells_more_and_leaves_less(people: People) -> None:
    world, nobody = world_of("discount"), np.zeros(SIZE, dtype=np.bool_)
    treated, control = lived(people, world, ~nobody), lived(people, world, nobody)

    assert treated.moment.size > 1.1 * control.moment.size
    assert treated.profit.sum() < 0.95 * control.profit.sum()


def test_who_stays_longer_shows_nothing_at_first(people: People) -> None:
    month, quarter, year = effect(people, "better-retention")

    assert 0 <= month < 0.1 * year
    assert month < quarter < year


def test_treating_some_is_treating_each_of_them(people: People) -> None:
    world, some = world_of("lasting-lift"), people.lot < 0.3
    every = profits(lived(people, world, np.ones(SIZE, dtype=np.bool_)), SIZE, DAYS)
    nobody = profits(lived(people, world, np.zeros(SIZE, dtype=np.bool_)), SIZE, DAYS)

    mixed = profits(lived(people, world, some), SIZE, DAYS)

    assert mixed[some] == pytest.approx(every[some])
    assert mixed[~some] == pytest.approx(nobody[~some])


def test_no_world_is_faster_than_the_orders_that_were_drawn() -> None:
    for world in WORLDS:
        assert 2 * max(world.early, world.later) <= 1, world.name  # readiness is at most 2


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.name)
def test_files_and_truth_are_of_one_shop(world: World, tmp_path: Path) -> None:
    done = simulate_world(world.name, out=tmp_path, customers=600, seed=5)

    truth = json.loads((tmp_path / "truth.json").read_text())
    arms = _rows(tmp_path / "arms.csv")
    orders = _rows(tmp_path / "orders.csv")
    assert truth["simulated"]
    assert (truth["world"], truth["treated_on"]) == (world.name, done.treated_on.isoformat())
    assert len(arms) == truth["customers"] == 600
    assert sum(row["arm"] == "held_out" for row in arms) == round(600 * world.held_out)
    assert len(orders) == len({row["order_number"] for row in orders}) == done.orders
    assert max(row["ordered_at"] for row in orders) <= f"{done.as_of} 23:59:59"
    for row in orders:
        assert int(row["total"]) == int(row["unit_price"]) - int(row["line_discount"])
    discounted = {row["customer_number"] for row in orders if row["line_discount"] != "0"}
    assert discounted <= {row["customer_number"] for row in arms if row["arm"] == "treated"}
    assert bool(discounted) == world.discount


def test_what_came_in_the_arms_stands_in_the_orders(tmp_path: Path) -> None:
    simulate_world("discount", out=tmp_path, customers=9_000, seed=2)

    truth = json.loads((tmp_path / "truth.json").read_text())
    arm = {row["customer_number"]: row["arm"] for row in _rows(tmp_path / "arms.csv")}
    kept = {"treated": 0.0, "held_out": 0.0}
    for row in _rows(tmp_path / "orders.csv"):
        if row["ordered_at"] >= truth["treated_on"]:
            kept[arm[row["customer_number"]]] += float(row["total"]) - float(row["unit_cost"])
    apart = kept["treated"] / truth["treated"] - kept["held_out"] / truth["held_out"]
    quarter = next(row for row in truth["per_customer"] if row["days"] == 90)
    assert apart - truth["parameters"]["cost"] == pytest.approx(quarter["came_in_arms"], abs=0.2)


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    one, again, other = (
        simulate_world("lasting-lift", out=tmp_path / name, customers=9_000, seed=seed)
        for name, seed in (("a", 3), ("b", 3), ("c", 4))
    )

    digests = [[sha256(file.read_bytes()).digest() for file in done.files] for done in (one, again)]
    assert digests[0] == digests[1]
    assert (one.out / "orders.csv").read_bytes() != (other.out / "orders.csv").read_bytes()


def test_what_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no world 'paradise'"):
        simulate_world("paradise", out=tmp_path)
    with pytest.raises(BadInput, match="0 days"):
        simulate_world("no-effect", out=tmp_path, days=0)


def test_rates_and_order_values_are_those_of_cdnow(data_dir: Path) -> None:
    from joren.science.clv import pareto_nbd
    from tests.science.conftest import _file, _log

    path = _file(data_dir, "CDNOW_master.txt")
    fitted = pareto_nbd.fit(_log(path, id_column=0, date_column=1, header=1).summary)
    rows = np.loadtxt(path, skiprows=1, usecols=(0, 1, 3))
    _, where = np.unique(rows[:, 0] * 1e9 + rows[:, 1], return_inverse=True)
    money = np.bincount(where, rows[:, 2])
    who = (np.unique(rows[:, 0] * 1e9 + rows[:, 1]) // 1e9)[money > 0]
    within, between = _spreads(np.log(money[money > 0]), who)

    assert (fitted.r, fitted.alpha, fitted.s, fitted.beta) == pytest.approx(
        (CDNOW.r, CDNOW.alpha, CDNOW.s, CDNOW.beta), rel=0.01
    )
    assert (within, between) == pytest.approx((WITHIN, BETWEEN), abs=0.001)


def test_seasons_are_those_of_online_retail(data_dir: Path) -> None:
    from tests.science.conftest import _file

    path = _file(data_dir, "online_retail_II_full_dedup.parquet")
    months = duckdb.execute(
        "SELECT date_part('month', day), avg(orders / date_part('day', last_day(day))) "
        "FROM (SELECT date_trunc('month', min(InvoiceDate)) AS day, count(DISTINCT Invoice) "
        'AS orders FROM read_parquet(?) WHERE "Customer ID" IS NOT NULL AND Quantity > 0 '
        "AND Price > 0 AND Invoice NOT LIKE 'C%' AND InvoiceDate < '2011-12-01' "
        "GROUP BY date_trunc('month', InvoiceDate)) GROUP BY 1 ORDER BY 1",
        [str(path)],
    ).fetchall()

    paces = np.array([row[1] for row in months])
    assert np.mean(SEASON) == pytest.approx(1, abs=0.01)
    assert paces / paces.mean() == pytest.approx(np.array(SEASON) / np.mean(SEASON), abs=0.01)


def _spreads(logs: np.ndarray, who: np.ndarray) -> tuple[float, float]:
    """By analysis of variance."""
    _, where, n = np.unique(who, return_inverse=True, return_counts=True)
    mean = np.bincount(where, logs) / n
    within = float(((logs - mean[where]) ** 2).sum()) / (logs.size - n.size)
    apart = float((n * (mean - logs.mean()) ** 2).sum()) / (n.size - 1)
    each = (logs.size - float((n**2).sum()) / logs.size) / (n.size - 1)
    return within**0.5, ((apart - within) / each) ** 0.5


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("days", [90, 365])
@pytest.mark.parametrize("world", WORLDS, ids=lambda one: one.name)
def test_the_truth_of_each_is_what_many_of_them_live(
    people: People, world: World, days: int
) -> None:
    crowd = (
        people
        if world.rare == 1.0
        else draw_people(
            np.random.default_rng(2), SIZE, on=ON, rare=world.rare, spread=world.spread
        )
    )
    every, nobody = np.ones(SIZE, dtype=np.bool_), np.zeros(SIZE, dtype=np.bool_)

    told = expected_gain(crowd, world, days)

    came = (
        profits(lived(crowd, world, every), SIZE, [days])
        - profits(lived(crowd, world, nobody), SIZE, [days])
    )[:, 0] - world.cost
    often = crowd.rate > np.median(crowd.rate)
    for part in (every, often, ~often):
        error = came[part].std() / np.sqrt(part.sum())
        assert abs(told[part].mean() - came[part].mean()) <= 4 * error + 1e-9


def test_whoever_has_left_is_only_a_cost(people: People) -> None:
    gone = people.leaves <= 0

    assert gone.any()
    assert set(expected_gain(people, world_of("lasting-lift"), 365)[gone]) == {-20.0}
