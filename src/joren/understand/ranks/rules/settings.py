"""The shop's bounds: filled in where it has none, refused where they contradict themselves."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from joren.core.money import decimals
from joren.understand.ranks.contracts import WINDOWS, Four, RankRules, RulesContradict

_BIG_SPEND_YEN = 70_000  # LTV-Lab's default for CPM
_BIG_SPEND_ELSEWHERE = 500  # major units, where a yen is not the unit
_SPEND_SHARES = (0.1, 0.3, 1.0, 2.0)  # of the big spend, for RFM's M


def filled(rules: RankRules, currency: str) -> RankRules:
    """The rules with every amount of money known.

    The customs that the defaults come from are written in yen. In a currency with decimals ¥70,000
    becomes 500 units, a round figure of the same order, to be replaced by the shop's own.
    """
    big = rules.big_spend
    if big is None:
        places = decimals(currency)
        big = _BIG_SPEND_ELSEWHERE * 10**places if places else _BIG_SPEND_YEN
    spend = rules.spend or _four([round(share * big) for share in _SPEND_SHARES])
    return replace(rules, big_spend=big, spend=spend)


def check(rules: RankRules) -> None:
    """Refuse bounds between which nobody could stand."""
    _need(
        rules.rfm in ("quantiles", "thresholds"), f"rfm is {rules.rfm!r}", "quantiles, thresholds"
    )
    _falling("recency_days", rules.recency_days)
    _rising("purchases", rules.purchases)
    if rules.spend is not None:
        _rising("spend", rules.spend)
    _need(rules.active_days > 0, f"active_days is {rules.active_days}", "one day or more")
    _need(
        0 < rules.settled_days < rules.loyal_days,
        f"settled_days {rules.settled_days}, loyal_days {rules.loyal_days}",
        "settled_days above 0 and below loyal_days",
    )
    _need(
        rules.big_spend is None or rules.big_spend > 0,
        f"big_spend is {rules.big_spend}",
        "an amount above zero, in minor units",
    )
    _need(
        0 < rules.vip_enter <= rules.vip_keep <= 10_000,
        f"vip_enter {rules.vip_enter}, vip_keep {rules.vip_keep}",
        "basis points; who enters at 1000 must be kept at 1000 or more, at most 10000",
    )
    _need(
        rules.f2_days in WINDOWS,
        f"f2_days is {rules.f2_days}",
        f"one of {', '.join(str(days) for days in WINDOWS)} days",
    )
    for name in ("vip_share_alarm", "vip_share_fall"):
        share = getattr(rules, name)
        _need(0 < share <= 10_000, f"{name} is {share}", "basis points from 1 to 10000")


def _four(numbers: list[int]) -> Four:
    a, b, c, d = numbers
    return a, b, c, d


def _rising(name: str, bounds: Four) -> None:
    good = bounds[0] > 0 and all(a < b for a, b in pairwise(bounds))
    _need(len(bounds) == 4 and good, f"{name} is {list(bounds)}", "four rising bounds above zero")


def _falling(name: str, bounds: Four) -> None:
    good = bounds[-1] >= 0 and all(a > b for a, b in pairwise(bounds))
    _need(
        len(bounds) == 4 and good, f"{name} is {list(bounds)}", "four falling bounds, rank 2 first"
    )


def _need(so: bool, what_is: str, wanted: str) -> None:
    if not so:
        raise RulesContradict(what_is, hint=f"expected: {wanted}")
