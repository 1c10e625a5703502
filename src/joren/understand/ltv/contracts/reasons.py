"""Why a figure is not known, or how far it can be relied on; see ``core.words``."""

from __future__ import annotations

from typing import Final

from joren.core.words import gettext_noop

NEEDS_WEEKS: Final = gettext_noop("needs {} more weeks of orders")
NEEDS_REPEATERS: Final = gettext_noop("needs {} more customers who come back")
TOO_FEW_CAME_BACK: Final = gettext_noop("too few customers had come back by then")
YOUNG: Final = gettext_noop(
    "the interval is wide: less than a year of forecasts could be checked, and no season is known"
)
CHOSEN: Final = gettext_noop("over the last {} cut-offs totals were off by {} on average")
ONE_CUTOFF: Final = gettext_noop(
    "the default: with one cut-off there is no choosing; its total was off by {}"
)
DEFAULT_STANDS: Final = gettext_noop("the default: how far it is right is not yet known")
ERRORS_FROM_TO: Final = gettext_noop("at single cut-offs from {} to {}")
DRIFTED: Final = gettext_noop(
    "the newest forecast that could be checked missed: {} orders came, between {} and {} were "
    "foretold"
)
SPREAD_ONLY: Final = gettext_noop(
    "the interval knows the spread over customers, not yet the model's own error"
)
CHANCE_OF_ONE: Final = gettext_noop(
    "the interval knows the chance of one customer's purchases and spend, not season and trend"
)
AT_THE_MARGIN: Final = gettext_noop(
    "the interval is the revenue's at the customer's margin, whose own change it does not know"
)
IN_PARTS: Final = gettext_noop(
    "contracts and other orders are told apart, and no model knows their chances together"
)
NO_MODEL_YET: Final = gettext_noop("the orders do not reach far enough for a prediction")
NO_INTERVAL: Final = (NO_MODEL_YET, IN_PARTS)
"""Why the year ahead of a customer has no interval."""
ONE_CUSTOMER: Final = gettext_noop("one customer: no interval")
UNKNOWN_COST: Final = gettext_noop("no cost of goods is known: import products with their cost")
COST_COVERS: Final = gettext_noop("covers the {} of purchases whose cost of goods is known")
COST_IN_FULL: Final = gettext_noop("of the {} of {} customers whose cost of goods is known in full")
NO_MESSAGE: Final = gettext_noop("no message has been sent to a customer")
NO_MESSAGE_COST: Final = gettext_noop("what a message costs is not said: see the rules of sending")
NO_PURCHASE_SAYS: Final = gettext_noop("no purchase says")
NOT_RECORDED: Final = gettext_noop("not recorded yet, and so not subtracted")
NOT_EVERY_COST: Final = gettext_noop("not every order states its cost of goods")
NO_ORDER_SAYS: Final = gettext_noop("no order of theirs says")
NO_MESSAGE_SAYS: Final = gettext_noop("of no message to them the cost is known")
BEFORE_SHIPPING: Final = gettext_noop("before shipping borne, of which no order of theirs says")
BEFORE_FEES: Final = gettext_noop("before payment fees, of which no order of theirs says")
OF_SOME_ORDERS: Final = gettext_noop("of {} of {} orders: the others do not say it")
COST_OF_SOME: Final = gettext_noop("the cost of goods is known of {} of {} orders")
SHIPPING_OF_SOME: Final = gettext_noop(
    "shipping borne is taken off for {} of {} orders: the others do not say it"
)
FEES_OF_SOME: Final = gettext_noop(
    "payment fees are taken off for {} of {} orders: the others do not say them"
)
MARGINS_ALIKE: Final = gettext_noop(
    "customers' margins differ by no more than chance: all have the shop's"
)
NOTHING_THEN: Final = gettext_noop("nothing was bought in those weeks")
NOTHING_THAT_YEAR: Final = gettext_noop("nothing was bought in that year")
FIRST_SNAPSHOT: Final = gettext_noop("this is the first snapshot")
OTHER_CURRENCY: Final = gettext_noop("money was in another currency then")
NO_CONTRACT: Final = gettext_noop("no order belongs to a contract: import the contract's number")
NEEDS_CONTRACTS: Final = gettext_noop("needs {} more contracts whose next delivery is decided")
CONTRACTS_UNJUDGED: Final = gettext_noop(
    "the default: too few renewals were decided before and after an earlier day to choose by"
)
CONTRACT_RENEWALS: Final = gettext_noop(
    "over the last {} cut-offs the number of renewals was off by {} on average"
)
NEVER_RENEWED_PAID: Final = gettext_noop("no contract has had a second delivery")
WAY_ONE: Final = gettext_noop(
    "one model of orders tells all: over the last {} cut-offs it missed the orders of customers "
    "with a contract by {}, contracts apart by {}"
)
WAY_APART: Final = gettext_noop(
    "contracts are told apart: over the last {} cut-offs the orders of customers with a contract "
    "were missed by {}, with one model by {}"
)
WAYS_UNJUDGED: Final = gettext_noop(
    "one model of orders tells all: contracts apart could not be judged by the past"
)
NONE_DUE: Final = gettext_noop("no contract has got so far")
LIMITS_OF_PARAMETERS: Final = gettext_noop(
    "the interval knows how unsure the parameters are, not whether the model holds"
)
NO_LIMITS: Final = gettext_noop("the data leave a parameter open: no interval")
