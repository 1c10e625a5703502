"""Channels: what a yen brought by each, what was spent, and tests by area."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST

from joren.accounts import selectors as accounts
from joren.core import clock
from joren.core.errors import BadInput
from joren.measure.channels import selectors, services
from joren.measure.channels.contracts import (
    AD_CHANNELS,
    AREA_EVIDENCE_NAMES,
    AREA_UNIT_NAMES,
    CHANNEL_EVIDENCE_NAMES,
    AreaDesign,
    AreaResult,
    AreaTest,
    AreaTestText,
    AreaUnit,
    ChannelMetric,
    ChannelRow,
)
from joren.plumbing.access import caller, needs
from joren.plumbing.warehouse import warehouse
from joren.project import showing
from joren.project.pages.charts import Chart, lines
from joren.project.pages.deeds import carry_out, day_of
from joren.project.pages.sections import of_the_latest
from joren.project.pages.tables import Column, Linked, Row, Table, csv_asked
from joren.project.pages.typed import amount, must_be_whole, whole
from joren.protect.consent.contracts import CHANNEL_NAMES
from joren.warehouse import Snapshot

SEVERAL: Final = gettext_noop("Several channels together")
METRICS: Final[dict[ChannelMetric, str]] = {
    "profit": gettext_noop("profit before its cost"),
    "revenue": gettext_noop("revenue, profit unknown"),
}
_DAYS: Final = 56


def channel_name(channel: str) -> str:
    """In the reader's language, where the word is one of ours."""
    known = {"several": SEVERAL, **AD_CHANNELS, **CHANNEL_NAMES}.get(channel)
    return gettext(known) if known else channel


@needs("view_figures")
@of_the_latest(gettext_noop("Channels"))
def channels(request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    """Every channel, what was said of spend, and the tests by area."""
    found, tests = selectors.compared(snapshot), selectors.area_tests()
    table, tested = _compared(found), tests_of(tests, snapshot)
    spends = _spends()
    if asked := csv_asked(request, table, tested, spends):
        return asked
    unit: AreaUnit = "broadcast" if request.GET.get("unit") == "broadcast" else "prefecture"
    days = _between(request.GET.get("days", ""), 14, 366) or _DAYS
    design = selectors.design(snapshot, unit, days) if "days" in request.GET else None
    today = clock.shop_day(clock.now(), accounts.business().time_zone)
    shown = {
        "table": table,
        "tests": tested,
        "spends": spends,
        "said": [
            (one.id, f"{channel_name(one.channel)} · {one.first} – {one.last}", one.amount)
            for one in selectors.spends()
        ],
        "design_words": _design_words(design) if design else "",
        "unit": unit,
        "days": days,
        "units": [(code, gettext(words)) for code, words in AREA_UNIT_NAMES.items()],
        "offered": [(code, gettext(words)) for code, words in AD_CHANNELS.items()],
        "sources": sorted({one.channel for one in found if one.kind == "ad"} - {*AD_CHANNELS}),
        "test_choices": [(one.id, one.text.name) for one in tests],
        "currency": accounts.business().currency or "JPY",
        "today": today,
        "tomorrow": today + timedelta(days=1),
        "changes": caller(request).may("treat"),
    }
    return render(request, "pages/channels/channels.html", shown)


@needs("view_figures")
def area_test(request: HttpRequest, number: int) -> HttpResponseBase:
    """One test: what it says, both arms week by week, and every area."""
    one, snapshot = selectors.area_test(number), warehouse().snapshots.latest()
    said = selectors.read(one, snapshot) if snapshot else None
    areas = _areas(one, said)
    weeks = _weeks(said) if said else None
    if asked := csv_asked(request, areas, *([weeks] if weeks else [])):
        return asked
    today = clock.shop_day(clock.now(), accounts.business().time_zone)
    shown = {
        "one": one,
        "said": said,
        "channel": channel_name(one.text.channel),
        "unit": gettext(AREA_UNIT_NAMES[one.text.unit]),
        "evidence": gettext(AREA_EVIDENCE_NAMES[said.evidence]) if said else "",
        "metric": gettext(METRICS[said.metric]) if said else "",
        "figures": (said.lift, said.gain, said.per_yen, said.without_area) if said else (),
        "treated": [each.name for each in one.areas if each.treated],
        "others": [each.name for each in one.areas if not each.treated],
        "chart": _chart(weeks, said) if said and weeks and said.weeks else None,
        "areas": areas,
        "currency": accounts.business().currency or "JPY",
        "changes": caller(request).may("treat"),
        "open": one.text.started_on > today,
    }
    return render(request, "pages/channels/area_test.html", shown)


def _compared(found: tuple[ChannelRow, ...]) -> Table:
    unit = found[0].gain.unit if found else ""
    columns = [
        Column(gettext("Marketing channel")), Column(gettext("Evidence")),
        Column(gettext("Measured in"), below=True),
        Column(gettext("Incremental LTV per yen"), "ratio"),
        Column(gettext("Its 95% interval"), below=True),
        Column(gettext("Incremental LTV, before its cost"), unit),
        Column(gettext("Its 95% interval"), below=True),
        Column(gettext("Cost of what was measured"), unit), Column(gettext("Measured"), "count"),
        Column(gettext("Not measured yet"), "count", below=True),
        Column(gettext("Spend in a year"), unit),
    ]  # fmt: skip
    rows = [
        Row(
            [
                channel_name(one.channel), gettext(CHANNEL_EVIDENCE_NAMES[one.evidence]),
                gettext(METRICS[one.metric]) if one.measured else "", one.per_yen,
                showing.interval(one.per_yen), one.gain, showing.interval(one.gain),
                one.measured_cost if one.measured else None, one.measured, one.unmeasured,
                one.spend,
            ],
            thin=not one.measured,
        )
        for one in found
    ]  # fmt: skip
    note = gettext(
        "Only what was left out by lot counts: customers of a campaign or journey, whole areas of "
        "an area test. Of the channels that are called proven at most one in ten is so by chance. "
        "Spend in a year is what was imported (Economics) and what was said below; messages have "
        "none there."
    )
    return Table("channels", gettext("What a yen brought"), columns, rows, note)


def tests_of(found: list[AreaTest], snapshot: Snapshot) -> Table:
    """Each with what it says."""
    columns = [
        Column(gettext("Area test")), Column(gettext("Marketing channel")),
        Column(gettext("First day")), Column(gettext("Last day")),
        Column(gettext("Areas"), "count"), Column(gettext("Evidence")),
        Column(gettext("Lift of the treated areas"), "share"),
        Column(gettext("Its 95% interval"), below=True),
        Column(gettext("What they brought more")), Column(gettext("Its 95% interval"), below=True),
        Column(gettext("Per yen")),
    ]  # fmt: skip
    rows, read = [], selectors.results(snapshot)
    for one in found:
        said = read[one.id]
        rows.append(
            Row(
                [
                    Linked(one.text.name, reverse("area_test", args=[one.id])),
                    channel_name(one.text.channel), one.text.started_on, one.text.stopped_on,
                    len(one.areas), gettext(AREA_EVIDENCE_NAMES[said.evidence]), said.lift,
                    showing.interval(said.lift), said.gain, showing.interval(said.gain),
                    said.per_yen,
                ],
                thin=said.evidence in ("not_yet", "too_few"),
            )
        )  # fmt: skip
    return Table("area-tests", gettext("Tests by area"), columns, rows)


def _spends() -> Table:
    unit = accounts.business().currency or "JPY"
    columns = [
        Column(gettext("Marketing channel")), Column(gettext("First day")),
        Column(gettext("Last day")),
        Column(gettext("Amount"), unit), Column(gettext("Area test")), Column(gettext("Note")),
        Column(gettext("Written by")),
    ]  # fmt: skip
    names = {one.id: one.text.name for one in selectors.area_tests()}
    callers = accounts.names_of_callers()
    rows = [
        Row([channel_name(one.channel), one.first, one.last, one.amount,
             names.get(one.test or 0), one.note or None, callers[one.said_by]])
        for one in selectors.spends()
    ]  # fmt: skip
    return Table("spends", gettext("What was said of spend"), columns, rows)


def _areas(one: AreaTest, said: AreaResult | None) -> Table:
    unit = said.gain.unit if said else ""
    columns = [
        Column(gettext("Area")), Column(gettext("Arm")), Column(gettext("Pair"), "count"),
        Column(gettext("Before the test"), unit), Column(gettext("Since it began"), unit),
    ]  # fmt: skip
    sums = {each.name: each for each in said.areas} if said else {}
    rows = [
        Row(
            [
                each.name, gettext("treated") if each.treated else gettext("not treated"),
                each.block + 1 if one.by_lot else None,
                sums[each.name].before if each.name in sums else None,
                sums[each.name].after if each.name in sums else None,
            ]
        )
        for each in one.areas
    ]  # fmt: skip
    unread = said is not None and said.wait is not None
    note = gettext("What came since it began is shown when the test is read.") if unread else ""
    return Table("areas", gettext("Areas"), columns, rows, note)


def _weeks(said: AreaResult) -> Table:
    columns = [
        Column(gettext("Week of the test"), "count"), Column(gettext("First day")),
        Column(gettext("Treated areas"), "share"), Column(gettext("Other areas"), "share"),
    ]  # fmt: skip
    rows = [Row([each.week + 1, each.first, each.treated, each.others]) for each in said.weeks]
    note = gettext("Each arm against its own mean before the test; week 1 is the first of it.")
    return Table("weeks", gettext("Week by week"), columns, rows, note)


def _chart(weeks: Table, said: AreaResult) -> Chart:
    rows = [
        {"day": each.first.isoformat(), "share": share, "arm": arm}
        for each in said.weeks
        for arm, share in (
            (gettext("Treated areas"), each.treated), (gettext("Other areas"), each.others),
        )
    ]  # fmt: skip
    words = gettext(
        "Two lines: what the treated and the other areas brought in each full week, as a share of "
        "their own mean before the test."
    )
    form = lines(rows, x="day", y="share", color="arm", y_format=".0%")
    return Chart("area-weeks", gettext("Both arms, week by week"), words, form, weeks)


def _design_words(design: AreaDesign) -> str:
    if design.lift.value is None:
        return gettext("%(n)d areas in pairs, and no lift would be seen: %(why)s.") % {
            "n": design.areas, "why": showing.reason(design.lift.why),
        }  # fmt: skip
    return gettext(
        "With %(n)d areas and %(days)d days a lift of %(lift)s would be proven four times in five, "
        "which is %(money)s on half of the areas."
    ) % {
        "n": design.areas, "days": design.days, "lift": showing.text(design.lift),
        "money": showing.text(design.gain),
    }  # fmt: skip


@needs("treat")
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Whatever is done here."""
    sent, by = request.POST, caller(request).name

    def deed() -> str:
        wanted = sent.get("do", "")
        if wanted == "spend":
            services.say_spend(
                sent.get("channel", ""), first=day_of(sent.get("first", "")),
                last=day_of(sent.get("last", "")), amount=amount(sent.get("amount", "")),
                note=sent.get("note", ""),
                test=must_be_whole(sent.get("test", "")) if sent.get("test") else None, by=by,
            )  # fmt: skip
            return gettext("The spend is kept.")
        if wanted == "unspend":
            services.take_spend_back(must_be_whole(sent.get("spend", "")), by=by)
            return gettext("The spend is taken back.")
        if wanted == "draw":
            made = services.draw_test(_text(sent), by=by)
            return gettext("The test is kept: %(n)d areas were dealt.") % {"n": len(made.areas)}
        if wanted == "call_off":
            services.call_off(must_be_whole(sent.get("test", "")), by=by)
            return gettext("The test is called off.")
        raise BadInput(f"{wanted!r} is nothing that is done here", hint="spend, unspend, draw")

    return carry_out(request, deed, then="channels")


def _text(sent: Any) -> AreaTestText:
    treated = sent.get("treated", "").replace("、", ",").replace("\n", ",").split(",")
    return AreaTestText(
        name=sent.get("name", ""),
        channel=sent.get("channel", ""),
        unit=sent.get("unit", ""),
        started_on=day_of(sent.get("started_on", "")),
        stopped_on=day_of(sent.get("stopped_on", "")),
        lag_days=must_be_whole(sent.get("lag_days", "28")),
        treated=tuple(one.strip() for one in treated if one.strip()),
    )


def _between(text: str, low: int, high: int) -> int | None:
    number = whole(text)
    return None if number is None else min(max(number, low), high)
