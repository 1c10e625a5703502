"""One form: where it stands, what each variant brought, and its versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop

from joren.act.forms import selectors
from joren.act.forms.contracts import FEWEST_VISITORS, STATE_NAMES, WINDOWS, Arm, Results
from joren.core.figures import Figure
from joren.plumbing.access import caller, needs
from joren.project.pages.charts import Chart, lying_bars
from joren.project.pages.tables import Column, Row, Table, csv_asked
from joren.project.pages.typed import whole

_TOO_FEW: Final = gettext_noop("Too few to read")
_VERDICTS: Final = {
    "higher": gettext_noop("More than the plain form"),
    "lower": gettext_noop("Less than the plain form"),
    "unclear": gettext_noop("No difference proven"),
}


@needs("view_figures")
def form(request: HttpRequest, number: int) -> HttpResponseBase:
    """The form with its results; an earlier round where one is asked for."""
    one = selectors.by_number(number)
    found = selectors.results(number, round_number=whole(request.GET.get("round", "")))
    shares, beside = _shares(found), _beside(found)
    shown = {
        "one": one,
        "state": gettext(STATE_NAMES[one.state]),
        "found": found,
        "rounds": range(1, one.round + 1),
        "table": shares,
        "beside": beside if len(found.arms) > 1 else None,
        "chart": _chart(found, shares) if any(arm.visitors for arm in found.arms) else None,
        "address": selectors.address_of(one.slug),
        "snippet": selectors.snippet_of(one.slug),
        "versions": selectors.versions(number),
        "is_old": one.live is not None and one.live != one.version,
        "changes": caller(request).may("treat"),
        "fewest": FEWEST_VISITORS,
    }
    return csv_asked(request, shares, beside) or render(request, "pages/forms/one.html", shown)


def _shares(found: Results) -> Table:
    return Table(
        "variants",
        gettext("What each variant brought"),
        [
            Column(gettext("Variant")), Column(gettext("Visitors"), "count"),
            Column(gettext("Signed up")), Column(gettext("Confirmed")),
            *(Column(_within(days)) for days in WINDOWS),
        ],
        [
            Row(
                [
                    _named(arm), arm.visitors,
                    _figure("form_signed_up", arm.signed_share, arm.visitors),
                    _figure("form_confirmed", arm.confirmed_share, arm.visitors),
                    *(
                        _figure("form_first_order", each.share, each.followed)
                        for each in arm.ordered
                    ),
                ],
                thin=arm.thin,
            )
            for arm in found.arms
        ],
        note=gettext(
            "Shares of the visitors who saw the variant. Grey: fewer than %(n)s visitors."
        ) % {"n": FEWEST_VISITORS},
    )  # fmt: skip


def _beside(found: Results) -> Table:
    parts: Sequence[tuple[str, Callable[[Arm], Any]]] = [
        (gettext("Signed up"), lambda arm: arm.signed_effect),
        (gettext("Confirmed"), lambda arm: arm.confirmed_effect),
        (_within(WINDOWS[0]), lambda arm: arm.ordered[0].effect),
        (_within(WINDOWS[1]), lambda arm: arm.ordered[1].effect),
    ]
    rows = [
        Row([_named(arm), label, *_effect(of(arm), found)])
        for arm in found.arms
        if not arm.is_control
        for label, of in parts
    ]
    return Table(
        "beside",
        gettext("Beside the plain form"),
        [
            Column(gettext("Variant")), Column(gettext("Figure")),
            Column(gettext("Difference in points")), Column(gettext("Its interval")),
            Column(gettext("Evidence")),
        ],
        rows,
        note=gettext(
            "Differences in percentage points (Newcombe). With several variants each interval is "
            "wider, so that all of them hold together. Looking every day proves nothing sooner."
        ),
    )  # fmt: skip


def _effect(effect: Any, found: Results) -> list[str]:
    if found.broken:
        return ["–", "–", gettext("The arms are broken: no conclusion")]
    if effect is None or effect.too_small:
        return ["–", "–", gettext(_TOO_FEW)]
    low, high = 100 * effect.low, 100 * effect.high
    return [
        f"{100 * effect.estimate:+.2f}",
        f"{low:+.2f} – {high:+.2f}",
        gettext(_VERDICTS[str(effect.verdict)]),
    ]


def _figure(name: str, share: Any, n: int) -> Figure:
    if share is None:
        return Figure(name, None, "share", n, why="")
    return Figure(
        name, float(share.estimate), "share", n, float(share.low), float(share.high), 0.95
    )


def _within(days: int) -> str:
    return gettext("First order within %(days)s days") % {"days": days}


def _named(arm: Arm) -> str:
    said = f"{arm.variant.key} · {arm.variant.name}"
    compared = gettext("to compare with")
    return f"{said} ({compared})" if arm.is_control else said


def _chart(found: Results, table: Table) -> Chart:
    rows = [
        {"variant": f"{arm.variant.key} · {arm.variant.name}",
         "share": float(arm.signed_share.estimate)}
        for arm in found.arms
        if arm.signed_share is not None
    ]  # fmt: skip
    drawn = lying_bars(rows, y="variant", x="share", x_format=".1%")
    said = ", ".join(f"{row['variant']}: {row['share']:.1%}" for row in rows)
    return Chart("signups", gettext("Sign-ups per visitor"), said, drawn, table)
