"""How sure a number is, and what an action changed: from sums that add up."""

from joren.science.inference.adjustment import (
    Adjusted,
    adjusted_per_arm,
    cap_at,
    cluster_moments,
    clustered,
    cuped,
    post_stratified,
    without,
)
from joren.science.inference.clusters import (
    ClusterLift,
    cluster_detectable,
    cluster_lift,
    fewest_deals,
    ways,
)
from joren.science.inference.effects import Effect, Verdict
from joren.science.inference.incremental import IncrementalValue, Matured, incremental_value
from joren.science.inference.intervals import Interval, mean_interval, proportion_interval
from joren.science.inference.many import Pooled, discovered, false_discovery, pooled
from joren.science.inference.means import (
    Average,
    average,
    difference_of,
    fieller,
    log_ratio,
    ratio,
    ratio_difference,
    welch,
)
from joren.science.inference.moments import Moments, added, by_arm, pairs
from joren.science.inference.proportions import newcombe, newcombe_lift
from joren.science.inference.ratios import ratio_effect, ratio_lift, ratio_limits_of
from joren.science.inference.sample_ratio import Loss, SampleRatio, loss, sample_ratio
from joren.science.inference.sums import Sums
from joren.science.inference.two_part import (
    Spend,
    permutation,
    spend_effect,
    spend_lift,
    two_part,
    wants_permutation,
)

__all__ = [
    "Adjusted",
    "Average",
    "ClusterLift",
    "Effect",
    "IncrementalValue",
    "Interval",
    "Loss",
    "Matured",
    "Moments",
    "Pooled",
    "SampleRatio",
    "Spend",
    "Sums",
    "Verdict",
    "added",
    "adjusted_per_arm",
    "average",
    "by_arm",
    "cap_at",
    "cluster_detectable",
    "cluster_lift",
    "cluster_moments",
    "clustered",
    "cuped",
    "difference_of",
    "discovered",
    "false_discovery",
    "fewest_deals",
    "fieller",
    "incremental_value",
    "log_ratio",
    "loss",
    "mean_interval",
    "newcombe",
    "newcombe_lift",
    "pairs",
    "permutation",
    "pooled",
    "post_stratified",
    "proportion_interval",
    "ratio",
    "ratio_difference",
    "ratio_effect",
    "ratio_lift",
    "ratio_limits_of",
    "sample_ratio",
    "spend_effect",
    "spend_lift",
    "two_part",
    "wants_permutation",
    "ways",
    "welch",
    "without",
]
