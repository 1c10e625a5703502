"""Whom to treat in the package's worlds, where the truth of each customer is known.

A pilot divides customers by lot; the page's own race (``rules.targeting.raced``) says what to do;
its rule is then judged on other customers, by what treating each of them is truly expected to bring
(``expected_gain``: given their rate of orders, whether they are still there, how soon they leave,
what they spend and how they take the action). ``oracle`` treats whom it pays to treat given all
that is known of a customer before (last order, orders, revenue, in fine cells, the truth averaged
in each): the best that any policy on these can do. ``all-knowing`` sees each customer's truth.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np

from joren.measure.experiments.rules.targeting import Audience, Raced, cells_of, raced
from joren.project.simulation.scenario import DEFAULT_AS_OF
from joren.project.simulation.worlds import People, World, draw_people, lived, world_of
from joren.project.simulation.worlds.truth import expected_gain
from joren.science.arrays import Floats
from joren.science.inference.targeting import Trial, dealings, two_stage
from joren.science.inference.targeting.trial import Mask

ON: Final = DEFAULT_AS_OF - timedelta(days=89)
PILOTS: Final = (5_000, 20_000)
DAYS: Final = 90
"""What the page reads: profit of the first 90 days."""
JUDGED: Final = 200_000
TOLD_APART: Final = (
    "passing-lift", "lasting-lift", "lift-then-fatigue", "discount", "better-retention",
)  # fmt: skip
"""Worlds in which it matters whom one treats: in the others the action does nothing, or costs
nothing and harms nobody."""

MONTHS, COHORT, PILOT = 12, 5_000, 0.3
MONTH: Final = 30
YEAR: Final = 365


def regret(full: bool) -> None:
    """Of each world and size of the pilot: the share of (oracle - nobody) that is left lying."""
    rounds = 20 if full else 3
    print(f"\n{DAYS} days: what is left lying of (oracle - nobody), mean of {rounds} pilots")
    for name in TOLD_APART:
        world = world_of(name)
        judged = _Judged.draw(world, np.random.default_rng((5, 0)), JUDGED, DAYS)
        best, knowing = judged.oracle(), judged.all_knowing()
        print(f"{name}: ¥ a customer: oracle {best:.1f}, all-knowing {knowing:.1f}, "
              f"everybody {judged.of_all():.1f}")  # fmt: skip
        for pilot in PILOTS:
            brought: dict[str, list[float]] = {}
            for place in range(rounds):
                found = _pilot(world, np.random.default_rng((6, place, pilot)), pilot, DAYS)
                policies = {**found.cells, "used": found.cells[found.race.use]}
                for policy, cells in policies.items():
                    sent = judged.sent_to(cells, found.thirds)
                    brought.setdefault(policy, []).append(judged.brings(sent))
            told = ", ".join(_left(one, some, best) for one, some in brought.items())
            print(f"  pilot of {pilot:>6,}: {told}")


def _left(policy: str, brought: Sequence[float], best: float) -> str:
    """Where the oracle treats nobody there is no share: what is lost, in yen a customer."""
    mean = float(np.mean(brought))
    return f"{policy} {1 - mean / best:.2f}" if best >= 1 else f"{policy} ¥{0.0 - mean:.1f} lost"


def monthly(full: bool) -> None:
    """Twelve months of cohorts: what each way of deciding brings in the year of each customer."""
    shops = 12 if full else 2
    print(
        "\nprofit of a year over nobody, ¥ per 1,000 customers, after 3, 6 and 12 monthly cohorts"
    )
    print(f"of {COHORT:,}; mean of {shops} shops (10th to 90th of a hundred)")
    for name in TOLD_APART:
        every = [_shop(world_of(name), place) for place in range(shops)]
        print(name)
        for policy in every[0]:
            curve = np.cumsum([one[policy] for one in every], axis=1) / np.arange(1, MONTHS + 1)
            told = []
            for month in (3, 6, MONTHS):
                at = curve[:, month - 1] * 1000
                low, high = np.quantile(at, (0.1, 0.9))
                told.append(f"{at.mean():>10,.0f} ({low:,.0f} to {high:,.0f})")
            print(f"  {policy:<10}" + "  ".join(told))


def learner(full: bool) -> None:
    """Processor time of the two-stage learner as the page runs it: five folds, dealt once."""
    customers = 1_000_000 if full else 100_000
    world, rng = world_of("passing-lift"), np.random.default_rng(9)
    people = _people(world, rng, customers)
    treated = rng.random(customers) < 0.5
    known = _audience(people, treated, _spent(people, world, treated, DAYS))
    trial = Trial(known.treated, known.spent, 0.5, 1.0, world.cost)
    begun = time.process_time()
    two_stage(trial, known.features, dealings(customers, rng, folds=5, times=1))
    print(f"{customers:,} customers: {time.process_time() - begun:.1f} s of processor time (60)")


@dataclass(frozen=True, eq=False)
class _Judged:
    """Customers by whom policies are judged: what is known before, and the truth of each."""

    audience: Audience
    gain: Floats

    @classmethod
    def draw(cls, world: World, rng: np.random.Generator, customers: int, days: int) -> _Judged:
        people = _people(world, rng, customers)
        nobody = np.zeros(customers, dtype=np.bool_)
        known = _audience(people, nobody, np.zeros(customers))
        return cls(known, expected_gain(people, world, days))

    def brings(self, sent: Mask) -> float:
        return float((self.gain * sent).mean())

    def of_all(self) -> float:
        return float(self.gain.mean())

    def all_knowing(self) -> float:
        return float(np.maximum(self.gain, 0).mean())

    def sent_to(self, cells: frozenset[int], thirds: tuple[int, int]) -> Mask:
        found: Mask = np.isin(cells_of(self.audience, thirds), sorted(cells))
        return found

    def oracle(self) -> float:
        """The truth averaged over customers of whom the same is known, in some 500 cells."""
        place = np.zeros(self.gain.size, dtype=np.intp)
        known = self.audience
        for values, parts in ((known.silent, 12), (known.orders, 6), (known.revenue, 6)):
            edges = np.unique(np.quantile(values, np.linspace(0, 1, parts + 1)[1:-1]))
            place = place * (parts + 1) + np.digitize(values, edges)
        sums = np.bincount(place, weights=self.gain)
        return float(np.maximum(sums, 0).sum() / self.gain.size)


def _people(world: World, rng: np.random.Generator, customers: int) -> People:
    return draw_people(rng, customers, on=ON, rare=world.rare, spread=world.spread)


def _audience(people: People, treated: Mask, spent: Floats) -> Audience:
    """As the page has it: what is known before the day, and revenue since."""
    before = people.before
    orders = np.bincount(before.customer, minlength=people.size)
    newest = np.full(people.size, -np.inf)
    np.maximum.at(newest, before.customer, before.moment)
    revenue = np.bincount(before.customer, weights=before.value, minlength=people.size)
    return Audience(treated, spent, np.floor(-newest), orders.astype(np.float64), revenue)


def _spent(people: People, world: World, treated: Mask, days: int) -> Floats:
    """What each customer's orders of so many days left, before the cost of the action."""
    lives = lived(people, world, treated)
    inside = lives.moment < days
    found: Floats = np.bincount(
        lives.customer[inside], weights=lives.profit[inside], minlength=people.size
    )
    return found


def _pilot(world: World, rng: np.random.Generator, customers: int, days: int) -> Raced:
    people = _people(world, rng, customers)
    treated = rng.random(customers) < 0.5
    spent = _spent(people, world, treated, days)
    return _raced([_audience(people, treated, spent)], world, rng)


def _raced(trials: Sequence[Audience], world: World, rng: np.random.Generator) -> Raced:
    """The page's race over all customers of these trials, half of whom were treated by lot."""
    joined = Audience(
        *(np.concatenate([getattr(one, name) for one in trials])
          for name in ("treated", "spent", "silent", "orders", "revenue"))
    )  # fmt: skip
    return raced(joined, chance=0.5, margin=1.0, cost=world.cost, rng=rng)


def _shop(world: World, place: int) -> Mapping[str, Floats]:
    """What each way of deciding brings per customer of each month's cohort, over a year.

    ``tuned`` and ``myopic`` leave three tenths of each cohort to the lot (all of the first) and
    decide about the others by the races of what has matured: 90 days, or 30. Until anything has,
    they treat by lot. ``rfm`` treats the better half by its ranks, as shops do without a test.
    """
    rng = np.random.default_rng((8, place))
    brought: dict[str, list[float]] = {}
    seen: dict[int, list[Audience]] = {DAYS: [], MONTH: []}
    for month in range(MONTHS):
        people = _people(world, rng, COHORT)
        lot = rng.random(COHORT) < 0.5
        pilot = rng.random(COHORT) < (PILOT if month else 1.0)
        truth = expected_gain(people, world, YEAR)
        known = _audience(people, lot, np.zeros(COHORT))
        policies: dict[str, Mask] = {
            "everybody": np.ones(COHORT, dtype=np.bool_), "rfm": _better_half(known),
        }  # fmt: skip
        for name, days in (("tuned", DAYS), ("myopic", MONTH)):
            ripe = seen[days][: max(0, month - days // MONTH + 1)]
            policies[name] = np.where(pilot, lot, _decided(ripe, known, world, rng, lot))
            spent = _spent(people, world, lot, days)
            seen[days].append(_part(_audience(people, lot, spent), pilot))
        for name, sent in policies.items():
            brought.setdefault(name, []).append(float((truth * sent).mean()))
    return {name: np.array(some) for name, some in brought.items()}


def _decided(
    ripe: Sequence[Audience], known: Audience, world: World, rng: np.random.Generator, lot: Mask
) -> Mask:
    if not ripe:
        return lot
    found = _raced(ripe, world, rng)
    told: Mask = np.isin(cells_of(known, found.thirds), sorted(found.cells[found.race.use]))
    return told


def _part(one: Audience, which: Mask) -> Audience:
    return Audience(
        one.treated[which], one.spent[which], one.silent[which], one.orders[which],
        one.revenue[which],
    )  # fmt: skip


def _better_half(known: Audience) -> Mask:
    ranks = sum(_rank(one) for one in (-known.silent, known.orders, known.revenue))
    found: Mask = ranks >= np.median(ranks)
    return found


def _rank(values: Floats) -> Floats:
    edges = np.quantile(values, (0.2, 0.4, 0.6, 0.8))
    found: Floats = np.searchsorted(edges, values, side="right").astype(np.float64)
    return found
