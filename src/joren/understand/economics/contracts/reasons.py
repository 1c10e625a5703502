"""Why a figure is not known, or what it rests on; see ``core.words``."""

from __future__ import annotations

from typing import Final

from joren.core.words import gettext_noop

NOBODY_A_YEAR: Final = gettext_noop("no customer has been here for {} days").format(365)
FEW_A_YEAR: Final = gettext_noop("fewer than {} customers have been here for {} days")
COST_UNKNOWN: Final = gettext_noop(
    "the cost of goods is known for less than {} of the revenue"
).format("80%")
NOBODY_NEW_THIS_YEAR: Final = gettext_noop("nobody came within the last {} days").format(365)
NO_REVENUE_THIS_YEAR: Final = gettext_noop("no revenue within the last {} days").format(365)
NO_ORDER_THIS_YEAR: Final = gettext_noop("no order within the last {} days").format(365)
WAY_OF_NOBODY_KNOWN: Final = gettext_noop(
    "it is known of nobody within the last {} days how they came"
).format(365)
NOT_PREDICTED: Final = gettext_noop("the next {} days are not predicted yet").format(365)
NOTHING_PAID: Final = gettext_noop("nothing is paid for these customers")
NO_SPEND: Final = gettext_noop("no spend is recorded in these months")
NO_SPEND_OF_SOURCE: Final = gettext_noop("no spend is recorded for this source in these months")
NOBODY_NEW: Final = gettext_noop("nobody new came in these months")
NO_SPEND_THIS_MONTH: Final = gettext_noop("no spend is recorded for this month")
NOBODY_NEW_THIS_MONTH: Final = gettext_noop("nobody new came in this month")
NO_REPEAT_THIS_MONTH: Final = gettext_noop("there was no repeat order in this month")
SPEND_NOT_SPLIT: Final = gettext_noop("the month's spend is not split into new and repeat")
NOTHING_SPENT: Final = gettext_noop("nothing was spent")
NO_CURVE: Final = gettext_noop("no month with {} customers and a known cost of goods")
NOT_WITHIN: Final = gettext_noop("not within {} months")
NONE_SO_LONG: Final = gettext_noop(
    "no {} customers with a known cost of goods have been here for {} months"
)
NOT_OF_BOTH: Final = gettext_noop("no customers of both kinds have been here for {} days").format(
    365
)
NOBODY_CAME_BACK: Final = gettext_noop("nobody has come back yet")

SOME_MONTHS: Final = gettext_noop("{} of {} months")
MARGIN_TIMES_REVENUE: Final = gettext_noop("margin × revenue")
PAST_AND_PREDICTED: Final = gettext_noop("past plus predicted revenue")
TWO_MEANS: Final = gettext_noop("two means, Student's t each")
MEDIAN: Final = gettext_noop("median")
PAYBACK_WITHIN: Final = gettext_noop("payback in {} months")
CAC_OF_LAST_MONTHS: Final = gettext_noop(
    "CAC of the last months: no spend is recorded for those in which these customers came"
)
