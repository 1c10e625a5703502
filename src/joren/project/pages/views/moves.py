"""効果推移: who went from which group to which between any two snapshots."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext, gettext_noop

from joren.collect.quality.selectors import verdicts_in
from joren.core.errors import BadInput
from joren.core.figures import Figure
from joren.plumbing.access import needs
from joren.plumbing.warehouse import warehouse
from joren.project.pages import codes
from joren.project.pages.sections import Section, of_the_latest, show, tabs
from joren.project.pages.tables import Column, Heat, Linked, Row, Table, Value
from joren.project.pages.typed import whole
from joren.understand.ltv import selectors as values
from joren.understand.ranks import selectors
from joren.understand.ranks.contracts import CPM_GROUPS, STAGES, WAYS, RankMove, Way
from joren.warehouse import Snapshot

_NAMES = {
    "stage": gettext_noop("Stage"),
    "cpm": gettext_noop("CPM"),
    "decile": gettext_noop("Decile"),
    "rfm_r": gettext_noop("R"),
    "rfm_f": gettext_noop("F"),
    "rfm_m": gettext_noop("M"),
}
_FIFTHS = ("5", "4", "3", "2", "1")
_ORDER = {
    "stage": tuple(STAGES),
    "cpm": tuple(CPM_GROUPS),
    "decile": tuple(str(number) for number in range(1, 11)),
    "rfm_r": _FIFTHS,
    "rfm_f": _FIFTHS,
    "rfm_m": _FIFTHS,
}


@needs("view_figures")
@of_the_latest(gettext_noop("Who moved"))
def moves(request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    every = _days()
    way = _way(request.GET.get("way", "stage"))
    after = _chosen(request, "after", snapshot)
    earlier = [one for one in every if one.as_of < after.as_of]
    before = _chosen(request, "before", earlier[-1] if earlier else after)
    choice = tabs(request, "way", {one: gettext(name) for one, name in _NAMES.items()}, way)
    sections = []
    if before.id != after.id:
        found = selectors.movement(before, after).moves[way]
        linked = before.id if after.id == snapshot.id else None
        tables = [_sizes(way, found, before, after), _matrix(way, found, linked)]
        sections = [Section(gettext(_NAMES[way]), tables=tables, choices=[choice])]
    return show(
        request,
        "pages/moves.html",
        sections,
        days=list(reversed(every)),
        before=before,
        after=after,
        way=way,
        verdicts=verdicts_in(warehouse(), after, "rfm"),
        figures_as_of=after.as_of,
    )


def _days() -> list[Snapshot]:
    """The last snapshot of each day, in order."""
    by_day = {one.as_of: one for one in warehouse().snapshots.all()}
    return [by_day[day] for day in sorted(by_day)]


def _chosen(request: HttpRequest, name: str, otherwise: Snapshot) -> Snapshot:
    text = request.GET.get(name, "")
    if not text:
        return otherwise
    if (number := whole(text)) is None:
        raise BadInput(f"{name} is {text[:60]!r}", hint="the number of a snapshot")
    return values.snapshot(number)


def _way(text: str) -> Way:
    for way in WAYS:
        if text == way:
            return way
    raise BadInput(f"no way {text!r} to group", hint=f"known: {', '.join(WAYS)}")


def _sizes(way: Way, found: tuple[RankMove, ...], before: Snapshot, after: Snapshot) -> Table:
    """How large each group was and is."""
    was: Counter[str] = Counter()
    now: Counter[str] = Counter()
    for one in found:
        was[one.before or ""] += one.customers
        now[one.after or ""] += one.customers
    columns = [
        Column(gettext("Group")),
        Column(f"{before.as_of}", "count"),
        Column(f"{after.as_of}", "count"),
        Column(gettext("Since then"), "count", term="moved_customers"),
    ]
    rows = [
        Row(
            [
                codes.place(way, code),
                _customers(was[code], before),
                _customers(now[code], after),
                now[code] - was[code],
            ]
        )
        for code in _ORDER[way]
    ]
    return Table("sizes", gettext("Customers of each group"), columns, rows)


def _customers(count: int, of: Snapshot) -> Figure:
    return Figure("customers", count, "customers", as_of=f"{of.as_of}")


def _matrix(way: Way, found: tuple[RankMove, ...], since: int | None) -> Table:
    """From downwards, to the right. Whoever stayed stands on the diagonal."""
    counted = {(one.before, one.after): one.customers for one in found}
    deepest = max((n for (a, b), n in counted.items() if a != b), default=0)
    order = _ORDER[way]
    columns = [Column(gettext("From downwards, to the right"))]
    columns += [Column(codes.place(way, code), "count") for code in order]
    rows = [
        Row(
            [
                codes.place(way, old),
                *(
                    _cell(way, old, new, counted.get((old, new), 0), deepest, since)
                    for new in order
                ),
            ]
        )
        for old in (*order, None)
    ]
    note = gettext("Deep cells are where most moved to; those who stayed are not coloured.")
    return Table("moves", gettext("Who moved"), columns, rows, note, term="moved_customers")


def _cell(
    way: Way, old: str | None, new: str, count: int, deepest: int, since: int | None
) -> Value | Heat | Linked:
    if not count:
        return 0
    level = min(9, int(9 * count / deepest)) if deepest else 0
    shown = count if old == new else Heat(count, level)
    if since is None:
        return shown
    choices: dict[str, str | int] = {way: new, f"was_{way}": old or "-", "since": since}
    return Linked(shown, codes.who(**choices))
