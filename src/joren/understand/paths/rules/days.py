"""When everybody came to which place: one row per person, in sets.

A customer's events come with whatever identity was known then. Of a device that nobody is known on
nothing but the day of its first event is known, and it counts as one person.
"""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from joren.collect.inbox.contracts import NO_VISIT, OPENED
from joren.understand.paths.contracts import PLACES, WAYS, Way
from joren.warehouse.sums import total

_EPOCH = date(1970, 1, 1)
CLICKED = "Email Link Clicked"
VIEWED, ADDED = "Product Viewed", "Product Added"


def purchased(visits: ir.Table, as_of: date, active_days: int) -> ir.Table:
    """Per customer the days of their first purchases, of falling dormant and of coming back."""
    until = ibis.coalesce(visits.next_on, ibis.literal(as_of))
    rows = visits.mutate(gap=until.delta(visits.day, unit="day") > active_days)
    found = rows.group_by("customer_id").agg(
        f1=rows.day.min(),
        f2=rows.day.min(where=rows.nth == 2),
        f3=rows.day.min(where=rows.nth == 3),
        subscription=rows.day.min(where=rows.subscription),
        days=rows.nth.max(),
        last_on=rows.day.max(),
        silent_from=rows.day.min(where=rows.gap),
        back=rows.next_on.min(where=rows.gap),
    )
    dormant = found.silent_from + ibis.interval(days=active_days + 1)
    # DuckDB makes a moment of it, whatever Ibis believes.
    dormant = dormant.cast("timestamp").cast("date")
    return found.mutate(dormant=dormant).drop("silent_from")


def became_vip(visits: ir.Table, bound: int) -> ir.Table:
    """The first day on which the purchases of 365 days came to the bound, of whom it did.

    No year brings more than all days together that brought anything: few are looked at day by day.
    """
    spent = visits.revenue.fill_null(0)
    sums = visits.group_by("customer_id").agg(most=total(ibis.greatest(spent, 0)))
    daily = visits.semi_join(sums.filter(sums.most >= bound), "customer_id")
    since = daily.day.delta(ibis.literal(_EPOCH), unit="day")
    numbered = daily.select(
        "customer_id", "day", spent=daily.revenue.fill_null(0), number=since.cast("int64")
    )
    year = ibis.range_window(preceding=364, following=0, group_by="customer_id", order_by="number")
    rows = numbered.mutate(year=total(numbered.spent).over(year))
    return rows.group_by("customer_id").agg(vip=rows.day.min(where=rows.year >= bound))


def with_vips(bought: ir.Table, became: ir.Table | None, ranks: ir.Table | None) -> ir.Table:
    """``bought`` with the day of becoming a VIP, and whether the ranks say that they are one."""
    if became is None or ranks is None:
        return bought.mutate(vip=ibis.null("date"), is_vip=ibis.literal(False))
    dated = bought.left_join(became, "customer_id").drop("customer_id_right")
    now = ranks.select("customer_id", is_vip=ranks.vip)
    return dated.left_join(now, "customer_id").drop("customer_id_right")


def heard(events: ir.Table, person_of: ir.Table, as_of: date) -> ir.Table:
    """Per customer, or per device below zero, the first event and how far they went."""
    kept = events.filter(events.occurred_on <= as_of, events.identity_id.notnull())
    own = kept.group_by("identity_id").agg(
        visit=kept.occurred_on.min(where=~kept.name.isin(NO_VISIT).fill_null(False)),
        opened=kept.name.isin(OPENED).fill_null(False).any(),
        clicked=(kept.name == CLICKED).fill_null(False).any(),
        viewed=(kept.name == VIEWED).fill_null(False).any(),
        cart=(kept.name == ADDED).fill_null(False).any(),
    )
    whose = person_of.select("identity_id", "customer_id")
    joined = own.left_join(whose, "identity_id")
    named = joined.mutate(person=ibis.coalesce(joined.customer_id, -joined.identity_id))
    return named.group_by("person").agg(
        visit=named.visit.min(),
        **{name: named[name].any() for name in ("opened", "clicked", "viewed", "cart")},
    )


def people(traits: ir.Table, bought: ir.Table, events: ir.Table | None, as_of: date) -> ir.Table:
    """Everybody once, with the day of each place, null where they never were."""
    known = traits.select(
        "customer_id",
        source=traits.acquisition_source.fill_null(""),
        signup=ibis.ifelse(traits.registered_on <= as_of, traits.registered_on, ibis.null("date")),
    )
    rows = known.left_join(bought, "customer_id").drop("customer_id_right")
    if events is None:
        no = ibis.literal(False)
        return rows.mutate(
            visit=ibis.null("date"), anonymous=no, opened=no, clicked=no, viewed=no, cart=no
        )
    joined = rows.left_join(events, rows.customer_id == events.person).drop("person")
    flags = ("opened", "clicked", "viewed", "cart")
    theirs = joined.mutate(
        anonymous=ibis.literal(False), **{one: joined[one].fill_null(False) for one in flags}
    )
    strangers = events.filter(events.person < 0, events.visit.notnull())
    nobody = {
        name: ibis.null(kind)
        for name, kind in theirs.schema().items()
        if name not in ("visit", *flags)
    }
    return theirs.union(
        strangers.select(
            **{name: strangers[name] for name in ("visit", *flags)},
            **{**nobody, "customer_id": strangers.person, "source": ibis.literal(""),
               "anonymous": ibis.literal(True)},
        ).select(*theirs.columns)
    )  # fmt: skip


def entered(people: ir.Table, way: Way, as_of: date) -> ir.Table:
    """Who entered the way: after how many days they went on, or for how many they were followed.

    ``before`` had been at its end before its beginning.
    """
    start, end = (people[place] for place in WAYS[way])
    went = end.notnull() & (end <= as_of)
    until = ibis.ifelse(went, end, ibis.literal(as_of))
    rows = people.mutate(gone=went.fill_null(False), days=until.delta(start, unit="day"))
    rows = rows.filter(start.notnull(), start <= as_of)
    return rows.mutate(before=rows.days < 0)


def by_days(rows: ir.Table, *keys: str) -> ir.Table:
    """How many of each number of days have gone on and how many are followed no longer."""
    kept = rows.filter(~rows.before)
    return kept.group_by([*keys, "days"]).agg(
        gone=kept.count(where=kept.gone), left=kept.count(where=~kept.gone)
    )


def month_of_signup(rows: ir.Table, as_of: date, months: int) -> ir.Table:
    """Those of the last months, with ``name`` 2026-05."""
    kept = rows.filter(rows.signup > as_of - timedelta(days=31 * months))
    return kept.mutate(name=kept.signup.strftime("%Y-%m"))


def by_source(rows: ir.Table, most: int) -> ir.Table:
    """Those of the most frequent sources, with ``name``."""
    kept = rows.filter(~rows.before)
    counted = kept.group_by("source").agg(n=kept.count())
    top = counted.order_by([ibis.desc("n"), "source"]).limit(most).select("source")
    found = rows.semi_join(top, "source")
    return found.mutate(name=found.source)


def standing(people: ir.Table, as_of: date, active_days: int) -> ir.Table:
    """Where everybody stands, and how far those without an order have come."""
    silent = ibis.literal(as_of).delta(people.last_on, unit="day") > active_days
    now = ibis.cases(
        (people.f1.isnull() & people.signup.isnull(), "visitor"),
        (people.f1.isnull(), "lead"),
        (silent, "dormant"),
        (people.is_vip.fill_null(False), "vip"),
        (people.days == 1, "f1"),
        (people.days == 2, "f2"),
        else_="f3",
    )
    seen = people.filter(people.f1.notnull() | people.signup.notnull() | people.visit.notnull())
    lead = ibis.cases(
        (people.cart, "cart"), (people.viewed, "viewed"), (people.clicked, "clicked"),
        (people.opened, "opened"), else_="signed_up",
    )  # fmt: skip
    return (
        seen.select(now=now, lead=ibis.ifelse(now == "lead", lead, ""))
        .group_by(["now", "lead"])
        .agg(people=ibis._.count())
    )


def reached(people: ir.Table, as_of: date) -> ir.Table:
    """How many ever came to each place."""
    return people.agg(
        **{
            place: people.count(where=(people[place] <= as_of).fill_null(False)).fill_null(0)
            for place in PLACES
        }
    )
