"""The six steps of a shop that grows, its indicators, and the parts of a service that are tuned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from joren.core.words import gettext_noop

Part = Literal["goal", "service", "means", "lead_in"]
PARTS: Final[tuple[Part, ...]] = get_args(Part)
PART_NAMES: Final[Mapping[Part, str]] = {
    "goal": gettext_noop("The customer's goal"),
    "service": gettext_noop("The service"),
    "means": gettext_noop("The means"),
    "lead_in": gettext_noop("The lead-in"),
}
"""Which part is tuned: the goal itself, what is offered, by which means, how people come to it."""

Branch = Literal["goal", "reach", "first", "second", "settle", "value", "back"]
BRANCHES: Final[Mapping[Branch, tuple[str, str]]] = {
    "goal": ("目的達成", "The customer's goal"),
    "reach": ("1 集客", "1 Reach"),
    "first": ("2 初回購入", "2 First purchase"),
    "second": ("3 2回目購入(F2)", "3 Second purchase (F2)"),
    "settle": ("4 定着", "4 Settling"),
    "value": ("5 優良化", "5 Growing value"),
    "back": ("6 復帰", "6 Winning back"),
}
"""What the tree branches into: what the customer came for, and the six steps of the shop."""

Growth = Literal["launch", "growth", "expansion", "maturity"]
GROWTHS: Final[Mapping[Growth, tuple[str, str]]] = {
    "launch": ("立ち上げ期", "Launch"),
    "growth": ("成長期", "Growth"),
    "expansion": ("拡大期", "Expansion"),
    "maturity": ("成熟期", "Maturity"),
}
FOCUS: Final[Mapping[Growth, tuple[Branch, ...]]] = {
    "launch": ("goal", "reach", "first"),
    "growth": ("goal", "reach", "first", "second", "settle"),
    "expansion": ("goal", "reach", "first", "second", "settle", "value"),
    "maturity": ("goal", "reach", "first", "second", "settle", "value", "back"),
}
"""On which branches a shop of that age should have figures and targets."""

Kind = Literal["achievement", "result"]
"""Only an achievement (did customers get what they came for?) can be a KPI; users, continuation
and money are what follows from it."""

Unit = Literal["share", "customers", "ratio", "money"]


@dataclass(frozen=True)
class Indicator:
    """One node of the tree. ``profiles`` are the kinds of business that should aim at it."""

    branch: Branch
    kind: Kind
    unit: Unit
    profiles: tuple[str, ...] = ()


_EVERY: Final = ("one_off", "repeat", "subscription", "mixed")
_AGAIN: Final = ("repeat", "subscription", "mixed")

INDICATORS: Final[Mapping[str, Indicator]] = {
    "achievement_rate": Indicator("goal", "achievement", "share", _EVERY),
    "use_achieve": Indicator("goal", "achievement", "share"),
    "start_use": Indicator("goal", "result", "share"),
    "users": Indicator("goal", "result", "customers"),
    "sign_up_30d": Indicator("reach", "result", "share", _EVERY),
    "first_90d": Indicator("first", "result", "share", _EVERY),
    "new_customers_30d": Indicator("first", "result", "customers"),
    "f2_90d": Indicator("second", "result", "share", ("repeat", "mixed")),
    "f3_180d": Indicator("settle", "result", "share", ("repeat", "mixed")),
    "subscription_90d": Indicator("settle", "result", "share", ("subscription", "mixed")),
    "continuation_365d": Indicator("settle", "result", "share", _AGAIN),
    "order_value": Indicator("value", "result", "money", _EVERY),
    "purchase_frequency": Indicator("value", "result", "ratio", _AGAIN),
    "formula_ltv": Indicator("value", "result", "money", _EVERY),
    "back_180d": Indicator("back", "result", "share", _AGAIN),
}

GOAL: Final = "goal:"
"""How the code of the achievement rate of one goal begins; its branch is ``goal``."""


def known(code: str) -> Indicator | None:
    """The indicator of that code, those of the shop's own goals too."""
    if code.startswith(GOAL) and len(code) > len(GOAL):
        return Indicator("goal", "achievement", "share")
    return INDICATORS.get(code)


Place = Literal["aware", "start", "use", "achieve", "again"]
PLACES: Final[Mapping[Place, tuple[str, str]]] = {
    "aware": ("認知", "Aware"),
    "start": ("開始", "Start"),
    "use": ("利用", "Use"),
    "achieve": ("達成", "Achieve"),
    "again": ("再購入", "Repurchase"),
}
Way = Literal["aware_start", "start_use", "use_achieve", "achieve_again"]
WAYS: Final[Mapping[Way, tuple[Place, Place]]] = {
    "aware_start": ("aware", "start"),
    "start_use": ("start", "use"),
    "use_achieve": ("use", "achieve"),
    "achieve_again": ("achieve", "again"),
}
USUAL_PARTS: Final[Mapping[Way, Part]] = {
    "aware_start": "lead_in",
    "start_use": "means",
    "use_achieve": "service",
    "achieve_again": "goal",
}
"""Which part a loss on each way points to, until the shop says otherwise."""

Verdict = Literal["met", "missed", "open", "not_yet", "no_target"]
VERDICT_NAMES: Final[Mapping[Verdict, str]] = {
    "met": gettext_noop("met"),
    "missed": gettext_noop("missed"),
    "open": gettext_noop("the interval leaves it open"),
    "not_yet": gettext_noop("not yet known"),
    "no_target": gettext_noop("no target"),
}

FEWEST: Final = 20
"""Of fewer people a share is not told."""
WINDOW: Final = 365
"""Days in which the people of the funnel came to a place, before the days to go on begin."""
USED_WITHIN: Final = 90
NEW_WITHIN: Final = 30
LEVEL: Final = 0.95

FEW: Final = gettext_noop("fewer than {} people came there long enough ago").format(FEWEST)
NO_USE: Final = gettext_noop("no event says that somebody uses it")
NO_ACHIEVEMENT: Final = gettext_noop("no event says that somebody achieved it")
NO_VISITS: Final = gettext_noop("neither visits nor sign-ups are recorded")
NOT_COUNTED: Final = gettext_noop("the snapshot is older than this figure")
NO_SNAPSHOT_THEN: Final = gettext_noop("no snapshot falls into this period")
