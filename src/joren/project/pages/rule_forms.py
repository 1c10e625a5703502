"""The fields in which a shop types its bounds and targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict
from django.utils.translation import gettext

from joren.accounts.selectors import business
from joren.core.money import UNKNOWN_CURRENCY, decimals
from joren.plumbing.warehouse import warehouse
from joren.understand.economics.contracts import HORIZON, EconomicsRules
from joren.understand.ranks import selectors as ranks
from joren.understand.ranks.contracts import WINDOWS, RankRules


@dataclass(frozen=True)
class Field:
    """One rule. ``kind``: number, money, share (typed in per cent), ratio, words or choice."""

    name: str
    label: str
    kind: str
    values: tuple[str, ...]
    help: str = ""
    optional: bool = False
    options: tuple[tuple[str, str], ...] = ()
    heads: tuple[str, ...] = ("",)  # of each value, where there are several

    @property
    def many(self) -> bool:
        return len(self.heads) > 1

    @property
    def cells(self) -> list[tuple[str, str]]:
        """Head and value of each input."""
        return list(zip(self.heads, self.values, strict=True))


def of_ranks(rules: RankRules, currency: str) -> tuple[Field, ...]:
    """RFM, CPM, stages, F2 and VIP."""
    filled = ranks.default_rules(currency)
    unit = 10 ** decimals(currency)
    return (*_rfm(rules, filled, unit), *_portfolio(rules, filled, unit), *_regulars(rules))


def _rfm(rules: RankRules, filled: RankRules, unit: int) -> tuple[Field, ...]:
    heads = tuple(gettext("Rank %(n)s") % {"n": n} for n in (2, 3, 4, 5))
    ways = (
        ("quantiles", gettext("Five equal parts of the customers (20% each)")),
        ("thresholds", gettext("The bounds below")),
    )
    return (
        Field("rfm", gettext("RFM is cut by"), "choice", (rules.rfm,), options=ways),
        Field(
            "recency_days", gettext("R: last purchase at most so many days ago"), "number",
            _texts(rules.recency_days), heads=heads,
        ),
        Field(
            "purchases", gettext("F: at least so many purchases"), "number",
            _texts(rules.purchases), heads=heads,
        ),
        Field(
            "spend", gettext("M: at least so much revenue to date"), "money",
            _amounts(rules.spend, unit) if rules.spend else ("",) * 4,
            _blank() % {"amounts": ", ".join(_amounts(filled.spend or (), unit))}, True,
            heads=heads,
        ),
    )  # fmt: skip


def _portfolio(rules: RankRules, filled: RankRules, unit: int) -> tuple[Field, ...]:
    return (
        Field(
            "active_days", gettext("Active: last purchase within so many days"), "number",
            (str(rules.active_days),), gettext("Who stays away longer has lapsed (CPM, stage)."),
        ),
        Field(
            "settled_days", gettext("CPM: toddling until so many days in the shop"), "number",
            (str(rules.settled_days),),
        ),
        Field(
            "loyal_days", gettext("CPM: loyal from so many days in the shop"), "number",
            (str(rules.loyal_days),),
        ),
        Field(
            "big_spend", gettext("CPM: trending or loyal above so much revenue"), "money",
            _amounts((rules.big_spend,), unit) if rules.big_spend is not None else ("",),
            _blank() % {"amounts": _amounts((filled.big_spend or 0,), unit)[0]}, True,
        ),
    )  # fmt: skip


def _regulars(rules: RankRules) -> tuple[Field, ...]:
    return (
        Field(
            "f2_days", gettext("Window of the F2 rate"), "choice", (str(rules.f2_days),),
            options=tuple(
                (str(days), gettext("within %(days)s days") % {"days": days}) for days in WINDOWS
            ),
        ),
        Field(
            "vip_enter", gettext("VIP: enters in the top"), "share",
            _shares(rules.vip_enter), gettext("Of the buyers of the last 365 days, by revenue."),
        ),
        Field(
            "vip_keep", gettext("VIP: stays within the top"), "share",
            _shares(rules.vip_keep), gettext("Wider than the entrance, so that nobody flickers."),
        ),
        Field(
            "vip_share_alarm", gettext("VIP: alarm above this share of sales"), "share",
            _shares(rules.vip_share_alarm),
        ),
        Field(
            "vip_share_fall", gettext("VIP: alarm when the share falls this much in a month"),
            "share", _shares(rules.vip_share_fall),
        ),
    )  # fmt: skip


def _blank() -> str:
    return gettext("Empty: joren's own, %(amounts)s.")


def of_economics(rules: EconomicsRules) -> tuple[Field, ...]:
    """What is paid for, and the targets."""
    return (
        Field(
            "paid_mediums", gettext("Mediums that are paid for"), "words",
            (", ".join(rules.paid_mediums),),
            gettext("Separated by commas. Sources with recorded ad spend count as paid anyway."),
        ),
        Field(
            "payback_months", gettext("Payback within so many months"), "number",
            (str(rules.payback_months),), gettext("1 to %(most)s") % {"most": HORIZON},
        ),
        Field(
            "ltv_to_cac", gettext("LTV:CAC of at least"), "ratio", (f"{rules.ltv_to_cac:g}",),
            gettext("First-year profit per customer over the cost of winning one."),
        ),
    )  # fmt: skip


def typed(fields: Sequence[Field], sent: QueryDict) -> tuple[Field, ...]:
    """The fields with what was typed into them."""
    return tuple(
        replace(one, values=tuple(sent.getlist(one.name)))
        if len(sent.getlist(one.name)) == len(one.values)
        else one
        for one in fields
    )


def _texts(numbers: Sequence[int]) -> tuple[str, ...]:
    return tuple(str(number) for number in numbers)


def _amounts(minor: Sequence[int], unit: int) -> tuple[str, ...]:
    return tuple(f"{amount / unit:.{len(str(unit)) - 1}f}" for amount in minor)


def _shares(basis_points: int) -> tuple[str, ...]:
    return (f"{basis_points / 100:g}",)


def currency() -> str:
    """The one that amounts are typed in: the shop's, else that of the newest figures."""
    latest = warehouse().snapshots.latest()
    of_figures = latest.settings.get("currency") if latest else None
    return str(business().currency or of_figures or UNKNOWN_CURRENCY)
