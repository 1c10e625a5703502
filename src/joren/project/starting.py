"""What has to be so before a command works: the tables are there, promised work is done."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import Final

from django.core.management import call_command
from django.db import connections
from django.db.migrations.exceptions import NodeNotFoundError
from django.db.migrations.executor import MigrationExecutor

from joren.collect.connectors import services as imports
from joren.collect.orders.services import recover
from joren.core.errors import Refused
from joren.plumbing.warehouse import warehouse
from joren.project.databases import INBOX
from joren.protect.erasure.services import carry_out_waiting
from joren.warehouse.journal import WarehouseBusy

_log = logging.getLogger(__name__)

_APPS: Final[dict[str, tuple[str, ...]]] = {"default": (), INBOX: ("inbox", "webhooks")}
"""Which apps have tables in which database; () is all."""


class TablesTooOld(Refused):
    """The database was last used by a version whose steps to this one are not kept any more."""


def migrate() -> bool:
    """Bring the tables of each database to this version's form; say whether there was need."""
    behind = [name for name, apps in _APPS.items() if name in connections and _waits(name, apps)]
    for name in behind:
        for app in _APPS[name] or ("",):
            words = [app] if app else []
            call_command("migrate", *words, database=name, verbosity=0, interactive=False)
    return bool(behind)


def _waits(name: str, apps: tuple[str, ...]) -> bool:
    executor = steps(name)
    graph = executor.loader.graph
    leaves = [leaf for app in apps or (None,) for leaf in graph.leaf_nodes(app)]
    return bool(executor.migration_plan(leaves))


def steps(name: str) -> MigrationExecutor:
    """What was carried out in that database, and what is to be; refuses what cannot be followed."""
    try:
        found = MigrationExecutor(connections[name])
        # One that is left out stands for steps of which some were carried out, and not all.
        lost = found.loader.replacements.keys() - found.loader.graph.nodes.keys()
    except NodeNotFoundError:
        lost = {("", "")}
    if lost:
        raise TablesTooOld(
            f"the tables of the database {name!r} are of a joren from before December 2026",
            hint="open the home once with joren as of 30 November 2026, then with this one",
        )
    return found


def finish_promised() -> None:
    """Carry out what an import promised before it was killed; call off what promised nothing.

    Whoever is to be forgotten, also since a restored database was written, is forgotten first.
    """
    try:
        carry_out_waiting(wait=0)
    except WarehouseBusy:
        pass  # whoever holds it now is followed by a worker
    except Exception as error:  # it stands with the request, and must not keep all else from going
        _log.error("an erasure did not go through, see the page Privacy: %s", type(error).__name__)
    house = warehouse()
    if not house.journal.promised() and not imports.interrupted_imports():
        return
    # Whoever holds the pen now finishes it first; a report need not wait for that.
    with suppress(WarehouseBusy), house.journal.lock(wait=0):
        recover(house)
        imports.recover_imports()
