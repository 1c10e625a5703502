"""Which model a shop's past chooses: the rule, and shops whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from joren.science.arrays import Floats
from joren.science.clv import (
    choosing,
    gamma_gamma,
    log_normal_spend,
    nbd,
    origins,
    pareto_nbd,
)
from joren.science.clv.candidates import DEFAULT, Candidate
from joren.science.clv.choosing import choose, decide
from joren.science.clv.origins import Customer, origin_of
from joren.science.errors import DidNotConverge
from joren.science.totals import Window


@dataclass
class Marks:
    """A candidate at one origin, as the rule sees it."""

    score: float
    error: float
    gini: float | None = 0.6
    rows: Floats = field(init=False)
    weights: Floats = field(default_factory=lambda: np.ones(400))

    def __post_init__(self) -> None:
        self.rows = np.full(400, self.score)

    @property
    def window(self) -> Window:
        return Window(0.0, 91.0, 100 * (1 + self.error), 100.0)


def chosen(**marks: list[Marks]) -> tuple[str, dict[str, str]]:
    found = decide(marks, "plain")
    return found.candidate, {one.candidate: one.verdict for one in found.standings}


def test_the_simpler_one_is_kept_within_noise() -> None:
    name, verdicts = chosen(
        plain=[Marks(-1.0, 0.030), Marks(-1.0, -0.040)],
        grand=[Marks(-1.0, 0.025), Marks(-1.0, -0.030)],
    )

    assert (name, verdicts["grand"]) == ("plain", "more complex")


def test_nearer_totals_win() -> None:
    name, verdicts = chosen(
        plain=[Marks(-1.0, 0.13), Marks(-1.0, 0.14), Marks(-1.0, 0.12)],
        grand=[Marks(-1.0, 0.03), Marks(-1.0, 0.05), Marks(-1.0, 0.02)],
    )

    assert (name, verdicts["plain"]) == ("grand", "farther")


def test_of_those_as_near_the_one_that_tells_customers_apart_is_kept() -> None:
    name, verdicts = chosen(
        plain=[Marks(-1.0, 0.03, 0.66), Marks(-1.0, 0.04, 0.65)],
        grand=[Marks(-1.0, 0.03, 0.67), Marks(-1.0, 0.04, 0.66)],
        grander=[Marks(-1.0, 0.03, 0.67), Marks(-1.0, 0.04, 0.66)],
    )

    assert (name, verdicts["plain"]) == ("grand", "ranks worse")
    assert verdicts["grander"] == "more complex"


def test_a_hair_of_order_is_no_reason_to_leave_the_simpler_one() -> None:
    name, _ = chosen(
        plain=[Marks(-1.0, 0.03, 0.6690), Marks(-1.0, 0.04, 0.6590)],
        grand=[Marks(-1.0, 0.03, 0.67), Marks(-1.0, 0.04, 0.66)],
    )

    assert name == "plain"


def test_near_totals_do_not_help_whose_forecasts_of_customers_are_bad() -> None:
    name, verdicts = chosen(
        plain=[Marks(-1.0, 0.10), Marks(-1.0, 0.10)],
        lucky=[Marks(-1.1, 0.01), Marks(-1.1, 0.01)],
    )

    assert (name, verdicts["lucky"]) == ("plain", "out")


def test_with_one_origin_there_is_no_choosing() -> None:
    assert chosen(plain=[Marks(-2.0, 0.9)], grand=[Marks(-1.0, 0.0)])[0] == "plain"


def test_without_an_origin_the_default_stands() -> None:
    found = choose([])

    assert (found.candidate, found.standings) == (Candidate(DEFAULT), ())


def test_a_shop_that_loses_customers_does_not_get_the_model_in_which_nobody_leaves() -> None:
    rng = np.random.default_rng(5)
    truth = pareto_nbd.given(r=0.8, alpha=20.0, s=0.9, beta=60.0)
    rate = rng.gamma(truth.r, 1 / truth.alpha, 1500)
    leave = rng.gamma(truth.s, 1 / truth.beta, 1500)
    begun, stay = rng.integers(0, 90, 1500), rng.exponential(1 / leave)
    origins = [_seen(begun, rate, stay, cutoff, np.random.default_rng(6)) for cutoff in (270, 360)]

    found = choose(origins)

    verdicts = {one.candidate: one.verdict for one in found.standings}
    assert verdicts[found.candidate] == "chosen"
    assert verdicts[Candidate("NBD")] == "out"
    assert [mark.window.begin for mark in found.marks] == [270, 360]


def test_where_all_customers_find_no_maximum_the_samples_fit_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(7)
    rate, stay = rng.gamma(0.8, 1 / 20.0, 400), rng.exponential(200, 400)
    origin = _seen(rng.integers(0, 90, 400), rate, stay, 360, rng)
    rough = origins.marked(origins.fitted(Candidate("NBD"), origin.customers, None), origin)

    def without_end(*_: object) -> None:
        raise DidNotConverge("a further step would still gain")

    monkeypatch.setattr(origins, "fitted", without_end)

    assert origins.refitted(rough.told, origin) is rough.told


def _seen(begun, rate, stay, cutoff, rng):
    """The same customers at one cut-off; each has at most one order a day."""
    days = [
        np.unique(np.ceil(first + np.sort(rng.uniform(0, 500, rng.poisson(pace * 500)))))
        for first, pace in zip(begun, rate, strict=True)
    ]
    live = [own[own <= first + gone] for own, first, gone in zip(days, begun, stay, strict=True)]
    before = [own[own <= cutoff] for own in live]
    last = [own[-1] if own.size else first for own, first in zip(before, begun, strict=True)]
    after = [float(((own > cutoff) & (own <= cutoff + 91)).sum()) for own in live]
    each = Customer(
        np.array([float(own.size) for own in before]),
        begun.astype(np.float64),
        np.array(last, dtype=np.float64),
        np.array(after),
    )
    day, orders = np.unique(np.concatenate(live), return_counts=True)
    return origin_of(each, float(cutoff), 91.0, day, orders.astype(np.float64))[0]


def test_grouping_customers_changes_no_total() -> None:
    each = Customer(
        *np.array([[0, 0, 1, 1], [3, 3, 1, 1], [3, 3, 9, 9], [0, 0, 2, 2]], dtype=float)
    )

    origin, where = origin_of(each, 20.0, 10.0, np.array([9.0, 25.0]), np.array([2.0, 5.0]))

    assert origin.customers.weights.tolist() == [2, 2]
    assert origin.after[where].tolist() == [0, 0, 2, 2]
    assert origin.actual == 4
    assert origin.learned.orders.tolist() == [2]  # what came after the end is not known


def test_the_chance_of_what_came_is_the_one_of_each_count() -> None:
    model = nbd.given(r=0.5, alpha=10.0)
    past = model.simulate(np.full(20, 50.0), np.random.default_rng(2))
    n = np.arange(20.0) % 4

    each = model.probability_of_what_came(past, n, 30.0)

    every = model.conditional_probability_of_purchases(past, np.arange(4.0), 30.0)
    assert each == pytest.approx(every[np.arange(20), n.astype(int)])


@pytest.mark.parametrize(
    "model",
    [
        gamma_gamma.given(p=6.0, q=4.0, v=15.0),
        log_normal_spend.given(m=30.0, g=1.1, w=0.3, k=0.5, level=1.02),
    ],
)
def test_the_density_of_the_next_mean_adds_up_to_one(model) -> None:
    z = np.exp(np.linspace(-4, 12, 4001))
    same = np.ones(z.size)

    density = np.exp(model.log_density_of_next(2 * same, 40 * same, 3 * same, z))

    assert np.trapezoid(density * z, np.log(z)) == pytest.approx(1, abs=1e-3)


def test_candidates_are_tried_from_the_simplest() -> None:
    assert Candidate("BG/NBD").simplicity < Candidate("Pareto/NBD").simplicity
    assert Candidate("NBD").simplicity < Candidate("BG/NBD", choosing.SPREADS[0]).simplicity
