"""One part of ``bench gate``, in a process of its own: its time is of the chunks alone."""

from __future__ import annotations

import os
import sys
import time
from datetime import UTC, datetime, timedelta
from unittest import mock

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "joren.project.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 (Django is set up first)
from django.db import connection, transaction  # noqa: E402 (Django is set up first)

from joren.act.messages import models, services  # noqa: E402 (Django is set up first)
from joren.act.messages.contracts import Asked, Policy  # noqa: E402 (Django is set up first)
from joren.act.messages.rules.policies import as_said  # noqa: E402 (Django is set up first)
from joren.act.messages.services.gate.statement import COLUMNS  # noqa: E402 (Django is set up first)
from joren.core import clock  # noqa: E402 (Django is set up first)

NOON = datetime(2026, 11, 28, 3, tzinfo=UTC)
CHUNK = 20_000


def main(what: str, rows: int) -> None:
    {"prepare": _prepare, "bare": _bare, "gate": _gate, "again": _again}[what](rows)


def _prepare(rows: int) -> None:
    call_command("migrate", verbosity=0)
    numbers = (
        "SELECT generate_series(1, %s) AS n" if connection.vendor == "postgresql" else
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < %s)"
        " SELECT n FROM c"
    )  # fmt: skip
    models.PolicyVersion.objects.create(
        number=1, changed_at=NOON, changed_by="bench",
        said=as_said(
            Policy(month_most=rows // 2, month_cost=rows * 9, costs={"email": 1})
        ),
    )  # fmt: skip
    template = models.Template.objects.create(
        name="t", channel="email", version=1, sendable=1, changed_at=NOON
    )
    for step in ("before", "bare", "gate"):
        models.Errand.objects.create(
            source="bench", source_id=1, step=step, template=template, channel="email",
            kind="brand", made_at=NOON,
        )  # fmt: skip
    at = [_at(NOON - timedelta(days)) for days in (1, 3, 6)]
    with connection.cursor() as cursor:
        for statement in (
            "INSERT INTO customers_customer (id, prefecture, gender, acquisition_source,"
            f" search_grams) SELECT n, '', '', '', '' FROM ({numbers}) AS g WHERE 1 = 1",
            "INSERT INTO consent_entry (customer_id, channel, purpose, act, source, at,"
            f" recorded_at, \"by\", basis, proof, reason) SELECT n, 'email', 'marketing',"
            f" CASE WHEN n %% 10 = 1 THEN 'withdrawn' ELSE 'granted' END, 'staff', {at[2]},"
            f" {at[2]}, 'bench', '', '', ''"
            f" FROM ({numbers}) AS g WHERE 1 = 1",
            "INSERT INTO act_messages_localzone (customer_id, zone) SELECT n, CASE WHEN n %% 40 = 0"
            f" THEN 'America/New_York' ELSE 'Europe/Berlin' END FROM ({numbers}) AS g"
            " WHERE n %% 20 = 0",
            "INSERT INTO act_messages_suppression (customer_id, channel, reason, since, source)"
            f" SELECT n, 'email', 'hard_bounce', {at[2]}, '' FROM ({numbers}) AS g"
            " WHERE n %% 100 = 7",
            *(
                f"INSERT INTO act_messages_send ({COLUMNS}) SELECT 1, n, {k}, 'sent', '', NULL, 0,"
                f" {at[k]}, NULL, NULL, {at[k]}, 1, 1 FROM ({numbers}) AS g WHERE n %% 3 = 0"
                for k in range(3)
            ),
            "CREATE TABLE bench_due AS SELECT n AS customer_id, n AS occurrence,"
            " CAST(n AS bigint) * 7919 %% 10007 AS worth, CASE WHEN n %% 10 = 3 THEN 9 END AS lot"
            f" FROM ({numbers}) AS g WHERE 1 = 1",
        ):
            cursor.execute(statement, [rows])
        cursor.execute("CREATE INDEX bench_due_by ON bench_due (customer_id)")
        cursor.execute("ANALYZE")


def _at(moment: datetime) -> str:
    plain = moment.replace(tzinfo=None)
    return f"TIMESTAMPTZ '{plain}+00'" if connection.vendor == "postgresql" else f"'{plain}'"


def _due(first: int) -> str:
    never = "CAST(NULL AS timestamptz)" if connection.vendor == "postgresql" else "NULL"
    return f"""SELECT customer_id, occurrence, {_at(NOON)} AS wanted_at, {never} AS expires_at,
        worth, CAST(lot AS bigint) AS lot
        FROM bench_due WHERE customer_id BETWEEN {first} AND {first + CHUNK - 1}"""


def _bare(rows: int) -> None:
    begun = time.perf_counter()
    for first in range(1, rows + 1, CHUNK):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO act_messages_send ({COLUMNS}) SELECT 2, customer_id, occurrence,"
                f" 'sent', '', lot, worth, {_at(NOON)}, wanted_at, expires_at, NULL, 1, 1"
                f" FROM ({_due(first)}) AS d WHERE 1 = 1 ON CONFLICT DO NOTHING"
            )
    _say(rows, begun)


def _gate(rows: int) -> None:
    begun, states = time.perf_counter(), {}
    with mock.patch.object(clock, "now", return_value=NOON):
        for first in range(1, rows + 1, CHUNK):
            with transaction.atomic():
                passed = services.ask(3, Asked(_due(first)))
            for reason, n in passed.reasons.items():
                states[reason] = states.get(reason, 0) + n
    _say(rows, begun, str({f"{a} {b}".strip(): n for (a, b), n in sorted(states.items())}))


def _again(rows: int) -> None:
    """A week later, in a month with as much budget: all that was put off."""
    begun = time.perf_counter()
    with mock.patch.object(clock, "now", return_value=NOON + timedelta(8)):
        passed = services.gate_again(rows)
    _say(passed.rows, begun, str(dict(passed.states)))


def _say(rows: int, begun: float, more: str = "") -> None:
    took, busy = time.perf_counter() - begun, time.process_time()
    print(
        f"{rows / took:10,.0f} rows/s {rows:10,} rows {took:7.2f} s ({busy:.2f} s CPU here)  {more}"
    )


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
