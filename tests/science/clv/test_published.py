"""Pareto/NBD, MBG/NBD, NBD and MBG/CNBD-k against printed and computed numbers."""

from __future__ import annotations

import numpy as np
import pytest

from joren.core.errors import BadInput
from joren.science.clv import Summary, mbg_cnbd_k, mbg_nbd, nbd, pareto_nbd

WALKTHROUGH = pareto_nbd.given(r=0.553, alpha=10.58, s=0.606, beta=11.656)


def test_pareto_parameters_match(cdnow_sample) -> None:
    fitted = pareto_nbd.fit(cdnow_sample.summary)

    # The R package stopped a little short: r .55315 alpha 10.57633 s .60625 beta 11.67150.
    assert fitted.params == pytest.approx(
        {"r": 0.55315, "alpha": 10.57633, "s": 0.60625, "beta": 11.67150}, rel=3e-4
    )
    assert fitted.log_likelihood == pytest.approx(-9594.976, abs=5e-4)
    assert fitted.standard_errors == pytest.approx(
        {"r": 0.0476264, "alpha": 0.8427222, "s": 0.1872594, "beta": 6.2105448}, rel=3e-4
    )


def test_pareto_parameters_match_on_the_full_data(cdnow_full) -> None:
    fitted = pareto_nbd.fit(cdnow_full.summary)

    assert tuple(fitted.params.values()) == pytest.approx(
        (0.59741, 11.58511, 0.52217, 8.82598), rel=3e-4
    )
    assert fitted.log_likelihood == pytest.approx(-95415.119, abs=5e-4)


def test_mbg_parameters_match_the_paper(cdnow_sample) -> None:
    fitted = mbg_nbd.fit(cdnow_sample.summary)

    assert tuple(fitted.params.values()) == pytest.approx(
        (0.52484, 6.18309, 0.89139, 1.61405), rel=4e-5
    )
    assert fitted.log_likelihood == pytest.approx(-9582.136, abs=5e-4)


def test_regularity_of_one_is_the_mbg_and_is_what_cdnow_has(cdnow_sample) -> None:
    plain, regular = (m.fit(cdnow_sample.summary) for m in (mbg_nbd, mbg_cnbd_k))

    assert regular.k == 1
    assert regular.log_likelihood == plain.log_likelihood
    assert regular.aic == plain.aic + 2
    some = cdnow_sample.summary.rows(np.arange(20), np.ones(20))
    assert regular.det(some, 52, 0.0027) == pytest.approx(plain.det(some, 52, 0.0027), rel=1e-9)


def test_nbd_parameters_match(cdnow_sample) -> None:
    fitted = nbd.fit(cdnow_sample.summary)

    assert tuple(fitted.params.values()) == pytest.approx((0.384766, 12.072014), rel=2e-6)
    assert fitted.log_likelihood == pytest.approx(-9763.658, abs=5e-4)


def test_pareto_worked_values_match(cdnow_sample) -> None:
    fitted = pareto_nbd.fit(cdnow_sample.summary)
    best = Summary([26], [30 + 6 / 7], [31])
    quieter = Summary([10, 15, 20, 25], [20] * 4, [39] * 4)
    known = Summary([2], [30.43], [38.86])

    assert WALKTHROUGH.conditional_expected_purchases(best, 52) == pytest.approx(
        [25.45647], rel=1e-4
    )
    assert WALKTHROUGH.probability_alive(best) == pytest.approx([0.997874], rel=1e-6)
    assert fitted.conditional_expected_purchases(quieter, 52) == pytest.approx(
        [0.7062289, 0.1442396, 0.02250658, 0.00309267], rel=2e-3
    )
    assert fitted.probability_alive(known) == pytest.approx([0.869165], abs=1e-4)
    assert fitted.conditional_expected_purchases(known, 39) == pytest.approx([1.455321], rel=3e-4)


def test_pareto_expectations_of_a_new_customer_match() -> None:
    model = pareto_nbd.given(r=0.55, alpha=10.56, s=0.61, beta=11.64)

    assert model.expected_purchases(np.arange(1, 10)) == pytest.approx(
        [
            0.05077821,
            0.09916088,
            0.14542507,
            0.18979930,
            0.23247466,
            0.27361274,
            0.31335159,
            0.35181024,
            0.38909211,
        ],
        abs=5e-9,
    )


def test_hundreds_of_purchases_do_not_overflow() -> None:
    model = pareto_nbd.given(r=0.5143, alpha=2.8845, s=0.2856, beta=14.1087)
    x = np.array([221.0, 254, 161, 204])

    alive = model.probability_alive(Summary(x, np.full(4, 36.0), np.full(4, 38.0)))

    assert ((alive > 0) & (alive < 1)).all()


def test_discounted_residual_transactions_match_the_notes() -> None:
    other = pareto_nbd.given(r=0.5629966, alpha=12.5590370, s=0.4081095, beta=10.5148048)
    cdnow = pareto_nbd.given(r=0.553, alpha=10.578, s=0.606, beta=11.669)

    assert other.dert(Summary([7], [35], [77.86]), 0.0027) == pytest.approx([1.864183328])
    assert cdnow.dert(Summary([7], [35], [38.86]), 0.0027) == pytest.approx([20.65886765])


def test_pareto_holdout_means_by_class_match(cdnow_sample) -> None:
    past = cdnow_sample.summary
    expected = pareto_nbd.fit(past).conditional_expected_purchases(past, 39)
    group = np.minimum(past.frequency, 7).astype(int)

    means = np.bincount(group, expected) / np.bincount(group)
    actual = np.bincount(group, cdnow_sample.holdout) / np.bincount(group)

    assert means == pytest.approx(
        [0.138, 0.600, 1.196, 1.714, 2.399, 2.907, 3.819, 6.403], abs=8e-4
    )
    assert actual == pytest.approx(
        [0.237, 0.697, 1.393, 1.560, 2.532, 2.947, 3.862, 6.359], abs=6e-4
    )


@pytest.mark.parametrize(
    ("model", "sample", "full"), [(mbg_nbd, -16.2, -19.1), (pareto_nbd, -11.5, -12.9)]
)
def test_the_bias_of_totals_is_that_of_the_peers(model, sample, full, cdnow_sample, cdnow_full):
    for log, wanted in ((cdnow_sample, sample), (cdnow_full, full)):
        ahead = model.fit(log.summary).conditional_expected_purchases(log.summary, 39).sum()

        assert 100 * (ahead / log.holdout.sum() - 1) == pytest.approx(wanted, abs=0.06)


def test_two_times_between_purchases_tell_regularity() -> None:
    rng = np.random.default_rng(4)
    for k in (1, 3):
        gaps = rng.gamma(k, rng.gamma(2.0, 1.0, 40_000) / k, (2, 40_000))

        assert mbg_cnbd_k.wheat_morrison(*gaps) == pytest.approx(k, rel=0.05)


def test_no_time_between_purchases_tells_nothing() -> None:
    with pytest.raises(BadInput, match="no time between purchases"):
        mbg_cnbd_k.wheat_morrison([0.0, 1.0], [0.0, 2.0])
    with pytest.raises(BadInput, match="at least two are needed"):
        mbg_cnbd_k.wheat_morrison([1.0], [2.0])


def test_half_a_purchase_is_refused() -> None:
    with pytest.raises(BadInput, match=r"k = 1\.5"):
        mbg_cnbd_k.Fitted(1.5, 1.0, 1.0, 1.0, 1.0)
    with pytest.raises(BadInput, match="n has to be a whole number"):
        nbd.given(r=1, alpha=1).probability_of_purchases(0.5, 2)
