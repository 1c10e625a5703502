"""What each variant brought: sign-ups, confirmations, first orders, of those who saw it.

Whoever was shown a variant counts for it, signed up or not: the visitor is what was drawn by lot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Final

import ibis
import pyarrow as pa
from django.db import connection
from django.db.models import Count, Q

from joren.accounts.selectors import business
from joren.act.forms import contracts, models
from joren.act.forms.contracts import WINDOWS, Arm, Content, Ordered, Results, Variant
from joren.act.forms.selectors.asking import by_number, version
from joren.collect.customers import selectors as people
from joren.collect.orders import selectors as facts
from joren.collect.orders.contracts import LOST_STATUSES, ORDERS
from joren.core import clock
from joren.core.people import moved
from joren.plumbing.warehouse import warehouse

_LEVEL: Final = 0.95
_KINDS: Final = pa.schema(
    [
        ("signup_id", pa.int64()),
        ("customer_id", pa.int64()),
        ("variant", pa.string()),
        ("signed_on", pa.date32()),
        ("seen_on", pa.date32()),
    ]
)


def results(number: int, *, round_number: int | None = None) -> Results:
    """One round of a form, the present one where none is named."""
    from joren.science.inference.sample_ratio import sample_ratio

    form = by_number(number)
    asked = form.round if round_number is None else round_number
    row = models.Round.objects.filter(form_id=number, number=asked).first()
    if row is None:
        if asked:
            raise contracts.NoSuchForm(f"the form has no round {asked}", hint=f"1 to {form.round}")
        return Results(0, None, (), False, None, _LEVEL, None, 0, 0)
    content = version(number, row.version).content
    seen = _counts(number, asked)
    shown = [one for one in content.variants if one.share]
    visitors = [float(seen.get(one.key, (0, 0, 0))[0]) for one in shown]
    broken, p = False, None
    if len(shown) > 1 and any(visitors):
        ratio = sample_ratio(visitors, [one.share for one in shown])
        broken, p = ratio.blocks, ratio.p
    ordered, until = _first_orders(number, asked)
    followed = {days: _followed(number, asked, until, days) for days in WINDOWS}
    # Several variants beside one control: each interval is wider, so that all hold together.
    level = 1 - (1 - _LEVEL) / max(1, len(shown) - 1)
    arms = _arms(content, shown, seen, ordered, followed, level)
    return Results(asked, row.since, arms, broken, p, level, until, *_unseen(number, row))


def _unseen(number: int, row: models.Round) -> tuple[int, int]:
    """Sign-ups of that round alone: of visitors of whom no visit is known, and by programs."""
    rows = models.Signup.objects.filter(form_id=number, visit=None, at__gte=row.since)
    later = models.Round.objects.filter(form_id=number, number__gt=row.number).order_by("number")
    if following := later.first():
        rows = rows.filter(at__lt=following.since)
    counted = rows.aggregate(n=Count("pk"), by_program=Count("pk", filter=Q(by_program=True)))
    return counted["n"] - counted["by_program"], counted["by_program"]


def _counts(number: int, asked: int) -> dict[str, tuple[int, int, int]]:
    """By variant: visitors, and how many of them signed up and confirmed."""
    rows = models.Visit.objects.filter(form_id=number, round=asked).values_list("variant")
    counted = rows.annotate(
        n=Count("pk", distinct=True),
        signed=Count("pk", filter=Q(signup__isnull=False), distinct=True),
        confirmed=Count("pk", filter=Q(signup__confirmed_at__isnull=False), distinct=True),
    )
    return {key: (n, signed, confirmed) for key, n, signed, confirmed in counted}


def _followed(number: int, asked: int, until: date | None, days: int) -> Mapping[str, int]:
    """By variant: visitors whose days were over by the newest day of orders."""
    if until is None:
        return {}
    rows = models.Visit.objects.filter(
        form_id=number, round=asked, at__lt=_end(until - timedelta(days))
    )
    return dict(rows.values_list("variant").annotate(n=Count("pk")))


def _end(day: date) -> datetime:
    zone = clock.zone(business().time_zone)
    return datetime.combine(day + timedelta(1), time(), zone)


def _first_orders(number: int, asked: int) -> tuple[Mapping[tuple[str, int], int], date | None]:
    """By variant and days: visitors whose first order of all came so soon after they signed up."""
    house = warehouse()
    if not house.lake.files(ORDERS):
        return {}, None
    signed = _signed(number, asked)
    with house.engine.session() as holding:
        orders = facts.orders(house)
        orders = orders.filter(orders.status.isnull() | orders.status.notin(LOST_STATUSES))
        (newest,) = house.engine.rows(orders.agg(day=orders.ordered_on.max()))
        until = newest["day"]
        if until is None or not len(signed):
            return {}, until
        whose = holding.take(people.person_of(house))
        who = holding.take(signed)
        theirs = whose.semi_join(who, "customer_id").select("identity_id", "customer_id")
        bought = orders.inner_join(theirs, "identity_id")
        first = bought.group_by("customer_id").agg(first_on=bought.ordered_on.min())
        both = who.inner_join(first, "customer_id")
        both = both.filter(both.first_on >= both.signed_on)
        after = both.first_on.delta(both.seen_on, unit="day")
        ends = ibis.literal(until).delta(both.seen_on, unit="day")
        counted = both.group_by("variant").agg(
            **{
                f"within_{days}": ((after <= days) & (ends >= days)).cast("int64").sum()
                for days in WINDOWS
            }
        )
        rows = house.engine.rows(counted)
    return {
        (row["variant"], days): int(row[f"within_{days}"]) for row in rows for days in WINDOWS
    }, until


def _signed(number: int, asked: int) -> pa.Table:
    """Who signed up after a visit, by the person they are now: the first of each visit."""
    zone = clock.zone(business().time_zone)
    statement = f"""
        SELECT min(s.id), coalesce(m.person_id, s.customer_id), v.variant, min(s.at), min(v.at)
        FROM forms_signup AS s JOIN forms_visit AS v ON v.id = s.visit_id
        LEFT JOIN ({moved()}) AS m ON m.customer_id = s.customer_id
        WHERE v.form_id = %s AND v.round = %s AND s.customer_id IS NOT NULL
        GROUP BY coalesce(m.person_id, s.customer_id), v.variant
    """  # noqa: S608 (relations of people are ours)
    with connection.cursor() as cursor:
        cursor.execute(statement, [number, asked])
        rows = [
            {
                "signup_id": row[0],
                "customer_id": row[1],
                "variant": row[2],
                "signed_on": clock.shop_day(_moment(row[3]), zone.key),
                "seen_on": clock.shop_day(_moment(row[4]), zone.key),
            }
            for row in cursor.fetchall()
        ]
    return pa.Table.from_pylist(rows, schema=_KINDS)


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    from datetime import UTC

    return datetime.fromisoformat(str(value)).replace(tzinfo=UTC)


def _arms(
    content: Content,
    shown: Sequence[Variant],
    seen: Mapping[str, tuple[int, int, int]],
    ordered: Mapping[tuple[str, int], int],
    followed: Mapping[int, Mapping[str, int]],
    level: float,
) -> tuple[Arm, ...]:
    control = content.control if content.control.share else shown[0]
    n0, signed0, confirmed0 = seen.get(control.key, (0, 0, 0))
    found = []
    for one in shown:
        n, signed, confirmed = seen.get(one.key, (0, 0, 0))
        is_control = one.key == control.key
        found.append(
            Arm(
                one,
                is_control,
                n,
                signed,
                confirmed,
                _share(signed, n),
                _share(confirmed, n),
                None if is_control else _effect((signed0, n0), (signed, n), level),
                None if is_control else _effect((confirmed0, n0), (confirmed, n), level),
                tuple(
                    _ordered(
                        days,
                        (ordered.get((one.key, days), 0), followed[days].get(one.key, 0)),
                        None
                        if is_control
                        else (
                            ordered.get((control.key, days), 0),
                            followed[days].get(control.key, 0),
                        ),
                        level,
                    )
                    for days in WINDOWS
                ),
            )
        )
    return tuple(found)


def _ordered(
    days: int, own: tuple[int, int], control: tuple[int, int] | None, level: float
) -> Ordered:
    buyers, followed = own
    effect = None if control is None else _effect(control, own, level)
    return Ordered(days, followed, buyers, _share(buyers, followed), effect)


def _share(hits: int, n: int) -> Any:
    from joren.science.inference.intervals import proportion_interval

    return proportion_interval(hits, n, _LEVEL) if n else None


def _effect(control: tuple[int, int], treated: tuple[int, int], level: float) -> Any:
    from joren.science.inference.proportions import newcombe

    return newcombe(control, treated, level=level) if control[1] and treated[1] else None
