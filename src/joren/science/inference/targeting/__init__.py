"""Who should get it: who buys because of an action, and whether to send by that pays."""

from joren.science.inference.targeting.actions import (
    Actions,
    Choice,
    choice_contrast,
    two_stage_choice,
)
from joren.science.inference.targeting.contrasts import Curve, contrast, gain_curve, share_kept
from joren.science.inference.targeting.learners import Fitted, fit_linear, fit_logistic
from joren.science.inference.targeting.race import Entry, Race, race
from joren.science.inference.targeting.trial import Trial, dealings
from joren.science.inference.targeting.two_stage import Foreseen, best_cut, cut_of, two_stage

__all__ = [
    "Actions",
    "Choice",
    "Curve",
    "Entry",
    "Fitted",
    "Foreseen",
    "Race",
    "Trial",
    "best_cut",
    "choice_contrast",
    "contrast",
    "cut_of",
    "dealings",
    "fit_linear",
    "fit_logistic",
    "gain_curve",
    "race",
    "share_kept",
    "two_stage",
    "two_stage_choice",
]
