"""Who came to which place of the funnel when: one row per person, in sets.

As on the journey map a device that nobody is known on counts as one person, below zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from joren.collect.inbox.contracts import NO_VISIT
from joren.measure.indicators.contracts import NEW_WITHIN, USED_WITHIN, WAYS, WINDOW, Way


def heard(events: ir.Table, person_of: ir.Table, as_of: date) -> ir.Table:
    """Every event up to the day with the person it is of."""
    kept = events.filter(events.occurred_on <= as_of, events.identity_id.notnull())
    own = kept.select("identity_id", "name", "occurred_on")
    joined = own.left_join(person_of.select("identity_id", "customer_id"), "identity_id")
    return joined.select(
        person=ibis.coalesce(joined.customer_id, -joined.identity_id),
        name=joined.name,
        on=joined.occurred_on,
    )


def visits(heard: ir.Table) -> ir.Table:
    """The first event of each person that the shop did not cause."""
    seen = heard.filter(~heard.name.isin(NO_VISIT).fill_null(False))
    return seen.group_by("person").agg(visit=seen.on.min())


def firsts(heard: ir.Table, started: ir.Table, names: Sequence[str], word: str) -> ir.Table:
    """The first event of these names on or after the day of a customer's first purchase."""
    of_these = heard.filter(heard.name.isin(list(names)))
    joined = of_these.inner_join(started, of_these.person == started.customer_id)
    after = joined.filter(joined.on >= joined.start)
    return after.group_by("customer_id").agg(**{word: after.on.min()})


def started(purchases: ir.Table) -> ir.Table:
    """The day of each customer's first purchase."""
    return purchases.group_by("customer_id").agg(start=purchases.ordered_on.min())


def again(purchases: ir.Table, achieved: ir.Table) -> ir.Table:
    """The first purchase after the day on which somebody achieved."""
    bought = purchases.select("customer_id", "ordered_on")
    joined = bought.inner_join(achieved, "customer_id")
    later = joined.filter(joined.ordered_on > joined.achieve)
    return later.group_by("customer_id").agg(again=later.ordered_on.min())


def people(
    traits: ir.Table,
    started: ir.Table,
    visits: ir.Table | None,
    used: ir.Table | None,
    achieved: ir.Table | None,
    again: ir.Table | None,
    as_of: date,
) -> ir.Table:
    """Everybody once with the day of each place, null where they never came."""
    registered = ibis.ifelse(traits.registered_on <= as_of, traits.registered_on, ibis.null("date"))
    rows = traits.select("customer_id", signup=registered)
    rows = _joined(rows, started, "start")
    for table, word in ((used, "use"), (achieved, "achieve"), (again, "again")):
        rows = _joined(rows, table, word)
    # Who achieved had used it, whatever was recorded.
    rows = rows.mutate(use=_earlier(rows.use, rows.achieve))
    if visits is None:
        return rows.mutate(aware=rows.signup).drop("signup")
    named = rows.left_join(visits, rows.customer_id == visits.person)
    theirs = named.mutate(aware=_earlier(named.visit, named.signup)).drop(
        "signup", "visit", "person"
    )
    strangers = visits.filter(visits.person < 0)
    nobody = {word: ibis.null("date") for word in ("start", "use", "achieve", "again")}
    return theirs.union(
        strangers.select(customer_id=strangers.person, aware=strangers.visit, **nobody).select(
            *theirs.columns
        )
    )


def _earlier(one: ir.Value, other: ir.Value) -> ir.Value:
    return ibis.coalesce(ibis.least(one, other), one, other)


def _joined(rows: ir.Table, table: ir.Table | None, word: str) -> ir.Table:
    if table is None:
        return rows.mutate(**{word: ibis.null("date")})
    return rows.left_join(table, "customer_id").drop("customer_id_right")


def step(people: ir.Table, way: Way, as_of: date, days: int) -> ir.Table:
    """Of those who came there long enough ago: how many, and how many went on in time."""
    first = people[WAYS[way][0]]
    until = as_of - timedelta(days=days)
    ripe = people.filter(first.notnull(), first <= until, first > until - timedelta(days=WINDOW))
    if way == "aware_start":  # who bought before was seen is not led in by what was seen
        ripe = ripe.filter((ripe.start >= ripe.aware).fill_null(True))
    begun, ended = (ripe[place] for place in WAYS[way])
    gone = ended.notnull() & (ended.delta(begun, unit="day") <= days)
    return ripe.agg(entered=ripe.count(), gone=ripe.count(where=gone).fill_null(0))


def achieved_by(people: ir.Table, as_of: date, days: int) -> ir.Table:
    """Of those who began long enough ago: how many, and how many achieved in time; ``ever`` are all
    who achieved it."""
    until = as_of - timedelta(days=days)
    ripe = people.filter(
        people.start.notnull(), people.start <= until, people.start > until - timedelta(days=WINDOW)
    )
    gone = ripe.achieve.notnull() & (ripe.achieve.delta(ripe.start, unit="day") <= days)
    ever = people.agg(ever=people.count(where=people.achieve.notnull()).fill_null(0))
    counted = ripe.agg(entered=ripe.count(), gone=ripe.count(where=gone).fill_null(0))
    return counted.cross_join(ever)


def reached(people: ir.Table, as_of: date) -> ir.Table:
    """How many ever came to each place, and how many began lately."""
    places = ("aware", "start", "use", "achieve", "again")
    lately = people.start > as_of - timedelta(days=NEW_WITHIN)
    return people.agg(
        **{one: people.count(where=people[one].notnull()).fill_null(0) for one in places},
        lately=people.count(where=lately.fill_null(False)).fill_null(0),
    )


def users(heard: ir.Table, names: Sequence[str], as_of: date) -> ir.Table:
    """How many customers used or achieved something lately."""
    lately = heard.filter(
        heard.name.isin(list(names)),
        heard.on > as_of - timedelta(days=USED_WITHIN),
        heard.person > 0,
    )
    return lately.agg(n=lately.person.nunique().fill_null(0))


def continued(purchases: ir.Table, as_of: date) -> ir.Table:
    """Of those who bought in the year before the last: how many, and how many in the last too."""
    year = as_of - timedelta(days=WINDOW)
    rows = purchases.filter(purchases.ordered_on > year - timedelta(days=WINDOW))
    each = rows.group_by("customer_id").agg(
        before=(rows.ordered_on <= year).any(), after=(rows.ordered_on > year).any()
    )
    kept = each.filter(each.before)
    return kept.agg(entered=kept.count(), gone=kept.count(where=kept.after).fill_null(0))
