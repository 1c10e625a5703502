"""What has to be so before a command works: the tables are there, promised work is done."""

from __future__ import annotations

from contextlib import suppress

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from joren.collect.connectors import services as imports
from joren.collect.orders.services import recover
from joren.plumbing.warehouse import warehouse
from joren.warehouse.journal import WarehouseBusy


def migrate() -> bool:
    """Bring the database's tables to this version's form; say whether there was need."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    call_command("migrate", verbosity=0, interactive=False)
    return True


def finish_promised() -> None:
    """Carry out what an import promised before it was killed; call off what promised nothing."""
    house = warehouse()
    if not house.journal.promised() and not imports.interrupted_imports():
        return
    # Whoever holds the pen now finishes it first; a report need not wait for that.
    with suppress(WarehouseBusy), house.journal.lock(wait=0):
        recover(house)
        imports.recover_imports()
