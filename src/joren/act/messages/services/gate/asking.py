"""Ask the gate: for rows that are new, and again for those that were put off."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db import connection, transaction

from joren.accounts.selectors import business
from joren.act.messages import models
from joren.act.messages.contracts import Asked, NoSuchErrand, Passed
from joren.act.messages.selectors.keeping import kind_of
from joren.act.messages.services.gate import setting as known
from joren.act.messages.services.gate.statement import COLUMNS, gate_sql, moment
from joren.core import clock

AT_ONCE: Final = 20_000
_ALL: Final = 2**63 - 1
_ANSWER: Final = ", ".join(
    f"act_messages_send.{name}" for name in ("state", "reason", "lot", "errand_id", "cost")
)


def ask(errand_id: int, asked: Asked) -> Passed:
    """Put rows through the gate into the ledger, in the caller's transaction.

    What is there already is left as it is. The caller asks for some 20,000 at a time and commits,
    so that what it did itself and these rows stand or fall together.
    """
    return ask_together([(errand_id, asked)])


def ask_together(each: Sequence[tuple[int, Asked]]) -> Passed:
    """The same for several errands at once: where there is too little room, those of all of them
    with most to expect go first, and no errand before another. Nobody stands in two of them."""
    numbers = [errand for errand, _ in each]
    errands = models.Errand.objects.select_related("template").in_bulk(numbers)
    if missing := sorted({*numbers} - {*errands}):
        raise NoSuchErrand(f"there is no errand {missing[0]}")
    known.hold()
    now = clock.now().replace(microsecond=0)
    here = known.setting(now, numbers)
    asked = " UNION ALL ".join(_candidates(errands[errand], one) for errand, one in each)
    values = [value for _, one in each for value in one.values]
    relations = gate_sql(f"SELECT row_number() OVER () AS k, c.* FROM ({asked}) AS c", here)
    insert = f"""
        INSERT INTO act_messages_send ({COLUMNS}) SELECT {COLUMNS} FROM decided WHERE 1 = 1
        ON CONFLICT DO NOTHING
    """
    return _carried_out(relations, insert, values, now)


def _candidates(errand: models.Errand, asked: Asked) -> str:
    version = errand.template.sendable if errand.template.archived_at is None else None
    said = "CAST(NULL AS bigint)" if version is None else str(version)
    return f"""
        SELECT {errand.pk} AS errand_id, a.customer_id, a.occurrence,
            a.wanted_at, a.expires_at, a.worth, a.lot, '{errand.channel}' AS channel,
            '{kind_of(errand, version)}' AS kind, {said} AS version, '' AS was,
            {_ALL} AS upto
        FROM ({asked.query}) AS a
        WHERE NOT EXISTS (SELECT 1 FROM act_messages_send AS s WHERE s.errand_id = {errand.pk}
            AND s.customer_id = a.customer_id AND s.occurrence = a.occurrence)
    """


def gate_again(limit: int) -> Passed:
    """Ask for those whose time has come, the best worth first, with a transaction for each chunk.

    Of two for one person the better is decided first, and the other in a later chunk.
    """
    now = clock.now().replace(microsecond=0)
    rows = models.Send.objects.filter(state="deferred", next_at__lte=now)
    if held := list(models.Errand.objects.exclude(held_at=None).values_list("pk", flat=True)):
        rows = rows.exclude(errand_id__in=held)
    due = list(rows.order_by("-worth", "pk").values_list("pk", flat=True)[:limit])
    total = Passed()
    while due:
        with transaction.atomic():
            known.hold()
            done = _again(due[:AT_ONCE])
        total = _sum(total, done)
        due = due[AT_ONCE:]
    return total


def _again(numbers: Sequence[int]) -> Passed:
    now = clock.now().replace(microsecond=0)
    errands = set(
        models.Send.objects.filter(pk__in=numbers).values_list("errand_id", flat=True).distinct()
    )
    here = known.setting(now, errands)
    given = "unnest(%s::bigint[]) AS g(value)" if here.postgresql else "json_each(%s) AS g"
    # In this form PostgreSQL does not guess that none is left, and so does not join by pairs.
    candidates = f"""
        SELECT s.id AS k, s.errand_id, s.customer_id, s.occurrence, s.next_at AS wanted_at,
            s.expires_at, s.worth, s.lot, e.channel,
            coalesce(v.kind, e.kind) AS kind,
            CASE WHEN t.archived_at IS NULL THEN t.sendable END AS version, s.reason AS was,
            s.id AS upto
        FROM {given}
        JOIN act_messages_send AS s ON s.id = g.value
        JOIN act_messages_errand AS e ON e.id = s.errand_id
        JOIN act_messages_template AS t ON t.id = e.template_id
        LEFT JOIN act_messages_templateversion AS v
            ON v.template_id = t.id AND v.number = t.sendable
        WHERE CASE WHEN s.state = 'deferred' AND s.next_at <= {moment(here.now, here)}
            THEN 1 ELSE 0 END > 0
    """
    update = """
        UPDATE act_messages_send SET state = d.state, reason = d.reason, lot = d.lot,
            next_at = d.next_at, counted_at = d.counted_at, version = d.version, cost = d.cost
        FROM decided AS d WHERE act_messages_send.id = d.k AND (d.open = 0 OR d.place = 1)
    """
    values = list(numbers) if here.postgresql else json.dumps(list(numbers))
    return _carried_out(gate_sql(candidates, here), update, [values], now)


def _carried_out(relations: str, deed: str, values: list[Any], now: Any) -> Passed:
    """Do it, and write down what it takes from the budgets."""
    if connection.vendor == "postgresql":
        statement = f"""
            WITH RECURSIVE {relations}, done AS ({deed} RETURNING {_ANSWER})
            SELECT state, reason, lot, errand_id, count(*), coalesce(sum(cost), 0)
            FROM done GROUP BY 1, 2, 3, 4
        """
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            rows = cursor.fetchall()
    else:
        with connection.cursor() as cursor:
            cursor.execute(f"WITH RECURSIVE {relations} {deed} RETURNING {_ANSWER}", values)
            rows = _counted(cursor.fetchall())
    used: Counter[int] = Counter()
    costs: Counter[int] = Counter()
    for state, _, _, errand, n, cost in rows:
        if state == "waiting":
            used[errand] += n
            costs[errand] += int(cost)
    month = known.month_of(now, business().time_zone)
    known.take({errand: (n, costs[errand]) for errand, n in used.items()}, month)
    return _passed(rows)


def _counted(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    # The cost of a channel is one number, so that equal rows cost the same.
    counts = Counter(rows)
    return [(*key[:4], n, n * (key[4] or 0)) for key, n in counts.items()]


def _passed(rows: Iterable[tuple[Any, ...]]) -> Passed:
    states: Counter[str] = Counter()
    reasons: Counter[tuple[str, str]] = Counter()
    ghosts = spent = 0
    for state, reason, lot, _, n, cost in rows:
        states[state] += n
        reasons[state, reason] += n
        ghosts += 0 if lot is None else n
        spent += int(cost)
    return Passed(dict(states), dict(reasons), ghosts, spent)


def _sum(one: Passed, other: Passed) -> Passed:
    return Passed(
        dict(Counter(one.states) + Counter(other.states)),
        dict(Counter(one.reasons) + Counter(other.reasons)),
        one.ghosts + other.ghosts,
        one.cost + other.cost,
    )
