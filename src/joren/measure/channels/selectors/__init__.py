"""Questions about channels: what was spent, which tests there are, and what they say."""

from joren.measure.channels.selectors.areas import daily, design, sold_by_area, sold_now
from joren.measure.channels.selectors.comparing import compared
from joren.measure.channels.selectors.keeping import area_test, area_tests, spends
from joren.measure.channels.selectors.reading import read, results
from joren.measure.channels.selectors.tried import TRIED

__all__ = [
    "TRIED",
    "area_test",
    "area_tests",
    "compared",
    "daily",
    "design",
    "read",
    "results",
    "sold_by_area",
    "sold_now",
    "spends",
]
