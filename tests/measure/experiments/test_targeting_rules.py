"""Whom to treat as a rule: the same customers in words, and a race that invents no winner."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as some

from joren.decide.segments.contracts import All, Any, Is, Member, Not, Rule
from joren.decide.segments.rules import check
from joren.measure.experiments.rules import targeting
from joren.measure.experiments.rules.targeting import NEVER, Audience, boxes, cells_of, rule_of
from joren.project.simulation.worlds import draw_people, lived, world_of
from joren.project.simulation.worlds.truth import expected_gain

TODAY = date(2026, 11, 28)
THIRDS = (3_000, 12_000)


def audience(rng: np.random.Generator, size: int) -> Audience:
    orders = rng.integers(0, 8, size).astype(np.float64)
    new = orders == 0
    return Audience(
        rng.random(size) < 0.5, np.zeros(size),
        np.where(new, np.nan, rng.integers(0, 500, size)), orders,
        np.where(new, 0.0, rng.integers(0, 20_000, size)),
    )  # fmt: skip


def fits(rule: Rule, orders: float, silent: float, revenue: float) -> bool:
    """By hand, on the day before the treatment."""
    match rule:
        case All(parts):
            return all(fits(one, orders, silent, revenue) for one in parts)
        case Any(parts):
            return any(fits(one, orders, silent, revenue) for one in parts)
        case Not(part):
            return not fits(part, orders, silent, revenue)
        case Member():
            return True
        case Is("lot_number"):
            return False  # as of somebody outside of the slice
        case Is("last_on", op, (days,)):
            recent = bool(TODAY - timedelta(silent) > TODAY - timedelta(int(days)))
            return recent if op == "in_last_days" else not recent
        case Is(field, op, (bound,)):
            value = orders if field == "orders" else revenue
            return value >= float(bound) if op == "at_least" else value <= float(bound)
    raise AssertionError(rule)


@given(some.frozensets(some.integers(0, NEVER)))
@settings(max_examples=60, deadline=None)
def test_the_rule_means_exactly_the_customers_of_its_cells(cells: frozenset[int]) -> None:
    people = audience(np.random.default_rng(1), 400)
    where = cells_of(people, THIRDS)

    rule = rule_of(cells, THIRDS, 7)

    told = [
        fits(rule, orders, silent, revenue)
        for orders, silent, revenue in zip(
            people.orders, np.nan_to_num(people.silent), people.revenue, strict=True
        )
    ]
    assert told == [one in cells for one in where.tolist()]


def test_a_slice_of_the_others_is_kept_by_lot() -> None:
    match rule_of(frozenset({0}), THIRDS, 7):
        case All((Member(7), Any((_, Is("lot_number", "at_most", (share,)))))):
            assert share == targeting.SLICE
        case other:
            raise AssertionError(other)


def test_neighbours_are_said_in_one_breath() -> None:
    every = frozenset(range(NEVER))

    (whole,) = boxes(every)
    rule = rule_of(every | {NEVER}, THIRDS, 7)

    assert whole == ((0, 4), (0, 3), (0, 2))
    assert rule == All((Member(7),))
    check(rule_of(frozenset({0, 1, 2, 12, 13, NEVER}), THIRDS, 7))
    assert len(boxes(frozenset({0, 1, 2, 12, 13, 14}))) == 1


def trial(rng: np.random.Generator, size: int, *, gains: bool) -> Audience:
    """Half are treated; where it gains, it gains those who bought lately, and nobody else."""
    silent = rng.integers(0, 400, size).astype(np.float64)
    orders = 1.0 + rng.poisson(1.0, size)
    treated = rng.random(size) < 0.5
    chance = 0.05 + 0.1 * (silent < 90) * treated * gains
    spent = (rng.random(size) < chance) * rng.gamma(4.0, 1_000.0, size)
    return Audience(treated, spent, silent, orders, orders * 4_000)


def test_who_gains_is_found_and_the_rule_leaves_the_others_out() -> None:
    people = trial(np.random.default_rng(2), 20_000, gains=True)

    found = targeting.raced(people, chance=0.5, margin=0.4, cost=40.0, rng=np.random.default_rng(0))

    cells = cells_of(people, found.thirds)
    sent = np.isin(cells, sorted(found.cells[found.race.use]))  # type: ignore[index]
    assert found.race.use in ("uplift", "rfm")
    assert found.race.gain > 0
    assert sent[people.silent < 90].mean() > 0.9
    assert sent[people.silent >= 90].mean() < 0.2
    # 400 yen of margin an order, a tenth more buy of a fifth of the customers: less the cost.
    best = 1000 * np.mean((people.silent < 90) * (0.1 * 4_000 * 0.4 - 40))
    assert 0.6 * best < found.race.gain < 1.4 * best


def test_where_nobody_gains_nobody_is_sent_to_and_nothing_is_proven() -> None:
    wrong = 0
    for seed in range(8):
        people = trial(np.random.default_rng((3, seed)), 5_000, gains=False)

        found = targeting.raced(
            people, chance=0.5, margin=0.4, cost=40.0, rng=np.random.default_rng(0)
        )

        assert found.race.plain == "nobody"
        wrong += found.race.proven and found.race.use != "nobody"
    assert wrong == 0


def test_the_thirds_are_sums_that_people_say() -> None:
    people = audience(np.random.default_rng(4), 3_000)

    assert targeting.thirds_of(people) == (6_600, 13_000)
    none = Audience(*(np.zeros(3) for _ in range(5)))
    assert targeting.thirds_of(none) == (1, 2)


def test_a_discount_that_costs_margin_is_not_taken_for_a_gain() -> None:
    """In a world where a tenth off brings a fifth more orders: more revenue, and less profit."""
    world, rng = world_of("discount"), np.random.default_rng(3)
    people = draw_people(rng, 8_000, on=date(2025, 10, 31), rare=1.0, spread=world.spread)
    treated = rng.random(8_000) < 0.5
    lives = lived(people, world, treated)
    inside = lives.moment < 90
    before = people.before

    def each(which: np.ndarray, of: np.ndarray) -> np.ndarray:
        return np.bincount(which, weights=of, minlength=8_000)

    newest = np.full(8_000, -np.inf)
    np.maximum.at(newest, before.customer, before.moment)
    audience = Audience(
        treated, each(lives.customer[inside], lives.profit[inside]), -newest,
        np.bincount(before.customer, minlength=8_000).astype(float),
        each(before.customer, before.value),
    )  # fmt: skip

    found = targeting.raced(
        audience, chance=0.5, margin=1.0, cost=world.cost, rng=np.random.default_rng(0)
    )

    assert found.race.plain == "nobody"
    gain = expected_gain(people, world, 90)
    sent = np.isin(targeting.cells_of(audience, found.thirds), sorted(found.cells[found.race.use]))
    assert (gain * sent).mean() > gain.mean() / 4  # everybody loses 65 yen each
