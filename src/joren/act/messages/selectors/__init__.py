"""Questions about templates, whom messages are from, and what is known of those who get them."""

from joren.act.messages.rules import READY_MADE, VARIABLES, example, hints, mail_body, nobody
from joren.act.messages.selectors.arriving import mailbox_shares, suppressed, weeks_of_mail
from joren.act.messages.selectors.delivering import (
    channel_names,
    pace_of,
    paces,
    standing_now,
    unclear,
)
from joren.act.messages.selectors.errands import (
    asked_by_step,
    became_of,
    channels_of,
    cost_of,
    counted,
    counts_of,
    errands_by_step,
    errands_of,
)
from joren.act.messages.selectors.hearing import rates, records
from joren.act.messages.selectors.keeping import (
    kept_back,
    kept_back_one,
    ready_made_left,
    sendable,
    template,
    templates,
    version,
    versions,
)
from joren.act.messages.selectors.knowing import known_of, shop_as_known
from joren.act.messages.selectors.ledger import (
    errand_sources,
    ledger_counts,
    ledger_page,
    ledger_rows,
    of_customer,
    whole_ledger,
)
from joren.act.messages.selectors.outcomes import (
    complaints_since,
    outcomes_since,
    people_since,
    reached_among,
)
from joren.act.messages.selectors.policies import (
    home_zone,
    month_spent,
    mornings,
    policy,
    policy_changes,
    what_it_would_do,
    zone_of,
)
from joren.act.messages.selectors.senders import mode, sender
from joren.act.messages.selectors.shares import (
    as_now,
    left_to_people,
    shares_by_decile,
    shares_by_month,
    shares_by_segment,
)
from joren.act.messages.selectors.tracking import followed, refused_tracking, tracking

__all__ = [
    "READY_MADE",
    "VARIABLES",
    "as_now",
    "asked_by_step",
    "became_of",
    "channel_names",
    "channels_of",
    "complaints_since",
    "cost_of",
    "counted",
    "counts_of",
    "errand_sources",
    "errands_by_step",
    "errands_of",
    "example",
    "followed",
    "hints",
    "home_zone",
    "kept_back",
    "kept_back_one",
    "known_of",
    "ledger_counts",
    "ledger_page",
    "ledger_rows",
    "left_to_people",
    "mail_body",
    "mailbox_shares",
    "mode",
    "month_spent",
    "mornings",
    "nobody",
    "of_customer",
    "outcomes_since",
    "pace_of",
    "paces",
    "people_since",
    "policy",
    "policy_changes",
    "rates",
    "reached_among",
    "ready_made_left",
    "records",
    "refused_tracking",
    "sendable",
    "sender",
    "shares_by_decile",
    "shares_by_month",
    "shares_by_segment",
    "shop_as_known",
    "standing_now",
    "suppressed",
    "template",
    "templates",
    "tracking",
    "unclear",
    "version",
    "versions",
    "weeks_of_mail",
    "what_it_would_do",
    "whole_ledger",
    "zone_of",
]
