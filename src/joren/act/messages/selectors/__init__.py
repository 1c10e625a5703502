"""Questions about templates, whom messages are from, and what is known of those who get them."""

from joren.act.messages.rules import READY_MADE, VARIABLES, example, hints, mail_body, nobody
from joren.act.messages.selectors.delivering import (
    channel_names,
    pace_of,
    paces,
    standing_now,
    unclear,
)
from joren.act.messages.selectors.errands import became_of, counted, counts_of, errands_of
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
from joren.act.messages.selectors.ledger import of_customer
from joren.act.messages.selectors.policies import (
    home_zone,
    month_spent,
    policy,
    policy_changes,
    what_it_would_do,
    zone_of,
)
from joren.act.messages.selectors.senders import mode, sender

__all__ = [
    "READY_MADE",
    "VARIABLES",
    "became_of",
    "channel_names",
    "counted",
    "counts_of",
    "errands_of",
    "example",
    "hints",
    "home_zone",
    "kept_back",
    "kept_back_one",
    "known_of",
    "mail_body",
    "mode",
    "month_spent",
    "nobody",
    "of_customer",
    "pace_of",
    "paces",
    "policy",
    "policy_changes",
    "rates",
    "ready_made_left",
    "records",
    "sendable",
    "sender",
    "shop_as_known",
    "standing_now",
    "template",
    "templates",
    "unclear",
    "version",
    "versions",
    "what_it_would_do",
    "zone_of",
]
