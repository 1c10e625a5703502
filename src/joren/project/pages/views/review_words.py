"""Words on monthly reviews that several pages say."""

from __future__ import annotations

from django.utils.translation import gettext

from joren.measure.reviews.contracts import ReviewStanding


def review_due(stands: ReviewStanding) -> str:
    """Why the next one is due."""
    if stands.missed_on is not None:
        said = gettext("The review of %(day)s was not closed.")
        return said % {"day": stands.missed_on.isoformat()}
    said = gettext("The monthly review is due: %(n)s days since the last one.")
    if stands.last_held is None:
        said = gettext("The first monthly review is due: %(n)s days since the first figures.")
    return said % {"n": f"{stands.days_since:,}"}
