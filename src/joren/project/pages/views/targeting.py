"""Who should get it: ways of choosing raced on whom a lot divided, and one of them as a segment."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext, gettext_noop
from django.views.decorators.http import require_POST

from joren.core.errors import BadInput
from joren.core.money import Money, decimals
from joren.decide.holdouts import selectors as holdouts
from joren.decide.segments import selectors as segments
from joren.measure.experiments import selectors, services
from joren.measure.experiments.contracts import (
    NotYetTargeted,
    Policy,
    Targeting,
    TargetingEvidence,
)
from joren.plumbing.access import caller, needs
from joren.plumbing.problems import in_one_line
from joren.project import showing
from joren.project.pages.deeds import carry_out
from joren.project.pages.sections import of_the_latest
from joren.project.pages.tables import Column, Row, Table, csv_asked
from joren.warehouse import Snapshot

POLICIES: Final[dict[Policy, str]] = {
    "everybody": gettext_noop("Everybody"),
    "nobody": gettext_noop("Nobody"),
    "rfm": gettext_noop("The best by RFM"),
    "response": gettext_noop("Who is likely to buy (response)"),
    "uplift": gettext_noop("Who buys because of it (uplift)"),
}
LABELS: Final[dict[TargetingEvidence, str]] = {
    "proven": gettext_noop("Proven: better than every other one"),
    "not_proven": gettext_noop("Not proven to be better than every other one"),
    "too_small": gettext_noop("Too few buyers to tell them apart"),
}


@needs("view_figures")
def targeting(request: HttpRequest, number: int) -> HttpResponseBase:
    """The race of one holdout at a cost per customer treated."""
    return of_the_latest(gettext_noop("Who should get it"))(partial(_raced, number))(request)


def _raced(number: int, request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    one = holdouts.holdout(number)
    unit = str(snapshot.settings.get("currency") or "")
    typed = request.GET.get("cost", "").strip()
    shown: dict[str, Any] = {
        "one": one, "unit": unit, "typed": typed, "changes": caller(request).may("treat"),
    }  # fmt: skip
    try:
        found = selectors.who(number, cost=_minor(typed, decimals(unit)))
    except (BadInput, NotYetTargeted) as early:
        return render(request, "pages/holdouts/who.html", shown | {"unready": in_one_line(early)})
    table = _table(found, unit)
    shown |= {
        "found": found,
        "minor": repr(found.cost),
        "table": table,
        "typed": typed or str(Money(round(found.cost), unit).major),
        "use": gettext(POLICIES[found.use]),
        "plain": gettext(POLICIES[found.plain]),
        "label": gettext(LABELS[found.evidence]),
        "rule": _in_words(found),
    }
    return csv_asked(request, table) or render(request, "pages/holdouts/who.html", shown)


@needs("treat")
@require_POST
def target(request: HttpRequest, number: int) -> HttpResponse:
    """Keep the chosen policy as a segment, and show it."""
    made: list[int] = []

    def deed() -> str:
        cost = _minor(request.POST.get("minor", ""), 0)
        name = request.POST.get("name", "")
        made.append(services.target(number, name=name, cost=cost, by=caller(request).name))
        return gettext("The segment is there. Leave a part of it out when you treat it.")

    answer = carry_out(request, deed, then="targeting", args=[number])
    return HttpResponseRedirect(reverse("segment", args=made)) if made else answer


def _minor(typed: str, places: int) -> float | None:
    """What somebody typed, in minor units; None where they typed nothing."""
    if not typed:
        return None
    try:
        amount = Decimal(typed.replace(",", ""))
    except InvalidOperation:
        raise BadInput(f"{typed!r} is no amount", hint="such as 20") from None
    if not (amount.is_finite() and amount >= 0):
        raise BadInput(f"a cost of {typed}", hint="0 or more")
    return float(amount * 10**places)


def _table(found: Targeting, unit: str) -> Table:
    return Table(
        "policies",
        gettext("Ways of choosing, per 1,000 customers"),
        [
            Column(gettext("Way of choosing")), Column(gettext("Sent to"), "share"),
            Column(gettext("Over nobody")), Column(gettext("Its 95% interval"), below=True),
            Column(gettext("Over the better of everybody and nobody")),
            Column(gettext("Its 95% interval"), below=True),
            Column(gettext("To be expected"), unit),
        ],
        [
            Row(
                [
                    gettext(POLICIES[one.policy]), one.share, one.over_nobody,
                    showing.interval(one.over_nobody), one.over_plain,
                    showing.interval(one.over_plain), one.expected.value,
                ],
                thin=one.policy != found.use,
            )
            for one in found.policies
        ],
        note=gettext(
            "Each is judged on customers whose own outcomes it has not seen, in pairs: only those "
            "count whom two of them treat differently. To be expected is the difference drawn to "
            "0 as far as they differ by no more than chance; the highest is used."
        ),
    )  # fmt: skip


def _in_words(found: Targeting) -> str:
    """The rule as a segment says it."""
    if found.rule is None:
        return ""
    ja, en = segments.sentences(segments.read(found.rule))
    return ja if (get_language() or "").startswith("ja") else en
