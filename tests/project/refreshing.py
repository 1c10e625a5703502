"""A refresh of a shop whose people are those of the orders: here, and in a process to be killed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

import pyarrow as pa
from django.core.management import call_command

from joren.collect.customers import selectors as customers
from joren.collect.orders import selectors as facts
from joren.project import refresh as refreshing
from joren.warehouse import Warehouse

REPOSITORY = Path(__file__).parents[2]
_CHILD = """
import sys, django
django.setup()
from tests.project import refreshing
refreshing.main(sys.argv[1])
"""


def everybody(house: Warehouse) -> pa.Table:
    """Every identity is a customer of the same number."""
    orders = facts.orders(house)
    known = house.engine.arrow(orders.select("identity_id").distinct().drop_null())
    return known.append_column("customer_id", known["identity_id"])


def refreshed(**named: object) -> refreshing.Report:
    """``refresh``, with people from the orders instead of the database."""
    with mock.patch.object(customers, "person_of", everybody):
        return refreshing.refresh(**named)  # type: ignore[arg-type]


def child(words: str) -> subprocess.Popen[str]:
    """A process of its own, in this test's home: ``migrate`` or ``refresh``."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "joren.project.settings"}
    environment["PYTHONPATH"] = os.pathsep.join([str(REPOSITORY / "src"), str(REPOSITORY)])
    return subprocess.Popen(
        [sys.executable, "-c", _CHILD, words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def main(words: str) -> None:
    """What the child does, once Django is set up."""
    if words == "migrate":
        call_command("migrate", verbosity=0)
        return
    print("begun", flush=True)  # noqa: T201 (the parent waits for it)
    refreshed()
