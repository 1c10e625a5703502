"""How sure a number is: intervals from sums that add up."""

from joren.science.inference.intervals import Interval, mean_interval, proportion_interval
from joren.science.inference.sums import Sums

__all__ = ["Interval", "Sums", "mean_interval", "proportion_interval"]
