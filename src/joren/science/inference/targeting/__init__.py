"""Who should get it: who buys because of an action, and whether to send by that pays."""

from joren.science.inference.targeting.contrasts import Curve, contrast, gain_curve, share_kept
from joren.science.inference.targeting.learners import Fitted, fit_linear, fit_logistic
from joren.science.inference.targeting.race import Entry, Race, race
from joren.science.inference.targeting.trial import Trial, dealings
from joren.science.inference.targeting.two_stage import Foreseen, best_cut, two_stage

__all__ = [
    "Curve",
    "Entry",
    "Fitted",
    "Foreseen",
    "Race",
    "Trial",
    "best_cut",
    "contrast",
    "dealings",
    "fit_linear",
    "fit_logistic",
    "gain_curve",
    "race",
    "share_kept",
    "two_stage",
]
