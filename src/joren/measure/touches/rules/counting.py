"""Touches and orders in sets: expressions over whole tables, whose answers are small."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from joren.collect.inbox.contracts import DONE_TO_THEM, OPENED
from joren.measure.touches.contracts import AFTER_DAYS, PAGES, YEAR_DAYS, DecisionWay
from joren.warehouse.sums import total

_SENT = ("Email Sent", "Message Sent")
_CLICKED = ("Email Link Clicked", "Message Link Clicked")

STARTS: dict[DecisionWay, tuple[str, str]] = {
    "contact_f1": ("contact", "f1"),
    "page_f1": ("page", "f1"),
    "message_f1": ("message", "f1"),
    "f1_f2": ("f1", "f2"),
    "message_f2": ("later", "f2"),
}


def heard(events: ir.Table, person_of: ir.Table, as_of: date) -> ir.Table:
    """Every touch up to that day; a device that nobody is known on is a person below zero."""
    kept = events.filter(events.occurred_on <= as_of, events.identity_id.notnull())
    whose = person_of.select("identity_id", "customer_id")
    joined = kept.left_join(whose, "identity_id")
    name = joined.name.fill_null("")
    return joined.select(
        "occurred_at", "occurred_on", "path",
        kind=ibis.cases(
            (name.isin(_SENT), "sent"), (name.isin(OPENED), "opened"),
            (name.isin(_CLICKED), "clicked"), (name.isin(DONE_TO_THEM), "done"),
            (joined.type.isin(["page", "screen"]), "page"), else_="other",
        ),
        customer_id=ibis.coalesce(joined.customer_id, -joined.identity_id),
        category=joined.category.fill_null(""),
        source=joined.campaign_source.fill_null(""),
        number=joined.campaign_name.fill_null(""),
    )  # fmt: skip


def people(traits: ir.Table, bought: ir.Table, touched: ir.Table | None, as_of: date) -> ir.Table:
    """Everybody once, with the days on which things began and ended; null where they did not."""
    days = bought.filter(bought.ordered_on <= as_of)
    firsts = days.group_by("customer_id").agg(f1=days.ordered_on.min())
    again = days.inner_join(firsts, "customer_id")
    again = again.filter(again.ordered_on > again.f1)
    seconds = again.group_by("customer_id").agg(f2=again.ordered_on.min())
    signed = ibis.ifelse(traits.registered_on <= as_of, traits.registered_on, ibis.null("date"))
    known = traits.select("customer_id", signup=signed)
    if touched is not None:  # who never ordered counts too, else all visitors seem to become known
        strangers = touched.filter(touched.customer_id < 0).select("customer_id").distinct()
        known = known.union(strangers.mutate(signup=ibis.null("date")))
    found = known.left_join(firsts, "customer_id").drop("customer_id_right")
    found = found.left_join(seconds, "customer_id").drop("customer_id_right")
    none = ibis.null("date")
    if touched is None:
        return found.mutate(contact=found.signup, page=none, message=none, later=none)
    first = touched.group_by("customer_id").agg(
        visit=touched.occurred_on.min(where=~touched.kind.isin(["sent", "opened", "done"])),
        page=touched.occurred_on.min(where=touched.kind == "page"),
        message=touched.occurred_on.min(where=touched.kind == "sent"),
    )
    sent = touched.filter(touched.kind == "sent").inner_join(firsts, "customer_id")
    after = sent.filter(sent.occurred_on >= sent.f1)
    later = after.group_by("customer_id").agg(later=after.occurred_on.min())
    joined = found.left_join(first, "customer_id").drop("customer_id_right")
    joined = joined.left_join(later, "customer_id").drop("customer_id_right")
    # Of nulls the least is null, so each stands in for the other.
    contact = ibis.least(
        ibis.coalesce(joined.visit, joined.signup), ibis.coalesce(joined.signup, joined.visit)
    )
    return joined.mutate(contact=contact)


def waited(everybody: ir.Table, way: DecisionWay, as_of: date) -> ir.Table:
    """Of each number of days how many decided then (``gone``) and are followed no longer
    (``left``); ``before`` are those who had decided before they began."""
    start, end = (everybody[name] for name in STARTS[way])
    decided = end.notnull()
    until = ibis.ifelse(decided, end, ibis.literal(as_of))
    rows = everybody.mutate(decided=decided, days=until.delta(start, unit="day").cast("int64"))
    rows = rows.filter(start.notnull(), start <= as_of)
    before = rows.days < 0
    rows = rows.mutate(days=ibis.ifelse(before, -1, rows.days), early=before)
    return (
        rows.group_by("days")
        .agg(
            gone=rows.count(where=rows.decided & ~rows.early),
            left=rows.count(where=~rows.decided),
            before=rows.count(where=rows.early),
        )
        .order_by("days")
    )


def contents(touched: ir.Table, bought: ir.Table, as_of: date) -> ir.Table:
    """Of each message, type of content and page: who touched it first in the year, with thirty days
    behind it, and how many of them ordered in these."""
    since = as_of - timedelta(days=YEAR_DAYS + AFTER_DAYS)
    kept = touched.filter(touched.occurred_on > since)
    clicked, seen = kept.filter(kept.kind == "clicked"), kept.filter(kept.kind == "page")
    own = clicked.filter(clicked.source != "")
    parts = (
        own.select("customer_id", "occurred_at", "occurred_on", content=ibis.literal("message"),
                   name=own.source.concat(":", own.number)),
        clicked.filter(clicked.category != "").select(
            "customer_id", "occurred_at", "occurred_on", content=ibis.literal("type"),
            name="category"),
        seen.filter(seen.path.notnull()).select(
            "customer_id", "occurred_at", "occurred_on", content=ibis.literal("page"),
            name="path"),
    )  # fmt: skip
    every = parts[0].union(parts[1]).union(parts[2])
    first = every.group_by("content", "name", "customer_id").agg(
        at=every.occurred_at.min(), on=every.occurred_on.min()
    )
    ripe = first.filter(first.on <= as_of - timedelta(days=AFTER_DAYS))
    orders = bought.select("customer_id", "ordered_at")
    joined = ripe.inner_join(orders, "customer_id")
    within = joined.ordered_at.epoch_seconds() - joined.at.epoch_seconds()
    came = joined.filter((within > 0) & (within <= AFTER_DAYS * 86_400))
    buyers = came.group_by("content", "name").agg(bought=came.customer_id.nunique())
    counted = ripe.group_by("content", "name").agg(people=ripe.count())
    both = counted.left_join(buyers, ["content", "name"])
    found = both.select("content", "name", "people", bought=both.bought.fill_null(0))
    by_reach = ibis.window(group_by="content", order_by=[ibis.desc("people"), "name"])
    ranked = found.mutate(place=ibis.row_number().over(by_reach))
    few = (ranked.content != "page") | (ranked.place < PAGES)
    return ranked.filter(few & (ranked.place < 200)).drop("place").order_by(
        ["content", ibis.desc("people"), "name"]
    )  # fmt: skip


def last_touches(
    touched: ir.Table, bought: ir.Table, as_of: date, *, days: int, opens: bool
) -> ir.Table:
    """Each order of the year with the message touched last in so many days before it."""
    kinds = ["clicked", "opened"] if opens else ["clicked"]
    own = touched.filter(touched.kind.isin(kinds), touched.source != "")
    orders = of_the_year(bought, as_of).select(
        "order_id", "customer_id", "ordered_at", "ordered_on", "revenue"
    )
    joined = orders.inner_join(own.select("customer_id", "occurred_at", "source", "number"),
                               "customer_id")  # fmt: skip
    gap = joined.ordered_at.epoch_seconds() - joined.occurred_at.epoch_seconds()
    near = joined.filter((gap >= 0) & (gap <= days * 86_400))
    newest = ibis.window(
        group_by="order_id", order_by=[ibis.desc("occurred_at"), "source", "number"]
    )
    ranked = near.mutate(place=ibis.row_number().over(newest))
    last = ranked.filter(ranked.place == 0)
    return last.select("source", "number", "ordered_on", "revenue")


def within(last: ir.Table, spans: ir.Table) -> ir.Table:
    """Revenue of each action in the days of its experiment alone."""
    theirs = last.inner_join(spans, ["source", "number"])
    inside = theirs.filter(theirs.ordered_on >= theirs.since, theirs.ordered_on <= theirs.until)
    return inside.group_by("source", "number").agg(revenue=total(inside.revenue))


def last_touched(last: ir.Table) -> ir.Table:
    """Orders and revenue of each action."""
    return (
        last.group_by("source", "number")
        .agg(orders=last.count(), revenue=total(last.revenue))
        .order_by([ibis.desc("revenue"), "source", "number"])
    )


def of_the_year(bought: ir.Table, as_of: date) -> ir.Table:
    """Orders of the last 365 days."""
    return bought.filter(
        bought.ordered_on > as_of - timedelta(days=YEAR_DAYS), bought.ordered_on <= as_of
    )
