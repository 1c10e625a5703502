"""The shop's own bounds and targets: shown to everybody, changed by those who may."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from joren.core.errors import BadInput, JorenError
from joren.core.money import decimals
from joren.plumbing import problems
from joren.plumbing.access import caller, needs
from joren.project.pages import rule_forms
from joren.project.pages.rule_forms import Field
from joren.project.pages.typed import whole
from joren.understand.economics import selectors as economics
from joren.understand.economics import services as targets
from joren.understand.economics.contracts import EconomicsRules
from joren.understand.ranks import selectors as ranks
from joren.understand.ranks import services as bounds
from joren.understand.ranks.contracts import RankRules

Sent = Mapping[str, Any]


@dataclass(frozen=True)
class Ruling:
    """One set of rules as the page asks for it and changes it."""

    name: str
    title: str
    text: str
    fields: tuple[Field, ...]
    defaults: Mapping[str, Any]
    change: Callable[..., object]


@needs("view_figures")
def rank_rules(request: HttpRequest) -> HttpResponseBase:
    currency = rule_forms.currency()
    return _ruled(
        request,
        Ruling(
            "rank_rules",
            gettext("Bounds of the ranks"),
            gettext("RFM, CPM, stages, VIP and the F2 rate are made by these bounds."),
            rule_forms.of_ranks(ranks.rank_rules(), currency),
            asdict(RankRules()),
            bounds.change_rules,
        ),
        ranks.rules_history(),
        currency,
    )


@needs("view_figures")
def economics_rules(request: HttpRequest) -> HttpResponseBase:
    return _ruled(
        request,
        Ruling(
            "economics_rules",
            gettext("Targets of the economics"),
            gettext("What counts as paid for, and what a customer has to bring."),
            rule_forms.of_economics(economics.economics_rules()),
            asdict(EconomicsRules()),
            targets.change_rules,
        ),
        economics.rules_history(),
        rule_forms.currency(),
    )


def _ruled(request: HttpRequest, ruling: Ruling, history: Any, currency: str) -> HttpResponseBase:
    may = caller(request).may("change_settings")
    shown: dict[str, Any] = {
        "ruling": ruling,
        "changes": may,
        "history": [one for one in history if one.changed_at is not None][:20],
        "currency": currency,
    }
    if request.method != "POST":
        return render(request, "pages/rules.html", shown)
    return _changed(request, ruling, shown, currency)


@needs("change_settings")
def _changed(
    request: HttpRequest, ruling: Ruling, shown: dict[str, Any], currency: str
) -> HttpResponse:
    """Take all of the form or nothing of it; what was typed stays where it is refused."""
    try:
        if "reset" in request.POST:
            wanted = dict(ruling.defaults)
        else:
            wanted = {
                one.name: _read(one, request.POST.getlist(one.name), currency)
                for one in ruling.fields
            }
        ruling.change(by=caller(request).name, **wanted)
    except JorenError as refusal:
        typed = rule_forms.typed(ruling.fields, request.POST)
        return render(
            request,
            "pages/rules.html",
            {**shown, "refusal": problems.told(refusal), "typed": typed},
            status=422,
        )
    messages.success(request, gettext("Saved. It holds from the next refresh on."))
    return HttpResponseRedirect(reverse(ruling.name))


def _read(field: Field, sent: list[str], currency: str) -> Any:
    """What was typed, in the unit that the rules keep."""
    texts = [text.strip() for text in sent]
    if field.kind == "words":
        return [word for text in texts for word in text.replace("\n", ",").split(",")]
    if field.kind == "choice":
        text = texts[0] if texts else ""
        return text if (number := whole(text)) is None else number
    if field.optional and not any(texts):
        return None
    numbers = [_number(field, text, currency) for text in texts]
    return numbers if field.many else numbers[0] if numbers else None


def _number(field: Field, text: str, currency: str) -> int | float:
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) > 10**15:
        raise BadInput(f"{field.label}: {text!r}", hint=gettext("a number is expected there"))
    if field.kind == "ratio":
        return float(number)
    factor = {"share": 100, "money": 10 ** decimals(currency)}.get(field.kind, 1)
    if (whole := number * factor) != int(whole):
        raise BadInput(f"{field.label}: {text!r}", hint=gettext("a whole number is expected there"))
    return int(whole)
