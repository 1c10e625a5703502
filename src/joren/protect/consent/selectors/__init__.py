"""Questions about consents."""

from joren.protect.consent.selectors.ledger import (
    choices,
    circle_of,
    circles_of,
    confirmed_at,
    entries_of,
    person_now,
    persons_now,
    refusals_since,
    requests_after,
    standings_of,
    still_asked,
    wording,
    wording_numbered,
    wording_of,
    wordings,
)
from joren.protect.consent.selectors.links import customer_behind, is_ours, matter_asked
from joren.protect.consent.selectors.permission import (
    agreed_matters,
    counts,
    may_be_written_to,
    standing_sql,
    willing,
)

__all__ = [
    "agreed_matters",
    "choices",
    "circle_of",
    "circles_of",
    "confirmed_at",
    "counts",
    "customer_behind",
    "entries_of",
    "is_ours",
    "matter_asked",
    "may_be_written_to",
    "person_now",
    "persons_now",
    "refusals_since",
    "requests_after",
    "standing_sql",
    "standings_of",
    "still_asked",
    "willing",
    "wording",
    "wording_numbered",
    "wording_of",
    "wordings",
]
