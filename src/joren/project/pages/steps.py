"""What to do next, in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from joren.core.figures import Figure
from joren.project import showing
from joren.project.next_steps import Step

_REASONS = {
    "second_purchase": gettext_noop(
        "%(n)s customers bought once and are still active. Give them a reason for the second "
        "purchase."
    ),
    "best_cooling": gettext_noop(
        "%(n)s of the best customers (F and M 4 or 5) have not bought lately (R 3 or less). "
        "Win them back first."
    ),
    "vips_lost": gettext_noop(
        "%(n)s customers were VIPs at the figures before and are none now. Ask them why."
    ),
    "source_below_target": gettext_noop(
        "%(source)s brings %(share)s times what a customer costs there, less than your target. "
        "Spend less on it, or find better customers."
    ),
    "model_drift": gettext_noop(
        "The newest forecast that could be checked missed what came. Look at what changed before "
        "you plan by the predictions."
    ),
    "cost_unknown": gettext_noop(
        "Profit is not known. Import the products with their cost of goods."
    ),
    "source_unknown": gettext_noop(
        "It is not known how %(share)s of the new customers came. Import orders with their source."
    ),
    "review_missed": gettext_noop("The review of %(day)s was not closed."),
    "first_review": gettext_noop(
        "The first monthly review is due: %(n)s days since the first figures."
    ),
    "monthly_review": gettext_noop("The monthly review is due: %(n)s days since the last one."),
    "strategy_review": gettext_noop("The review of “%(name)s” is %(n)s days overdue."),
    "practice_audit": gettext_noop("The audit of the practices of %(quarter)s was not held yet."),
}
_MONEY = {
    "revenue_365d": gettext_noop("Predicted revenue of these customers, next 12 months: %(money)s"),
    "revenue_past": gettext_noop("Revenue that this is about: %(money)s"),
    "ad_spend": gettext_noop("Spent there in the last 12 months: %(money)s"),
}


@dataclass(frozen=True)
class ToDo:
    """One thing to do, what it is about in money, and the way to exactly those.

    ``share`` is a figure that the text names, ``worth`` is the one that the money is.
    """

    text: str
    money: str
    label: str
    address: str
    share: Figure | None = None
    worth: Figure | None = None


def to_do(step: Step) -> ToDo:
    """The sentence, what it is about, and the way there."""
    said = gettext(_REASONS[step.code]) % {
        "n": f"{step.days or step.customers or 0:,}",
        "share": showing.text(step.share) if step.share else "",
        "source": step.source,
        "name": step.name,
        "day": step.name,
        "quarter": step.name,
    }
    if step.more:
        more = gettext("%(n)s more reviews are overdue.") % {"n": f"{step.more:,}"}
        said = f"{said} {more}"
    return ToDo(said, _about(step), *_where(step), share=step.share, worth=step.money)


def _about(step: Step) -> str:
    if step.money:
        return gettext(_MONEY[step.money.name]) % {"money": showing.text(step.money)}
    if step.code == "strategy_review":
        return gettext("Owner: %(name)s") % {"name": step.owner or gettext("nobody yet")}
    return ""


def _where(step: Step) -> tuple[str, str]:
    if step.query:
        return gettext("See these customers"), f"{reverse('customers')}?{step.query}"
    match step.code:
        case "model_drift":
            return gettext("See how far forecasts were right"), f"{reverse('models')}#history"
        case "cost_unknown":
            return gettext("See which costs are known"), f"{reverse('value')}#costs"
        case "review_missed":
            return gettext("Hold the review"), reverse("review", args=[step.of])
        case "first_review" | "monthly_review":
            return gettext("Plan the next one"), f"{reverse('reviews')}#new"
        case "strategy_review" if step.more:
            return gettext("See all of them"), reverse("strategies")
        case "strategy_review":
            return gettext("Review it"), f"{reverse('strategy', args=[step.of])}#reviews"
        case "practice_audit":
            return gettext("Hold it"), f"{reverse('practices')}#audit"
    return gettext("Compare the sources"), f"{reverse('economics')}#sources"
