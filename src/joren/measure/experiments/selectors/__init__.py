"""Questions about effects."""

from joren.measure.experiments.selectors.adjusting import adjusted
from joren.measure.experiments.selectors.checking import arms_check
from joren.measure.experiments.selectors.concluding import (
    judged,
    outcomes_of,
    read_now,
    result,
    results,
    results_and_pools,
)
from joren.measure.experiments.selectors.counting import net_orders, profit_is_known, with_margin
from joren.measure.experiments.selectors.designing import design, standing_design
from joren.measure.experiments.selectors.dividing import ratios
from joren.measure.experiments.selectors.exposing import exposure, unread_exposures
from joren.measure.experiments.selectors.hours import hour_test
from joren.measure.experiments.selectors.lifting import TRIED, lift_file, lifts
from joren.measure.experiments.selectors.looking import due_looks, outcomes_due
from joren.measure.experiments.selectors.planned import plans
from joren.measure.experiments.selectors.projecting import board
from joren.measure.experiments.selectors.readings import courses, evidence_now
from joren.measure.experiments.selectors.splits import split_tests
from joren.measure.experiments.selectors.stretching import curve, horizons
from joren.measure.experiments.selectors.targeting import who
from joren.measure.experiments.selectors.variants import due_variants, variant_test

__all__ = [
    "TRIED",
    "adjusted",
    "arms_check",
    "board",
    "courses",
    "curve",
    "design",
    "due_looks",
    "due_variants",
    "evidence_now",
    "exposure",
    "horizons",
    "hour_test",
    "judged",
    "lift_file",
    "lifts",
    "net_orders",
    "outcomes_due",
    "outcomes_of",
    "plans",
    "profit_is_known",
    "ratios",
    "read_now",
    "result",
    "results",
    "results_and_pools",
    "split_tests",
    "standing_design",
    "unread_exposures",
    "variant_test",
    "who",
    "with_margin",
]  # fmt: skip
