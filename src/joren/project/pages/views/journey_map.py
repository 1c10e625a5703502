"""カスタマージャーニーマップ: where people go, how many and how soon, beside what is aimed at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST

from joren.core.errors import BadInput
from joren.plumbing.access import caller, needs
from joren.project.pages import path_drawing
from joren.project.pages.charts import Chart, lines
from joren.project.pages.codes import partner
from joren.project.pages.deeds import carry_out, share_of
from joren.project.pages.sections import Section, of_the_latest, show, word
from joren.project.pages.tables import Column, Row, Table, Value
from joren.project.pages.typed import whole
from joren.project.showing import amount
from joren.understand.paths import selectors, services
from joren.understand.paths.contracts import (
    HORIZONS,
    LEADS,
    NOWS,
    PLACE_NAMES,
    WAYS,
    JourneyMap,
    NoJourneyMapYet,
    PathAgainst,
    PathGroup,
    PathTarget,
    PathTold,
    PathWay,
    Way,
)
from joren.warehouse import Snapshot

VERDICTS: Final = {
    "met": gettext_noop("met"),
    "missed": gettext_noop("missed"),
    "open": gettext_noop("the interval leaves it open"),
    "not_yet": gettext_noop("not yet known"),
}
_DRAWN: Final = 365
_TITLE: Final = gettext_noop("Customer journey map")


@needs("view_figures")
@of_the_latest(_TITLE)
def journey_map(request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    try:
        drawn = selectors.journey_map(snapshot)
    except NoJourneyMapYet:
        return render(request, "pages/nothing_yet.html", {"heading": gettext(_TITLE)})
    aims, held = selectors.against_targets(drawn), selectors.targets().targets
    return show(
        request,
        "pages/journey_map.html",
        _sections(drawn, aims),
        drawn=drawn,
        figures_as_of=drawn.as_of,
        verdicts=drawn.verdicts,
        changes=caller(request).may("treat"),
        rows=_form(held),
        maps=[path_drawing.aimed_at(held), path_drawing.is_so(drawn, aims, VERDICTS)],
        history=[one for one in selectors.targets_history() if one.changed_at][:20],
    )


@needs("treat")
@require_POST
def aim(request: HttpRequest) -> HttpResponse:
    """Set the whole target map."""

    def deed() -> str:
        services.change_targets(_typed(request.POST), by=caller(request).name)
        return gettext("The targets are kept.")

    return carry_out(request, deed, then="journey_map")


def _typed(sent: QueryDict) -> list[PathTarget]:
    found = []
    for way in WAYS:
        share, days = (sent.get(f"{way}-{name}", "").strip() for name in ("share", "days"))
        if not share and not days:
            continue
        if (number := whole(days)) is None:
            raise BadInput(
                f"{way_name(way)}: {days[:60]!r} days", hint="a whole number, such as 90"
            )
        found.append(PathTarget(way, share_of(share), number))
    return found


def way_name(way: Way) -> str:
    """初回購入(F1) → 2回目購入(F2)"""
    start, end = (partner(*PLACE_NAMES[place][:2]) for place in WAYS[way])
    return f"{start} → {end}"


def _form(targets: Sequence[PathTarget]) -> list[dict[str, Any]]:
    held = {one.way: one for one in targets}
    return [
        {
            "way": way,
            "name": way_name(way),
            "share": f"{held[way].share * 100:.10g}" if way in held else "",
            "days": held[way].days if way in held else "",
        }
        for way in WAYS
    ]


def _sections(drawn: JourneyMap, aims: Sequence[PathAgainst]) -> list[Section]:
    cautions = [] if drawn.events else [gettext("There are no events of visits yet.")]
    found = [
        Section(gettext("Places"), cautions=cautions, tables=[_places(drawn), _nows(drawn)]),
        Section(
            gettext("Ways between places"),
            gettext("Of those who came to the first place, how many had gone on to the second by "
                    "so many days. Whoever came lately counts for as long as they were followed."),
            charts=[_chart(drawn)] if any(one.told.gone for one in drawn.ways) else [],
            tables=[_ways(drawn)],
        ),
    ]  # fmt: skip
    if aims:
        found.append(Section(gettext("Targets and what is so"), tables=[_aims(aims)]))
    return [
        *found,
        Section(
            gettext("Leads: members without an order"),
            gettext("How far they have come; the furthest counts."),
            tables=[
                _leads(drawn),
                _groups("lead-months", gettext("Month of sign-up"), drawn.months),
                _groups("lead-sources", gettext("What brought them"), drawn.sources),
            ],
        ),
    ]


def _places(drawn: JourneyMap) -> Table:
    rows = [
        Row(
            [partner(*PLACE_NAMES[one.place][:2]), one.people, partner(*PLACE_NAMES[one.place][2:])]
        )
        for one in drawn.places
    ]
    columns = [
        Column(gettext("Place")),
        Column(gettext("People who ever came there"), "count", term="path_people"),
        Column(gettext("The day that counts")),
    ]
    note = gettext("Dormant is nobody's purchase for more than %(days)s days.") % {
        "days": drawn.active_days
    }
    if drawn.vip_from is not None:
        note += " " + gettext("A year's purchases of %(amount)s make a VIP.") % {
            "amount": amount(drawn.vip_from, drawn.currency)
        }
    return Table("places", gettext("Places"), columns, rows, note)


def _nows(drawn: JourneyMap) -> Table:
    rows = [Row([partner(*NOWS[one.now]), one.people]) for one in drawn.nows]
    columns = [Column(gettext("Stands at")), Column(gettext("People"), "count")]
    whole = sum(one.people for one in drawn.nows)
    title = gettext("Where people stand now")
    return Table("standing", title, columns, rows, term="path_standing", n=whole)


def _told_columns(first: str) -> list[Column]:
    return [
        Column(first),
        Column(gettext("Entered"), "count", term="path_entered"),
        Column(gettext("Gone on"), "count", term="path_gone"),
        Column(gettext("Waiting still"), "count", term="path_waiting"),
        *(
            Column(gettext("within %(days)s days") % {"days": day}, "share", term="path_share")
            for day in HORIZONS
        ),
        Column(gettext("Not gone on in a year"), "share", term="path_stayed"),
        Column(word("path_median"), "days", term="path_median"),
        Column(gettext("from"), "days", term="path_median"),
        Column(gettext("to"), "days", term="path_median"),
    ]


def _told(first: Value, told: PathTold) -> Row:
    year = told.shares[-1].value
    median = told.median
    return Row(
        [
            first, told.entered, told.gone, told.waiting, *told.shares,
            None if year is None else 1 - year, median, median.low, median.high,
        ]
    )  # fmt: skip


def _ways(drawn: JourneyMap) -> Table:
    columns = [
        *_told_columns(gettext("From → to")),
        Column(gettext("Had been there before"), "count", term="path_before"),
    ]
    rows = []
    for one in drawn.ways:
        row = _told(way_name(one.way), one.told)
        rows.append(Row([*row.cells, one.before]))
    note = gettext("Whoever had been at the second place before the first is left out of the way.")
    return Table("ways", gettext("Ways between places"), columns, rows, note)


def _groups(name: str, first: str, groups: Sequence[PathGroup]) -> Table:
    caption = gettext("From sign-up to the first purchase, by %(what)s") % {"what": first}
    rows = [_told(one.name or gettext("unknown"), one.told) for one in groups]
    return Table(name, caption, _told_columns(first), rows)


def _leads(drawn: JourneyMap) -> Table:
    rows = [Row([partner(*LEADS[one.lead]), one.people]) for one in drawn.leads]
    columns = [Column(gettext("How far")), Column(gettext("People"), "count")]
    whole = sum(one.people for one in drawn.leads)
    title = gettext("Leads: members without an order")
    return Table("leads", title, columns, rows, term="path_leads", n=whole)


def _aims(aims: Sequence[PathAgainst]) -> Table:
    columns = [
        Column(gettext("From → to")), Column(gettext("Target"), "share", term="path_target"),
        Column(gettext("Within days"), "count", term="path_target"),
        Column(gettext("Is so"), "share", term="path_share"),
        Column(gettext("from"), "share", term="path_share"),
        Column(gettext("to"), "share", term="path_share"),
        Column(gettext("Verdict")),
    ]  # fmt: skip
    rows = [
        Row([way_name(one.target.way), one.target.share, one.target.days, one.actual,
             one.actual.low, one.actual.high, gettext(VERDICTS[one.verdict])])
        for one in aims
    ]  # fmt: skip
    note = gettext("Met or missed is what the whole 95% interval says.")
    return Table("targets", gettext("Targets and what is so"), columns, rows, note)


def _chart(drawn: JourneyMap) -> Chart:
    points = [point for one in drawn.ways for point in _points(one)]
    said = gettext("Each line is one way: the share that has gone on, by days since the first.")
    form = lines(points, x="day", y="share", color="way", y_format=".0%", x_title=gettext("Days"))
    columns = [Column(gettext("From → to")), Column(gettext("Days"), "count"),
               Column(word("path_share"), "share")]  # fmt: skip
    rows = [Row([one["way"], one["day"], one["share"]]) for one in points]
    n = sum(one.told.entered for one in drawn.ways)
    table = Table("way-lines", word("path_share"), columns, rows, term="path_share", n=n)
    return Chart("way-lines", word("path_share"), said, form, table, term="path_share", n=n)


def _points(one: PathWay) -> list[dict[str, Any]]:
    return [
        {"way": way_name(one.way), "day": day, "share": round(share, 4)}
        for day, share in selectors.gone_by_day(one, until=_DRAWN, every=15)
    ]
