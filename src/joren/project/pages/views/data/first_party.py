"""What still works without third-party cookies: said from the shop's own sources, with n."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext, gettext_noop

from joren.plumbing.access import needs
from joren.plumbing.warehouse import warehouse
from joren.project.first_party import EVENT_DAYS, FEW, ORDER_DAYS, FirstParty
from joren.project.first_party import first_party as counted
from joren.project.pages.sections import Section, show
from joren.project.pages.tables import Column, Row, Table

_KEPT = {
    "browser": gettext_noop("A cookie of the shop's own domain"),
    "server": gettext_noop("No cookie: the server says who it is"),
}
_DAY = "%Y-%m-%d"


@dataclass(frozen=True)
class Works:
    """One thing that marketers used third-party cookies for, and how it stands here."""

    what: str
    stands: str
    look: str
    how: str


@needs("view_figures")
def first_party(request: HttpRequest) -> HttpResponseBase:
    found = counted(warehouse())
    return show(
        request,
        "pages/data/first_party.html",
        [_events(found), _orders(found)],
        found=found,
        event_percent=_percent(found.events_linked, found.event_count),
        order_percent=_percent(found.orders_linked, found.order_count),
        works=_works(found),
        todo=_todo(found),
        event_days=EVENT_DAYS,
    )


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else ""


def _works(found: FirstParty) -> list[Works]:
    browsers = [one for one in found.events if one.kind == "browser"]
    seen = sum(one.devices for one in browsers)
    return [
        _line(
            gettext("Know a visitor of your own pages again"),
            found_any=seen > 0,
            how=gettext(
                "By the cookie that joren.js sets on your own domain. Safari keeps it for 7 days; "
                "whoever signs in is known again all the same."
            ),
        ),
        _line(
            gettext("See on the customer's page what they looked at"),
            found_any=found.events_linked > 0,
            how=gettext("Where the page says who signed in (identify), or the server does."),
        ),
        _line(
            gettext("Tell which campaign an order came from"),
            found_any=any(one.sourced for one in found.orders),
            how=gettext("By the source that stands in the order, not by a cookie of others."),
        ),
        _line(
            gettext("Reach customers by mail, LINE or post"),
            found_any=found.orders_linked > 0,
            how=gettext("By what they gave you, within what they agreed to."),
        ),
        Works(
            gettext("Follow people on other companies' sites"),
            gettext("does not work"),
            "is-bad",
            gettext("Nothing in joren rests on it."),
        ),
    ]


def _line(what: str, *, found_any: bool, how: str) -> Works:
    if found_any:
        return Works(what, gettext("works"), "is-good", how)
    return Works(what, gettext("no data yet"), "is-warn", how)


def _todo(found: FirstParty) -> list[str]:
    """What would link more, the largest first."""
    said = [
        gettext(
            "%(name)s: %(percent)s of its events are linked. Call identify where people sign in."
        )
        % {"name": one.name, "percent": f"{one.share:.0%}"}
        for one in found.events
        if one.share < FEW
    ]
    if not found.events:
        said.append(gettext("Put joren.js into your pages: Data → Live data."))
    said += [
        gettext(
            "%(name)s: %(percent)s of its orders have a customer. Export it with e-mail or phone."
        )
        % {"name": one.name, "percent": f"{one.share:.0%}"}
        for one in found.orders
        if one.share < FEW
    ]
    return said[:3]


def _events(found: FirstParty) -> Section:
    title = gettext("Events by source, the last %(days)s days") % {"days": EVENT_DAYS}
    columns = [
        Column(gettext("Source")),
        Column(gettext("How it knows people")),
        Column("n", "count"),
        Column(gettext("First-party id"), "share"),
        Column(gettext("User id or e-mail"), "share"),
        Column(gettext("Linked to a customer"), "share"),
        Column(gettext("Customers"), "count"),
        Column(gettext("Newest")),
    ]
    rows = [
        Row(
            (
                one.name,
                gettext(_KEPT[one.kind]),
                one.n,
                one.devices / one.n,
                one.named / one.n,
                one.share,
                one.customers,
                one.last.strftime(_DAY),
            )
        )
        for one in found.events
    ]
    if not rows:
        return Section(title, text=gettext("No events yet"))
    return Section(title, tables=[Table("events", title, columns, rows)])


def _orders(found: FirstParty) -> Section:
    title = gettext("Orders by store, the last %(days)s days") % {"days": ORDER_DAYS}
    columns = [
        Column(gettext("Store")),
        Column("n", "count"),
        Column(gettext("Linked to a customer"), "share"),
        Column(gettext("Source known"), "share"),
        Column(gettext("First day")),
        Column(gettext("Newest")),
    ]
    rows = [
        Row(
            (
                one.name,
                one.n,
                one.share,
                one.sourced / one.n,
                one.first.strftime(_DAY),
                one.last.strftime(_DAY),
            )
        )
        for one in found.orders
    ]
    if not rows:
        return Section(title, text=gettext("No orders have been imported yet."))
    return Section(title, tables=[Table("orders", title, columns, rows)])
