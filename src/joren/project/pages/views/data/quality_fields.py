"""How good each field is, of what came from where."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext, gettext_noop

from joren.collect.inbox import selectors as inbox
from joren.collect.quality.contracts import OF_FEEDS, Coverage, FieldQuality, Part, QualityReport
from joren.core.figures import Figure
from joren.project.pages.sections import Section, tabs
from joren.project.pages.tables import Column, Row, Table
from joren.project.pages.views.data.words import FIELDS as _TAKEN_IN

NAMES = _TAKEN_IN | {
    "identity": gettext_noop("Who bought"),
    "status": gettext_noop("Status"),
    "source": gettext_noop("Where the customer came from"),
    "revenue": gettext_noop("Revenue"),
    "address": gettext_noop("Postal address"),
    "order": gettext_noop("Order number"),
}
"""Of the fields that are looked at."""

FEEDS = {
    "orders": gettext_noop("Orders"),
    "order_lines": gettext_noop("Order lines"),
    "customers": gettext_noop("Customers"),
    "products": gettext_noop("Products"),
    "ad_spend": gettext_noop("Ad spend"),
    "refunds": gettext_noop("Refunds"),
    "events": gettext_noop("Live events"),
}


def fields(request: HttpRequest, report: QualityReport, stores: dict[int, str]) -> Section:
    """Each field of the feed that was chosen, by store or source."""
    title = gettext("Missing, duplicate, stale and odd")
    known = [feed for feed in OF_FEEDS if any(one.feed == feed for one in report.fields)]
    if not known:
        return Section(title, text=gettext("It is counted with the next refresh."), name="fields")
    asked = request.GET.get("feed", "")
    chosen = asked if asked in known else known[0]
    day = (chosen == "customers" and report.customers_as_of) or report.as_of
    choice = tabs(request, "feed", {feed: gettext(FEEDS[feed]) for feed in known}, chosen)
    sources = _sources(report)
    table = Table(
        "fields",
        gettext(FEEDS[chosen]),
        [
            Column(gettext("Field")),
            Column(gettext("Came from")),
            Column(gettext("Missing"), "share"),
            Column(gettext("Duplicate"), "share"),
            Column(gettext("Stale"), "share"),
            Column(gettext("Odd"), "share"),
            Column(gettext("Last filled")),
        ],
        [
            Row(
                (
                    gettext(NAMES[one.field]),
                    _origin(one, stores, sources),
                    share("missing_share", one.missing, day),
                    share("duplicate_share", one.duplicate, day),
                    share("stale_share", one.stale, day),
                    share("outlier_share", one.outlier, day),
                    one.filled_on,
                )
            )
            for one in report.fields
            if one.feed == chosen
        ],
        note=gettext("Contacts are counted by their hashes, without being opened.")
        if chosen == "customers"
        else "",
    )
    said = counted(report)
    return Section(title, text=said, choices=[choice], tables=[table], name="fields")


def counted(report: QualityReport) -> str:
    """Of which day what is said of customers is, where it is another than of the rest."""
    if report.customers_as_of is None:
        return gettext("Customers are counted with the next refresh.")
    if report.customers_as_of == report.as_of:
        return ""
    return gettext("Customers as the last refresh counted them, up to %(day)s.") % {
        "day": report.customers_as_of
    }


def feeds(report: QualityReport, stores: dict[int, str]) -> Table:
    """From when to when each feed reaches."""
    sources = _sources(report)
    return Table(
        "feeds",
        gettext("What came from where"),
        [
            Column(gettext("What")),
            Column(gettext("Came from")),
            Column(gettext("Rows"), "count", term="rows_taken_in"),
            Column(gettext("First day")),
            Column(gettext("Last day")),
            Column(gettext("Days with rows"), "count", term="rows_taken_in"),
            Column(gettext("Gaps"), "count", term="gap_days"),
            Column(gettext("Longest gap"), "days", term="gap_days"),
        ],
        [
            Row(
                (
                    gettext(FEEDS[one.feed]),
                    _origin(one, stores, sources),
                    one.rows,
                    one.first_on,
                    one.last_on,
                    one.days or None,
                    len(one.gaps) if one.days else None,
                    max((gap.days for gap in one.gaps), default=None),
                )
            )
            for one in report.coverage
        ],
        note=gettext("A catalogue has no days."),
    )


def share(name: str, part: Part | None, day: date) -> Figure | str:
    """A share that says of how many it is one; one that makes no sense says so."""
    if part is None:
        return gettext("does not apply")
    return Figure(name, part.share, "share", n=part.of, as_of=day.isoformat())


def _origin(one: FieldQuality | Coverage, stores: dict[int, str], sources: dict[int, str]) -> str:
    if one.source_id is not None:
        return sources.get(one.source_id, str(one.source_id))
    if one.store_id is not None:
        return stores.get(one.store_id, str(one.store_id))
    return gettext("All stores")


def _sources(report: QualityReport) -> dict[int, str]:
    if any(one.source_id is not None for one in report.coverage):
        return {source.id: source.name for source in inbox.sources()}
    return {}
