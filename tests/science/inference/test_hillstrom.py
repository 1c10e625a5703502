"""The numbers of Hillstrom's experiment, as statsmodels 0.15 and SciPy 1.17 computed them."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from joren.science.inference import (
    Moments,
    Spend,
    Sums,
    Verdict,
    average,
    cap_at,
    cuped,
    difference_of,
    fieller,
    log_ratio,
    post_stratified,
    ratio_difference,
    sample_ratio,
    spend_effect,
    welch,
)
from joren.science.inference.power import size
from tests.science.inference.conftest import Hillstrom

ANY_MAIL = ("mens", "womens")
WELCH = {
    ("mens", "visit"): (0.182757, 0.106167, 0.076590, 0.003386, 22.6202, 0.069953, 0.083226),
    ("mens", "conversion"): (0.012531, 0.005726, 0.006805, 0.000921, 7.3897, 0.005000, 0.008610),
    ("mens", "spend"): (1.422617, 0.652789, 0.769827, 0.145247, 5.3001, 0.485140, 1.054515),
    ("any", "visit"): (0.167049, 0.106167, 0.060882, 0.002777, 21.9214, 0.055438, 0.066325),
    ("any", "spend"): (1.249585, 0.652789, 0.596796, 0.112556, 5.3022, 0.376185, 0.817407),
}


@pytest.mark.parametrize(("arm", "metric"), WELCH)
def test_welch_is_as_printed(hillstrom: Hillstrom, arm: str, metric: str) -> None:
    arms = ANY_MAIL if arm == "any" else (arm,)
    control = hillstrom.moments("no").sums(metric)
    treated = hillstrom.moments(*arms).sums(metric)

    found = welch(control, treated)

    seen = (float(treated.mean), float(control.mean), found.estimate, found.standard_error)
    assert (*seen, found.low, found.high) == pytest.approx(
        (*WELCH[arm, metric][:4], *WELCH[arm, metric][5:]), abs=5.1e-7
    )
    assert found.estimate / found.standard_error == pytest.approx(WELCH[arm, metric][4], abs=5.1e-5)
    assert found.verdict is Verdict.HIGHER


def test_the_arms_have_the_planned_sizes(hillstrom: Hillstrom) -> None:
    counts = [float(np.count_nonzero(hillstrom.arm == one)) for one in ("no", "mens", "womens")]

    found = sample_ratio(counts)

    assert counts == [21_306, 21_307, 21_387]
    assert (found.chi_square, found.p) == pytest.approx((0.20253, 0.90369), abs=5.1e-6)
    assert not found.blocks


def test_cuped_on_history_saves_next_to_nothing(hillstrom: Hillstrom) -> None:
    control, treated = hillstrom.moments("no"), hillstrom.moments("mens")

    spend = cuped(control, treated, "spend", ["history"])
    visit = cuped(control, treated, "visit", ["history"])

    assert (spend.effect.estimate, spend.effect.standard_error) == pytest.approx(
        (0.767438, 0.145215), abs=5.1e-7
    )
    assert spend.slopes[0] == pytest.approx(0.0012229, abs=5.1e-8)
    assert spend.variance_ratio == pytest.approx(0.99957, abs=5.1e-6)
    assert (visit.effect.estimate, visit.effect.standard_error) == pytest.approx(
        (0.076411, 0.003378), abs=5.1e-7
    )


def test_fifteen_covariates_save_three_hundredths_of_visits(hillstrom: Hillstrom) -> None:
    covariates = {**hillstrom.columns, **hillstrom.dummies}
    for outcome in ("visit", "conversion", "spend"):
        del covariates[outcome]
    arms = [
        Moments.of(
            {
                "visit": hillstrom.column("visit", arm),
                **{name: values[hillstrom.arm == arm] for name, values in covariates.items()},
            }
        )
        for arm in ("no", "mens")
    ]

    found = cuped(*arms, "visit", list(covariates))

    assert len(covariates) == 15
    assert found.saved == pytest.approx(0.029, abs=5.1e-4)


def test_spend_per_conversion_is_as_printed(hillstrom: Hillstrom) -> None:
    found = ratio_difference(
        hillstrom.moments("no"), hillstrom.moments("mens"), "spend", "conversion"
    )

    assert (found.estimate, found.standard_error) == pytest.approx(
        (-0.475776, 11.525843), abs=5.1e-7
    )


def test_capped_spend_is_as_printed(hillstrom: Hillstrom) -> None:
    cap = cap_at(hillstrom.column("spend", "no", "mens"), 0.999)
    capped = {
        arm: Sums.of(np.minimum(hillstrom.column("spend", arm), cap)) for arm in ("no", "mens")
    }

    found = welch(capped["no"], capped["mens"], cap=cap)

    assert cap == pytest.approx(233.30, abs=5e-3)
    assert (found.estimate, found.standard_error) == pytest.approx((0.649256, 0.112450), abs=5.1e-7)
    assert "capped_at_233.3" in found.method


@pytest.mark.parametrize(("metric", "needed"), [("visit", 13_217), ("spend", 494_678)])
def test_the_size_for_a_tenth_more_is_as_printed(
    hillstrom: Hillstrom, metric: str, needed: float
) -> None:
    control = hillstrom.moments("no").sums(metric)

    found = size(0.1 * float(control.mean), sqrt(float(control.variance)))

    assert (found.control, found.treated) == (needed, needed)


def test_spend_by_newbie_is_as_printed(hillstrom: Hillstrom) -> None:
    strata = [
        tuple(
            Sums.of(hillstrom.column("spend", arm)[hillstrom.column("newbie", arm) == new])
            for arm in ("no", "mens")
        )
        for new in (0, 1)
    ]

    apart = [welch(*stratum) for stratum in strata]
    whole = post_stratified(strata)

    assert [(one.estimate, one.standard_error) for one in apart] == [
        pytest.approx((0.577967, 0.222643), abs=5.1e-7),
        pytest.approx((0.960020, 0.186852), abs=5.1e-7),
    ]
    assert whole.effect.estimate == pytest.approx(whole.plain.estimate, abs=2e-3)
    assert whole.variance_ratio == pytest.approx(1, abs=1e-3)


def test_percent_and_money_agree_where_the_delta_method_does_not(hillstrom: Hillstrom) -> None:
    womens, mens = (average(hillstrom.moments(arm).sums("spend")) for arm in ("womens", "mens"))

    plain = difference_of(womens, mens, "welch")
    lifts = fieller(womens, mens), log_ratio(womens, mens)

    assert (plain.low, plain.high) == pytest.approx((0.033, 0.658), abs=5e-4)
    assert (lifts[0].low, lifts[0].high) == pytest.approx((0.027, 0.711), abs=5e-4)
    assert (lifts[1].low, lifts[1].high) == pytest.approx((0.027, 0.699), abs=5e-4)
    # The same by the delta method reaches below 0, and contradicts the difference.
    error = sqrt(
        mens.variance / womens.value**2 + mens.value**2 * womens.variance / womens.value**4
    )
    assert lifts[0].estimate - 1.96 * error == pytest.approx(-0.012, abs=5e-4)


def test_equal_arms_are_read_by_welch_and_a_holdout_by_two_parts(hillstrom: Hillstrom) -> None:
    control = Spend.from_moments(hillstrom.moments("no"), "spend", "conversion")
    treated = Spend.from_moments(hillstrom.moments("mens"), "spend", "conversion")
    twentieth = Spend.from_moments(_every(hillstrom, 20), "spend", "conversion")

    equal, unequal = spend_effect(control, treated), spend_effect(twentieth, treated)

    assert (control.buyers, treated.buyers) == (122, 267)
    assert equal.method == "welch"
    assert unequal.method == "two_part"


def _every(hillstrom: Hillstrom, step: int) -> Moments:
    columns = {name: hillstrom.column(name, "no")[::step] for name in ("spend", "conversion")}
    return Moments.of(columns)
