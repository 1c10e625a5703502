"""A campaign's own budget: its two fields, and what it would cut."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, ngettext

from joren.accounts.selectors import business
from joren.act.campaigns.contracts import Plan, Rehearsal
from joren.core.money import Money, decimals
from joren.project.pages.typed import amount, must_be_whole


def currency() -> str:
    """In which an amount is typed."""
    return business().currency or "JPY"


def filled(plan: Plan) -> dict[str, str]:
    """The fields as somebody would type them."""
    cost = plan.most_cost
    return {
        "most": "" if plan.most is None else f"{plan.most}",
        "most_cost": "" if cost is None else str(Decimal(cost).scaleb(-decimals(currency()))),
    }


def typed(said: Mapping[str, Any]) -> dict[str, int | None]:
    """What was typed; nothing has no end."""
    most, cost = (said.get(name, "").strip() for name in ("most", "most_cost"))
    return {
        "most": must_be_whole(most) if most else None,
        "most_cost": amount(cost) if cost else None,
    }


def budget(plan: Plan) -> str:
    """``5,000 messages at most · ¥15,000 at most``."""
    said = []
    if plan.most is not None:
        words = ngettext("%(n)s message at most", "%(n)s messages at most", plan.most)
        said.append(words % {"n": f"{plan.most:,}"})
    if plan.most_cost is not None:
        said.append(gettext("%(money)s at most") % {"money": Money(plan.most_cost, currency())})
    return " · ".join(said)


def enough(rehearsal: Rehearsal | None) -> list[str]:
    """What a dry run found of it, in sentences."""
    if rehearsal is None or (found := rehearsal.enough) is None:
        return []
    unit = currency()
    if found.cost is None:
        leave = gettext("Without those left out by lot, about %(n)s messages would leave.")
    else:
        leave = gettext(
            "Without those left out by lot, about %(n)s messages would leave, for %(money)s."
        )
    money = "" if found.cost is None else str(Money(found.cost, unit))
    said = [leave % {"n": f"{found.leave:,}", "money": money}]
    if not found.cut:
        said.append(gettext("The campaign's own budget is enough for everybody who was tried."))
    else:
        cut = gettext("Its own budget would cut about %(n)s, those with least to expect.")
        said.append(cut % {"n": f"{found.cut:,}"})
    if found.put_off:
        later = gettext("The month's budget would put off about %(n)s to the next month.")
        said.append(later % {"n": f"{found.put_off:,}"})
    if found.least_worth is not None:
        last = gettext("The last who gets one is expected to bring %(money)s in 365 days.")
        said.append(last % {"money": Money(found.least_worth, unit)})
    if found.beyond:
        more = gettext("%(n)s more customers come after those who were tried.")
        said.append(more % {"n": f"{found.beyond:,}"})
    return said
