"""One person's consents: all that was said, also by whom they turned out to be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import connection

from joren.core.ids import CustomerId
from joren.core.people import moved, people
from joren.protect.consent import contracts, models, rules
from joren.protect.consent.contracts import EVERY, Matter

_NOW = """
    WITH RECURSIVE up(into_id, depth) AS (
        SELECT into_id, 1 FROM ({merged}) AS m WHERE m.customer_id = %s
        UNION ALL
        SELECT m.into_id, depth + 1 FROM up JOIN ({merged}) AS m ON m.customer_id = up.into_id
        WHERE depth < 100
    )
    SELECT into_id FROM up ORDER BY depth DESC LIMIT 1
"""
_CIRCLE = """
    WITH RECURSIVE down(customer_id) AS (
        SELECT m.customer_id FROM ({merged}) AS m WHERE m.into_id = %s
        UNION
        SELECT m.customer_id FROM down JOIN ({merged}) AS m ON m.into_id = down.customer_id
    )
    SELECT customer_id FROM down ORDER BY customer_id
"""


def person_now(customer: int) -> CustomerId:
    """Who that is after all merges."""
    known = people()
    with connection.cursor() as cursor:
        cursor.execute(_NOW.format(merged=known.merged), [customer])
        found = cursor.fetchone()
        number = customer if found is None else found[0]
        cursor.execute(f"SELECT 1 FROM ({known.everybody}) AS c WHERE c.customer_id = %s", [number])
        if cursor.fetchone() is None:
            raise contracts.NobodyThere(
                f"no customer {customer}", hint="they may have been erased, or never been there"
            )
    return CustomerId(number)


def persons_now(customers: Collection[int]) -> dict[int, CustomerId]:
    """The same of many; who is not there any more is left out."""
    person, _ = _people_of(set(customers))
    if not person:
        return {}
    few = _few(set(person.values()))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT c.customer_id FROM ({people().everybody}) AS c {few}")
        there = {number for (number,) in cursor.fetchall()}
    return {one: CustomerId(now) for one, now in person.items() if now in there}


def circle_of(person: int) -> tuple[CustomerId, ...]:
    """The person and all who were found to be them."""
    with connection.cursor() as cursor:
        cursor.execute(_CIRCLE.format(merged=people().merged), [person])
        return (CustomerId(person), *(CustomerId(number) for (number,) in cursor.fetchall()))


def entries_of(customer: int) -> tuple[contracts.Entry, ...]:
    """All that was ever said by this person, newest first."""
    theirs = models.Entry.objects.filter(customer_id__in=circle_of(person_now(customer)))
    return tuple(_entry(row) for row in theirs.order_by("-at", "-pk"))


def standings_of(
    customer: int, matters: Sequence[Matter] | None = None
) -> tuple[contracts.Standing, ...]:
    """How things stand with one person: with what the shop asks about, and all else they said."""
    said = entries_of(customer)
    chosen = choices()
    if matters is None:
        others = {Matter(one.channel, one.purpose) for one in said if one.channel != "*"}
        others = {one for one in others if one.purpose != "*"} - {*chosen.offered}
        matters = (*chosen.offered, *sorted(others, key=str))
    return tuple(rules.standing(said, one, relies_on=chosen.relies_on) for one in matters)


def choices() -> contracts.Choices:
    """What the shop decided, or what is so as long as it has not."""
    row = models.Choice.objects.filter(pk=1).first()
    if row is None:
        return contracts.Choices()
    offered = tuple(rules.matter_named(text) for text in row.offered)
    return contracts.Choices(offered, tuple(row.relies_on), row.confirm_days)


def wordings(matter: Matter | None = None) -> tuple[contracts.Wording, ...]:
    """Every version of what the shop shows, newest first."""
    rows = models.Wording.objects.filter(scope="").order_by(
        "channel", "purpose", "language", "-version"
    )
    if matter is not None:
        rows = rows.filter(channel=matter.channel, purpose=matter.purpose)
    return tuple(_wording(row) for row in rows)


def wording(matter: Matter, language: str, *, scope: str = "") -> contracts.Wording | None:
    """What is shown now in that language, where the shop wrote something of its own.

    ``scope`` names a place that has words of its own, such as one form.
    """
    rows = models.Wording.objects.filter(
        channel=matter.channel, purpose=matter.purpose, language=language, scope=scope
    )
    row = rows.order_by("-version").first()
    return None if row is None else _wording(row)


def wording_of(
    matter: Matter, text: str, language: str, *, scope: str = ""
) -> contracts.Wording | None:
    """Where those very words are kept, if they are; rather those meant for the language."""
    rows = models.Wording.objects.filter(
        channel=matter.channel, purpose=matter.purpose, scope=scope, text=text.strip()
    ).order_by("-version")
    found = list(rows)
    row = next((one for one in found if one.language == language), next(iter(found), None))
    return None if row is None else _wording(row)


def wording_numbered(number: int) -> contracts.Wording:
    """What an entry of the ledger says was shown."""
    return _wording(models.Wording.objects.get(pk=number))


def still_asked(numbers: Sequence[int]) -> dict[int, contracts.Entry]:
    """Of these requests, by their numbers, those that nobody has answered or taken back since:
    neither the customer nor anybody who is the same person by now. Each is of that person."""
    rows = list(models.Entry.objects.filter(pk__in=list(numbers), act="requested"))
    person, circle = _people_of({row.customer_id for row in rows})
    answers = models.Entry.objects.filter(
        customer_id__in=list(circle), act__in=("granted", "withdrawn")
    )
    undone = models.Entry.objects.filter(undoes__in=[row.pk for row in rows])
    gone = set(undone.values_list("undoes", flat=True))
    said: dict[int, list[tuple[str, str, datetime]]] = defaultdict(list)
    for one in map(_entry, answers):
        said[circle[one.customer]].append((one.channel, one.purpose, one.counts_from))
    return {
        row.pk: replace(_entry(row), customer=CustomerId(person[row.customer_id]))
        for row in rows
        if row.pk not in gone
        and not any(
            channel in (row.channel, EVERY)
            and purpose in (row.purpose, EVERY)
            and at >= _entry(row).counts_from
            for channel, purpose, at in said[person[row.customer_id]]
        )
    }


def confirmed_at(numbers: Sequence[int]) -> dict[int, datetime]:
    """When these requests were confirmed by their link; those that were not are left out. The
    answer stands under whom the customer was by then."""
    asked = models.Entry.objects.filter(pk__in=list(numbers)).values_list("pk", "customer_id")
    by_number = dict(asked)
    _, circle = _people_of(set(by_number.values()))
    proofs = {f"entry:{number}": number for number in by_number}
    rows = models.Entry.objects.filter(
        act="granted", source="confirmation", proof__in=list(proofs), customer_id__in=list(circle)
    )
    return {proofs[row.proof]: row.at for row in rows.order_by("-at")}


def circles_of(customers: Collection[int]) -> dict[int, int]:
    """Everybody who is one of these by now, with who that is."""
    return _people_of(set(customers))[1]


def _people_of(customers: set[int]) -> tuple[dict[int, int], dict[int, int]]:
    """Who these are by now, and everybody who is one of those, with who that is."""
    if not customers:
        return {}, {}
    some = _few(customers)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT customer_id, person_id FROM ({moved()}) AS m {some}")
        person = {one: one for one in customers} | dict(cursor.fetchall())
        among = _few(set(person.values()), "person_id")
        cursor.execute(f"SELECT customer_id, person_id FROM ({moved()}) AS m {among}")
        return person, {one: one for one in person.values()} | dict(cursor.fetchall())


def _few(numbers: set[int], column: str = "customer_id") -> str:
    return f"WHERE {column} IN ({', '.join(str(int(one)) for one in sorted(numbers))})"


def requests_after(number: int, *, limit: int) -> tuple[contracts.Entry, ...]:
    """The next requests of the ledger by their numbers, whoever made them."""
    rows = models.Entry.objects.filter(pk__gt=number, act="requested").order_by("pk")[:limit]
    return tuple(_entry(row) for row in rows)


def _wording(row: models.Wording) -> contracts.Wording:
    matter = Matter(row.channel, row.purpose)
    return contracts.Wording(row.pk, matter, row.language, row.version, row.text, row.since)


def refusals_since(since: datetime) -> list[tuple[int, str, datetime]]:
    """(customer, channel, when) of each refusal of news that somebody gave themselves, by a link,
    on the page of their wishes or on LINE, and that was not taken back as a mistake."""
    given = models.Entry.objects.filter(
        act="withdrawn", purpose__in=("marketing", contracts.EVERY), at__gte=since,
        source__in=("one_click", "preference_page", "line"),
    )  # fmt: skip
    undone = models.Entry.objects.exclude(undoes=None).filter(at__gte=since).values("undoes")
    rows = given.exclude(pk__in=undone).order_by("at", "pk")
    return list(rows.values_list("customer_id", "channel", "at"))


def _entry(row: models.Entry) -> contracts.Entry:
    return contracts.Entry(
        row.pk,
        CustomerId(row.customer_id),
        row.channel,
        row.purpose,
        row.act,
        row.source,
        row.at,
        row.recorded_at,
        row.by,
        row.basis,
        row.wording_id,
        row.proof,
        row.reason,
        row.undoes,
    )
