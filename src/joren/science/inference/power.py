"""How many customers, how long, and what effect in money a test can see.

Two-sided tests on a normal estimate: power Φ(δ - z) + Φ(-δ - z), δ the effect in standard errors.
Nothing here looks at a result: power after the fact says no more than p.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, inf, isfinite, sqrt

from scipy.special import ndtr, ndtri

from joren.core.errors import BadInput
from joren.science.inference.effects import critical
from joren.science.inference.intervals import refuse_level
from joren.science.inference.two_part import FEWEST_BUYERS, Spend

POWER = 0.8


@dataclass(frozen=True)
class Needed:
    """Customers needed in each arm; infinite where no number is enough."""

    control: float
    treated: float

    @property
    def total(self) -> float:
        return self.control + self.treated


@dataclass(frozen=True)
class Detectable:
    """The smallest true effect that a test of this size finds with the power, in money.

    Per customer, per 1,000 customers, over all treated ones, and as a lift of the control's mean.
    """

    per_customer: float
    per_thousand: float
    over_all: float
    lift: float


def power_of(effect: float, error: float, level: float = 0.95) -> float:
    """The chance that the interval leaves out 0, where the truth is `effect`."""
    refuse_level(level)
    if not error > 0:
        raise BadInput(f"a standard error of {error}: one above 0 is needed")
    z, delta = critical(level), abs(effect) / error
    return float(ndtr(delta - z) + ndtr(-delta - z))


def distance(power: float = POWER, level: float = 0.95) -> float:
    """The effect in standard errors that is found with the power: 2.80 for 80 % at 95 %."""
    from scipy.optimize import brentq  # late: it loads for long

    refuse_level(power)
    if power <= 1 - level:
        raise BadInput(f"a power of {power} is what chance alone gives at level {level}")
    top = float(ndtri((1 + level) / 2) + ndtri(power)) + 1
    return float(brentq(lambda one: power_of(one, 1.0, level) - power, 0.0, top, xtol=1e-12))


def size(
    effect: float,
    deviation: float,
    *,
    treated_deviation: float | None = None,
    treated_share: float = 0.5,
    power: float = POWER,
    level: float = 0.95,
    inflation: float = 1.0,
) -> Needed:
    """Customers for a difference of means, standard deviations of one customer given.

    `inflation` is what looking early costs (`sequential.inflation`), or what an adjustment saves
    (its variance ratio).
    """
    _refuse_share(treated_share)
    other = deviation if treated_deviation is None else treated_deviation
    if not (deviation > 0 and other > 0):
        raise BadInput(f"standard deviations of {deviation} and {other}: above 0 is needed")
    if effect == 0:
        return Needed(inf, inf)
    per_total = deviation**2 / (1 - treated_share) + other**2 / treated_share
    total = per_total * (distance(power, level) / effect) ** 2 * inflation
    return Needed(_whole(total * (1 - treated_share)), _whole(total * treated_share))


def share_size(
    share: float,
    lift: float,
    *,
    treated_share: float = 0.5,
    power: float = POWER,
    level: float = 0.95,
    inflation: float = 1.0,
) -> Needed:
    """Customers for a lift of a share: .1 is 10 % more of those who buy, visit or stay."""
    treated = share * (1 + lift)
    if not (0 < share < 1 and 0 < treated < 1):
        raise BadInput(f"a share of {share} lifted to {treated}: both have to be between 0 and 1")
    return size(
        treated - share,
        sqrt(share * (1 - share)),
        treated_deviation=sqrt(treated * (1 - treated)),
        treated_share=treated_share,
        power=power,
        level=level,
        inflation=inflation,
    )


def spend_size(
    spend: Spend,
    lift: float,
    *,
    treated_share: float = 0.5,
    power: float = POWER,
    level: float = 0.95,
    inflation: float = 1.0,
) -> Needed:
    """Customers for a lift of spend by more buyers at the same order value, from past spend.

    At least so many that `FEWEST_BUYERS` are to be expected in the smaller arm, twice over: below,
    nothing could be read.
    """
    deviation, other = _spend_deviations(spend, lift)
    found = size(
        lift * spend.total / spend.n,
        deviation,
        treated_deviation=other,
        treated_share=treated_share,
        power=power,
        level=level,
        inflation=inflation,
    )
    least = 2 * FEWEST_BUYERS * spend.n / spend.buyers / min(treated_share, 1 - treated_share)
    return Needed(
        max(found.control, _whole(least * (1 - treated_share))),
        max(found.treated, _whole(least * treated_share)),
    )


def detectable(
    mean: float,
    deviation: float,
    control: float,
    treated: float,
    *,
    power: float = POWER,
    level: float = 0.95,
    inflation: float = 1.0,
) -> Detectable:
    """What arms of these sizes can see: of money, or of a share with √(p (1-p)) as deviation."""
    if not (control > 0 and treated > 0 and deviation > 0):
        raise BadInput(f"arms of {control} and {treated}, a deviation of {deviation}: all above 0")
    error = deviation * sqrt((1 / control + 1 / treated) * inflation)
    found = distance(power, level) * error
    return Detectable(found, 1000 * found, treated * found, found / mean if mean > 0 else inf)


def spend_detectable(
    spend: Spend, control: float, treated: float, *, power: float = POWER, level: float = 0.95
) -> Detectable:
    """What arms of these sizes can see of spend, the treated variance growing with the buyers."""
    from scipy.optimize import brentq  # late: it loads for long

    mean, wanted = spend.total / spend.n, distance(power, level)
    most = (1 - 1e-9) * (spend.n / spend.buyers - 1)

    def missing(lift: float) -> float:
        deviation, other = _spend_deviations(spend, lift)
        return lift * mean - wanted * sqrt(deviation**2 / control + other**2 / treated)

    if not (control > 0 and treated > 0) or missing(most) < 0:
        return Detectable(inf, inf, inf, inf)
    lift = float(brentq(missing, 0.0, most, xtol=1e-12))
    return Detectable(lift * mean, 1000 * lift * mean, treated * lift * mean, lift)


def foreseen(
    past: Spend, control: float, treated: float, *, inflation: float = 1.0
) -> Detectable | None:
    """The smallest effect that arms of these sizes would most likely show, of people who spend as
    in the past; where nearly all buy, so that more buyers cannot be the gain, by more of each. None
    where nobody bought. With ``inflation`` they tell as much as arms so many times smaller."""
    if not (past.buyers and past.total > 0 and treated and control):
        return None
    found = _foreseen(past, control / inflation, treated / inflation)
    return replace(found, over_all=found.over_all * inflation) if found else None


def _foreseen(past: Spend, control: float, treated: float) -> Detectable | None:
    try:
        found = spend_detectable(past, control, treated)
    except BadInput:
        return _by_means(past, control, treated)
    return found if isfinite(found.per_customer) else _by_means(past, control, treated)


def enough(past: Spend, control_share: float, lift: float, *, inflation: float = 1.0) -> int | None:
    """Customers, both arms together, that show such a lift with four chances of five."""
    if not (past.buyers and past.total > 0):
        return None
    try:
        found = spend_size(past, lift, treated_share=1 - control_share, inflation=inflation).total
    except BadInput:
        mean, deviation = _of_all(past)
        if not deviation > 0:
            return None
        found = size(
            lift * mean, deviation, treated_share=1 - control_share, inflation=inflation
        ).total
    return ceil(found) if isfinite(found) else None


def _by_means(past: Spend, control: float, treated: float) -> Detectable | None:
    mean, deviation = _of_all(past)
    return detectable(mean, deviation, control, treated) if deviation > 0 else None


def _of_all(past: Spend) -> tuple[float, float]:
    sums = past.sums
    return float(sums.mean), sqrt(float(sums.variance))


def days(needed: Needed, per_day: float) -> float:
    """Days until so many customers have come by, in whole weeks so that each weekday counts alike.

    `per_day` are customers who enter the test, in both arms. They enter once: of those who come
    daily it is those who come for the first time.
    """
    if not per_day > 0 or not isfinite(needed.total):
        return inf
    return 7.0 * ceil(needed.total / per_day / 7)


def _spend_deviations(spend: Spend, lift: float) -> tuple[float, float]:
    """Of one customer, before and with (1 + lift) times the buyers."""
    if not (spend.buyers > 0 and spend.total > 0):
        raise BadInput("nobody bought in the past that the plan rests on")
    share, value = spend.buyers / spend.n, spend.total / spend.buyers
    if not 0 < share * (1 + lift) < 1:
        raise BadInput(f"a lift of {lift} of a share of {share:.4g} leaves 0 to 1")
    second = spend.squares / spend.buyers
    return (
        sqrt(share * second - (share * value) ** 2),
        sqrt(share * (1 + lift) * second - (share * (1 + lift) * value) ** 2),
    )


def _refuse_share(treated_share: float) -> None:
    if not 0 < treated_share < 1:
        raise BadInput(
            f"a treated share of {treated_share} is not between 0 and 1",
            hint="a holdout of 5 % is a treated share of 0.95",
        )


def _whole(customers: float) -> float:
    return float(ceil(customers - 1e-9)) if isfinite(customers) else inf
