"""How much the shop writes to anybody, and when; and where one customer's clock is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from joren.act.messages import selectors, services
from joren.act.messages.contracts import (
    KIND_NAMES,
    LONGEST_WINDOW,
    TRANSACTIONAL,
    BadPolicy,
    Cap,
    Policy,
    PolicyChange,
    PolicyPreview,
    Quiet,
    Tracking,
)
from joren.core.errors import JorenError
from joren.core.money import decimals
from joren.plumbing.access import caller, needs
from joren.plumbing.problems import told
from joren.project.pages import rule_forms
from joren.project.pages.codes import why
from joren.project.pages.deeds import carry_out
from joren.project.pages.tables import Column, Row, Table
from joren.project.pages.views.messages import words
from joren.project.showing import amount, minute
from joren.protect.consent.contracts import CHANNEL_NAMES

_OPENING: Final = ("email",)
"""Only what has pictures can tell that it was opened."""

_SPARE: Final = 2
"""Empty rows under the caps, to write more into."""


@dataclass(frozen=True)
class Typed:
    """The form as it is shown: texts."""

    caps: Sequence[Mapping[str, str]]
    since: str
    until: str
    month_most: str
    month_cost: str
    costs: Mapping[str, str]


@needs("view_figures")
def policy(request: HttpRequest) -> HttpResponseBase:
    """Caps, quiet time and budgets; what they would have done; how fast messages leave."""
    if request.method != "POST":
        return _page(request, _written(selectors.policy()))
    return _asked(request)


@needs("change_settings")
def _asked(request: HttpRequest) -> HttpResponseBase:
    typed = _typed(request)
    try:
        wanted = _meant(typed)
        if request.POST.get("do") == "try":
            return _page(request, typed, tried=services.try_policy(wanted))
        services.set_policy(wanted, by=caller(request).name)
    except JorenError as refusal:
        return _page(request, typed, refusal=refusal)
    messages.success(request, gettext("Saved. It holds from now on."))
    return HttpResponseRedirect(reverse("message_policy"))


@needs("change_settings")
@require_POST
def set_pace(request: HttpRequest) -> HttpResponse:
    """Limit how fast messages leave, begin a warm-up, or lift a limit."""
    sent = request.POST
    channel, domain = sent.get("channel", ""), sent.get("domain", "").strip().lower()

    def deed() -> str:
        lifted = sent.get("do") == "lift"
        services.set_pace(
            sent.get("scope", "") or (f"{channel}:{domain}" if domain else channel),
            per_minute=None if lifted else _whole(sent.get("per_minute", "")),
            warm_first=None if lifted else _whole(sent.get("warm_first", "")),
            by=caller(request).name,
        )
        return gettext("Saved.")

    return carry_out(request, deed, then="message_policy")


@needs("change_settings")
@require_POST
def set_tracking(request: HttpRequest) -> HttpResponse:
    """Say on which channels clicks and openings are noted."""
    wanted = Tracking(tuple(request.POST.getlist("clicks")), tuple(request.POST.getlist("opens")))

    def deed() -> str:
        services.set_tracking(wanted, by=caller(request).name)
        return gettext("Saved.")

    return carry_out(request, deed, then="message_policy")


@needs("edit_people")
@require_POST
def set_zone(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Say where one customer's clock is."""

    def deed() -> str:
        zone = request.POST.get("zone", "").strip()
        services.set_zone(customer_id, zone, by=caller(request).name)
        return gettext("Saved.")

    return carry_out(request, deed, then="customer", args=[customer_id])


def _page(
    request: HttpRequest,
    typed: Typed,
    *,
    tried: PolicyPreview | None = None,
    refusal: JorenError | None = None,
) -> HttpResponse:
    now, spent, unit = selectors.policy(), selectors.month_spent(), rule_forms.currency()
    shown = {
        "typed": typed,
        "refusal": refusal and told(refusal),
        "tried": tried and _tried(tried),
        "preview": tried,
        "version": now.version,
        "spent": {
            "month": spent.month,
            "messages": spent.messages,
            "cost": amount(spent.cost, unit) if now.costs else "",
        },
        "channels": _channels(),
        "kinds": [(k, gettext(v)) for k, v in KIND_NAMES.items() if k != TRANSACTIONAL],
        "longest": LONGEST_WINDOW,
        "currency": unit,
        "zone": selectors.home_zone(),
        "paces": _paces(),
        "tracking": selectors.tracking(),
        "opening": _OPENING,
        "changes": caller(request).may("change_settings"),
        "history": [_changed(one) for one in selectors.policy_changes(20)],
    }
    status = refusal.status if refusal else 200
    return render(request, "pages/messages/policy.html", shown, status=status)


def _channels() -> list[tuple[str, str]]:
    return [(name, gettext(CHANNEL_NAMES.get(name, name))) for name in selectors.channel_names()]


def _written(one: Policy) -> Typed:
    unit = rule_forms.currency()
    caps = [
        {"channel": cap.channel, "kind": cap.kind, "most": f"{cap.most}", "days": f"{cap.days}"}
        for cap in one.caps
    ]
    return Typed(
        caps=_with_spare(caps),
        since=f"{one.quiet.since:%H:%M}" if one.quiet else "",
        until=f"{one.quiet.until:%H:%M}" if one.quiet else "",
        month_most="" if one.month_most is None else f"{one.month_most}",
        month_cost="" if one.month_cost is None else _major(one.month_cost, unit),
        costs={name: _major(cost, unit) for name, cost in one.costs.items()},
    )


def _typed(request: HttpRequest) -> Typed:
    sent = request.POST
    columns = [sent.getlist(name) for name in ("cap_channel", "cap_kind", "cap_most", "cap_days")]
    caps = [
        dict(zip(("channel", "kind", "most", "days"), (one.strip() for one in row), strict=True))
        for row in zip(*columns, strict=False)
    ]
    return Typed(
        caps=_with_spare([one for one in caps if one["most"] or one["days"]]),
        since=sent.get("since", "").strip(),
        until=sent.get("until", "").strip(),
        month_most=sent.get("month_most", "").strip(),
        month_cost=sent.get("month_cost", "").strip(),
        costs={
            name: cost.strip()
            for name, _ in _channels()
            if (cost := sent.get(f"cost_{name}", "")).strip()
        },
    )


def _with_spare(caps: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    return [*caps, *({"channel": "", "kind": "", "most": "", "days": ""} for _ in range(_SPARE))]


def _meant(typed: Typed) -> Policy:
    unit = rule_forms.currency()
    return Policy(
        caps=tuple(
            Cap(_some(one["most"]), _some(one["days"]), one["channel"], one["kind"])
            for one in typed.caps
            if one["most"] or one["days"]
        ),
        quiet=_quiet(typed.since, typed.until),
        month_most=_whole(typed.month_most),
        month_cost=_minor(typed.month_cost, unit),
        costs={
            name: cost
            for name, text in typed.costs.items()
            if (cost := _minor(text, unit)) is not None
        },
    )


def _quiet(since: str, until: str) -> Quiet | None:
    if not since and not until:
        return None
    try:
        return Quiet(time.fromisoformat(since), time.fromisoformat(until))
    except ValueError:
        raise BadPolicy(f"no quiet time is {since!r} to {until!r}", hint="two times") from None


def _some(text: str) -> int:
    return _whole(text) or 0


def _whole(text: str) -> int | None:
    plain = text.replace(",", "").strip()
    if not plain:
        return None
    if not (plain.isascii() and plain.isdecimal()):
        raise BadPolicy(f"{text!r} is no whole number", hint="0 or more, or nothing for no end")
    return int(plain)


def _minor(text: str, unit: str) -> int | None:
    if not text:
        return None
    try:
        number = Decimal(text.replace(",", "")) * 10 ** decimals(unit)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number != number.to_integral_value():
        raise BadPolicy(f"{text!r} is no amount of {unit}", hint="0 or more, or nothing")
    return int(number)


def _major(minor: int, unit: str) -> str:
    return str(Decimal(minor).scaleb(-decimals(unit)))


def _tried(found: PolicyPreview) -> Table:
    rows = ((gettext("As it is now"), found.now), (gettext("As typed here"), found.then))
    reasons = ("cap", "quiet_hours", "budget")
    return Table(
        "tried",
        gettext("What it would have done in the last %(n)s days") % {"n": found.days},
        [
            Column(gettext("Policy")), Column(gettext("Messages asked for"), "count"),
            Column(gettext("Put off"), "count"), Column(gettext("Share put off"), "share"),
            *(Column(why(one), "count") for one in reasons),
            Column(gettext("Too late by then"), "count"),
            Column(gettext("Hours waited (median)"), "hours"),
        ],
        [
            Row(
                [
                    name, one.asked, one.put_off,
                    one.put_off / one.asked if one.asked else None,
                    *(one.reasons.get(reason, 0) for reason in reasons),
                    one.too_late, one.hours,
                ]
            )
            for name, one in rows
        ],
        note=gettext(
            "Counted from the ledger: each message once, by what keeps it first. "
            "Transactional messages and those that nobody may get are not asked."
        ),
        file=False,
    )  # fmt: skip


def _paces() -> list[dict[str, Any]]:
    return [
        {
            "scope": scope,
            "words": words.of_pace(scope, one),
            "of_the_day": one.warm_since is not None,
        }
        for scope, one in selectors.paces().items()
    ]


def _changed(one: PolicyChange) -> dict[str, Any]:
    caps = [
        gettext("%(most)s in %(days)s days (%(what)s)")
        % {"most": cap.most, "days": cap.days, "what": words.of_cap(cap)}
        for cap in one.policy.caps
    ]
    night = one.policy.quiet
    return {
        "version": one.policy.version,
        "at": minute(one.changed_at),
        "by": one.changed_by,
        "said": [*caps, *([f"{night.since:%H:%M}–{night.until:%H:%M}"] if night else [])],
    }
