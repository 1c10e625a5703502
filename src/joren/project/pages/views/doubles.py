"""People who may be one, side by side: a person decides, and can take it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop, ngettext
from django.views.decorators.http import require_POST

from joren.collect.customers import selectors as people
from joren.collect.customers import services
from joren.collect.customers.contracts import (
    Customer,
    Double,
    KnownAs,
    Likelihood,
    NoSuchCustomer,
    NoSuchDouble,
    SameCustomer,
)
from joren.collect.orders import selectors as facts
from joren.core.ids import CustomerId
from joren.plumbing.access import caller, needs
from joren.plumbing.warehouse import warehouse
from joren.project import selection
from joren.project.pages import codes
from joren.project.pages.sections import currency_of
from joren.project.pages.typed import whole
from joren.protect.audit import services as audit
from joren.understand.ltv import selectors as values
from joren.understand.ltv.contracts import NoSnapshot

PAGE: Final = 10

LIKELIHOODS: Final[Mapping[Likelihood, str]] = {
    "very_likely": gettext_noop("Very likely one person"),
    "likely": gettext_noop("Probably one person"),
    "perhaps": gettext_noop("Perhaps one person"),
    "household": gettext_noop("Perhaps one household"),
}
EVIDENCE: Final = {
    "one_row": gettext_noop("Both stood on one row of a file"),
    "email_alike": gettext_noop("E-mails differ only in dots, case or a +part"),
    "name_birthday": gettext_noop("Same name, same birthday"),
    "name_postal": gettext_noop("Same name, same postal code"),
    "phone_nameless": gettext_noop("Same phone, and no name against it"),
    "phone_shared": gettext_noop("Same phone, two names"),
    "family_postal": gettext_noop("Same family name, same postal code"),
}
_FIELDS: Final = {
    "name": gettext_noop("Name"),
    "name_kana": gettext_noop("Kana"),
    "email": gettext_noop("E-mail"),
    "phone": gettext_noop("Phone"),
    "postal_code": gettext_noop("Postal code"),
    "prefecture": gettext_noop("Prefecture"),
    "city": gettext_noop("City"),
    "street": gettext_noop("Street"),
    "building": gettext_noop("Building"),
    "birthday": gettext_noop("Birthday"),
    "gender": gettext_noop("Gender"),
}


@dataclass(frozen=True)
class Side:
    """One of the two, as far as it helps to decide."""

    person: Customer
    known_as: tuple[KnownAs, ...]
    orders: int
    first: date | None
    last: date | None
    revenue: int | None
    stage: str


@dataclass(frozen=True)
class Compared:
    """One field of both; ``same`` is None where one of them does not say it."""

    label: str
    one: Any
    other: Any
    same: bool | None


@dataclass(frozen=True)
class Shown:
    """A pair with all that is shown of it."""

    pair: Double
    words: str
    evidence: tuple[str, ...]
    fields: tuple[Compared, ...]
    sides: tuple[Side, Side]
    suggested: bool


@needs("edit_people")
def doubles(request: HttpRequest) -> HttpResponse:
    asked = _likelihood(request.GET.get("likelihood", ""))
    found = people.doubles(likelihood=asked, after=request.GET.get("after", ""), limit=PAGE)
    suggest = "suggest" in request.GET
    pairs = _shown(found.items, suggest=suggest)
    seen = (side.person.id for pair in pairs for side in pair.sides)
    audit.customers_compared(seen, actor=caller(request).name)
    waiting = people.doubles_waiting()
    kept = {"likelihood": asked} if asked else {}
    shown = {
        "pairs": pairs,
        "currency": currency_of(None),
        "tabs": [
            (name, gettext(label), waiting[name], name == asked)
            for name, label in LIKELIHOODS.items()
        ],
        "all": sum(waiting.values()),
        "asked": asked or "",
        "next": urlencode({**kept, "after": found.next}) if found.next else "",
        "here": request.GET.urlencode(),
        "suggested": suggest,
    }
    return render(request, "pages/doubles.html", shown)


@needs("edit_people")
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Carry out what was chosen for each pair of the page; what is not chosen goes on waiting."""
    by, why = caller(request).name, request.POST.get("why", "").strip()[:500]
    merged = apart = passed = 0
    for name, choice in request.POST.items():
        number = whole(name.removeprefix("pair-")) if name.startswith("pair-") else None
        if number is None:
            continue
        try:
            pair = people.double(number)
            if choice == "merge":
                services.merge_customers(pair.one, pair.other, by=by, why=why)
                merged += 1
            elif choice == "apart":
                services.keep_apart(pair.one, pair.other, by=by, why=why)
                apart += 1
        except (NoSuchDouble, NoSuchCustomer, SameCustomer):
            passed += 1  # decided meanwhile, by somebody else or further up on this page
    _tell(request, merged, apart, passed)
    back = request.POST.get("back", "")
    return HttpResponseRedirect(reverse("doubles") + (f"?likelihood={back}" if back else ""))


@needs("edit_people")
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    new = services.look_for_doubles(warehouse())
    text = ngettext("%(n)s new pair was found.", "%(n)s new pairs were found.", new)
    messages.success(request, text % {"n": f"{new:,}"})
    return HttpResponseRedirect(reverse("doubles"))


def _tell(request: HttpRequest, merged: int, apart: int, passed: int) -> None:
    told = (
        (merged, ngettext("%(n)s pair is one customer now.", "%(n)s pairs are one customer now.",
                          merged)),
        (apart, ngettext("%(n)s pair stays apart.", "%(n)s pairs stay apart.", apart)),
    )  # fmt: skip
    for count, text in told:
        if count:
            messages.success(request, text % {"n": f"{count:,}"})
    if passed:
        text = ngettext(
            "%(n)s pair had been decided already.", "%(n)s pairs had been decided already.", passed
        )
        messages.warning(request, text % {"n": f"{passed:,}"})
    if not (merged or apart or passed):
        messages.warning(request, gettext("Nothing was chosen."))


def _likelihood(text: str) -> Likelihood | None:
    return next((name for name in LIKELIHOODS if name == text), None)


def _shown(pairs: Sequence[Double], *, suggest: bool) -> list[Shown]:
    ids = [CustomerId(one) for one in {one for pair in pairs for one in (pair.one, pair.other)}]
    known, identities = people.customers_among(ids), people.identities_among(ids)
    carried = facts.carried_by(
        warehouse(), [one.id for mine in identities.values() for one in mine]
    )
    try:
        worth = selection.of_these(values.snapshot(), ids) if ids else {}
    except NoSnapshot:
        worth = {}
    sides = {
        one: _side(known[one], identities[one], carried, worth.get(one, {}))
        for one in ids
        if one in known
    }
    return [
        _pair(pair, (sides[pair.one], sides[pair.other]), suggest=suggest)
        for pair in pairs
        if pair.one in sides and pair.other in sides
    ]


def _pair(pair: Double, sides: tuple[Side, Side], *, suggest: bool) -> Shown:
    return Shown(
        pair,
        gettext(LIKELIHOODS[pair.likelihood]),
        tuple(gettext(EVIDENCE[name]) for name in pair.evidence),
        tuple(_compared(sides[0].person, sides[1].person)),
        sides,
        suggest and pair.likelihood == "very_likely",
    )


def _compared(one: Customer, other: Customer) -> list[Compared]:
    found = []
    for name, label in _FIELDS.items():
        ours, theirs = getattr(one, name), getattr(other, name)
        if ours or theirs:
            same = ours == theirs if ours and theirs else None
            found.append(Compared(gettext(label), ours, theirs, same))
    return found


def _side(
    person: Customer,
    identities: Sequence[KnownAs],
    carried: Mapping[int, Mapping[str, Any]],
    worth: Mapping[str, Any],
) -> Side:
    mine = [carried[one.id] for one in identities if one.id in carried]
    return Side(
        person,
        tuple(identities),
        sum(one["orders"] for one in mine),
        min((one["first"] for one in mine), default=None),
        max((one["last"] for one in mine), default=None),
        worth.get("revenue_past"),
        codes.stage(worth.get("stage")),
    )
