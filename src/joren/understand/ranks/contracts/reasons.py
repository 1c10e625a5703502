"""Why a figure is not known; see ``core.words``."""

from __future__ import annotations

from typing import Final

from joren.core.words import gettext_noop

NO_REVENUE: Final = gettext_noop("all revenue together is not above zero")
NO_REVENUE_THIS_YEAR: Final = gettext_noop("no revenue within the last {} days").format(365)
NOBODY_IN_GROUP: Final = gettext_noop("nobody is in this group")
NOBODY_YET: Final = gettext_noop("there is no customer yet")
TOO_FEW_WITH_REVENUE: Final = gettext_noop("too few customers with revenue")
FIRST_TOO_NEW: Final = gettext_noop("nobody's first purchase is {} days ago")
STEP_TOO_NEW: Final = gettext_noop("nobody's purchase number {} is {} days ago")
MONTH_TOO_NEW: Final = gettext_noop("nobody of this month has been here for {} days")
