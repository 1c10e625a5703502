"""Which of several actions for whom: Hillstrom's three arms, and shops in which it is known."""

from __future__ import annotations

import numpy as np
import pytest

from joren.core.errors import BadInput
from joren.science.inference import Verdict
from joren.science.inference.targeting import (
    Actions,
    choice_contrast,
    dealings,
    two_stage_choice,
)
from tests.science.inference.conftest import Hillstrom

NO, MENS, WOMENS = range(3)


@pytest.fixture(scope="module")
def mails(hillstrom: Hillstrom) -> Actions:
    given = np.select([hillstrom.arm == one for one in ("no", "mens", "womens")], [0, 1, 2])
    return Actions.of(
        given,
        hillstrom.columns["spend"],
        chances=np.bincount(given) / given.size,
        costs=(0, 0, 0),
    )


def shop(n: int, seed: int = 1) -> tuple[Actions, np.ndarray]:
    """Half of the customers are moved by the first mail, the others by the second."""
    rng = np.random.default_rng(seed)
    taste = rng.random(n)
    given = rng.integers(0, 3, n)
    moved = ((given == 1) & (taste < 0.5)) | ((given == 2) & (taste > 0.5))
    spend = (rng.random(n) < 0.05 + 0.1 * moved) * rng.lognormal(4, 0.5, n)
    actions = Actions.of(given, spend, chances=(1 / 3,) * 3, costs=(0, 0.5, 0.5), margin=0.5)
    return actions, np.column_stack([taste, taste > 0.5])


def test_the_matching_category_earns_what_was_printed(hillstrom: Hillstrom, mails: Actions) -> None:
    only_womens = (hillstrom.columns["womens"] == 1) & (hillstrom.columns["mens"] == 0)
    matching = np.where(only_womens, WOMENS, MENS)

    found = choice_contrast(mails, matching, np.full(matching.size, MENS))

    assert (found.estimate, found.standard_error) == pytest.approx((0.009, 0.094), abs=5e-4)
    assert found.verdict is Verdict.UNCLEAR


def test_no_learned_choice_is_said_to_beat_mens_mail_to_all(
    hillstrom: Hillstrom, mails: Actions
) -> None:
    dealt = dealings(mails.spend.size, np.random.default_rng(1), folds=5, times=1)

    choice = two_stage_choice(mails, hillstrom.features, dealt)
    found = choice_contrast(
        mails, choice.best, np.full(mails.spend.size, MENS), expected=choice.expected
    )

    assert found.verdict is Verdict.UNCLEAR
    assert set(np.unique(choice.best)) <= {NO, MENS, WOMENS}


def test_a_choice_that_pays_is_learned() -> None:
    actions, features = shop(40_000)
    dealt = dealings(40_000, np.random.default_rng(2), folds=5, times=1)

    choice = two_stage_choice(actions, features, dealt)
    found = choice_contrast(actions, choice.best, np.full(40_000, 1), expected=choice.expected)

    wanted = np.where(features[:, 0] < 0.5, 1, 2)
    assert np.mean(choice.best == wanted) > 0.95
    assert found.verdict is Verdict.HIGHER
    # .1 more buyers of 61.9 at a half, of the half that one mail for all leaves cold.
    assert found.estimate == pytest.approx(0.5 * 0.1 * 61.87 * 0.5, abs=3 * found.standard_error)


def test_actions_too_dear_are_left() -> None:
    actions, features = shop(10_000)
    dear = Actions(actions.given, actions.spend, actions.chances, np.array([0, 50.0, 50]), 0.5)

    choice = two_stage_choice(
        dear, features, dealings(10_000, np.random.default_rng(3), folds=3, times=1)
    )

    assert (choice.best == NO).all()


def test_equal_choices_differ_by_nothing_and_few_buyers_are_too_small_to_read() -> None:
    actions, _ = shop(2000)
    first = np.full(2000, 1)
    nearly = first.copy()
    nearly[:20] = 2

    assert choice_contrast(actions, first, first).estimate == 0
    assert choice_contrast(actions, nearly, first).verdict is Verdict.TOO_SMALL


def test_chances_that_are_none_and_actions_that_do_not_exist_are_refused() -> None:
    with pytest.raises(BadInput, match="1 together"):
        Actions.of([0], [1.0], chances=(0.5, 0.4), costs=(0, 0))
    with pytest.raises(BadInput, match="given is no action from 0 to 1"):
        Actions.of([2], [1.0], chances=(0.5, 0.5), costs=(0, 0))
    with pytest.raises(BadInput, match=r"costs \[0\.0, -1\.0\]"):
        Actions.of([0], [1.0], chances=(0.5, 0.5), costs=(0, -1))
