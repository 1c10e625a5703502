"""Is this installation healthy? What is looked at, what is so, and what to do about a fault."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection

from joren import __version__
from joren.accounts.selectors import business
from joren.act.journeys.selectors import put_aside
from joren.collect.connectors.selectors import imports
from joren.collect.customers.selectors import newest_identity, openable, sealed_under
from joren.collect.inbox.contracts import EVENTS
from joren.collect.inbox.selectors import unread_count
from joren.collect.inbox.services import waiting
from joren.collect.orders.contracts import ORDERS
from joren.core import clock
from joren.core.errors import JorenError
from joren.plumbing.warehouse import warehouse
from joren.project.chores.selectors import schedule
from joren.project.refresh import FACTS
from joren.project.snapshot_shelf import INSIGHTS
from joren.project.starting import TablesTooOld, steps
from joren.protect.erasure.selectors import requests
from joren.warehouse import Warehouse
from joren.warehouse.snapshots import SNAPSHOTS

LEAST_FREE: Final = 2**30
SHORTEST_SECRET: Final = 32
LATE: Final = timedelta(hours=1)
CLOCK_MAY_DIFFER: Final = timedelta(minutes=10)
_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
_PACKAGES: Final = (
    "Django",
    "duckdb",
    "deltalake",
    "ibis-framework",
    "pyarrow",
    "numpy",
    "granian",
)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; a fault has a hint."""

    name: str
    ok: bool
    said: str
    hint: str = ""


def look() -> tuple[Finding, ...]:
    """Look at everything; one fault does not hide the next."""
    looks: tuple[Callable[[], Iterator[Finding]], ...] = (
        _versions, _configuration, _secrets, _personal_data, _disk, _database, _warehouse, _clock,
        _work, _inbox, _journeys, _privacy,
    )  # fmt: skip
    return tuple(finding for one in looks for finding in _safely(one))


def _safely(one: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from one()
    except JorenError as problem:
        yield Finding(one.__name__.strip("_"), False, problem.message, problem.hint)
    except Exception as problem:  # whatever is broken, the next look must have its turn
        hints = {
            "_database": "is JOREN_DATABASE_URL right, and does the database answer?",
            "_clock": "see the findings above",
            "_warehouse": "is JOREN_WAREHOUSE right, and may this user read it?",
        }
        if not isinstance(problem, DatabaseError | OSError):
            hints["_warehouse"] = "a table is damaged: joren restore FILE, from the last backup"
        hint = hints.get(one.__name__, "may this user read and write JOREN_HOME?")
        said = str(problem).strip().split("\n")[0][:300] or type(problem).__name__
        yield Finding(one.__name__.strip("_"), False, said, hint)


def _versions() -> Iterator[Finding]:
    yield Finding("joren", True, f"{__version__}, Python {platform.python_version()}")
    for name in _PACKAGES:
        try:
            yield Finding(name, True, version(name))
        except PackageNotFoundError:
            yield Finding(name, False, "not installed", f"{sys.executable} -m pip install {name}")


def _configuration() -> Iterator[Finding]:
    home = settings.JOREN_HOME
    writable = os.access(home, os.W_OK)
    yield Finding(
        "home",
        writable,
        str(home) if writable else f"{home} is read-only, or not this user's",
        "" if writable else "mount it writable, or give this user the folder",
    )
    closed = not home.stat().st_mode & 0o077
    yield Finding(
        "home's permissions",
        closed,
        "for this user only" if closed else "others on this machine can look into it",
        "" if closed else f"chmod 700 {home}",
    )
    debug = bool(settings.DEBUG)
    yield Finding(
        "debug", not debug, "on" if debug else "off", "JOREN_DEBUG=no where others reach it" * debug
    )


def _secrets() -> Iterator[Finding]:
    """What signs sessions, and what a shop that others can reach must not do without."""
    file = settings.JOREN_HOME / "secret-key"
    short = len(settings.SECRET_KEY) < SHORTEST_SECRET
    seen = file.exists() and bool(file.stat().st_mode & 0o077)
    yield Finding(
        "secret key",
        not (short or seen),
        "too short to be one" if short else "others can read it" if seen else "kept",
        "JOREN_SECRET_KEY with 50 random letters, or none: then one is made" * short
        or f"chmod 600 {file}; if others saw it, delete it and start again" * seen,
    )
    others = sorted(set(settings.ALLOWED_HOSTS) - _LOCAL)
    if "*" in others:
        hint = "name the hosts of this shop in JOREN_ALLOWED_HOSTS"
        yield Finding("host names", False, "any name is answered", hint)
    if others:
        secure = bool(settings.SESSION_COOKIE_SECURE)
        said = "on" if secure else f"off, and {others[0]} is served: passwords travel in the open"
        hint = "JOREN_HTTPS=yes, behind a proxy that speaks HTTPS"
        yield Finding("https", secure, said, hint * (not secure))


def _personal_data() -> Iterator[Finding]:
    """Does the key open what is sealed? Another key is told of with its way out, by ``_safely``."""
    file = settings.JOREN_HOME / "personal-keys"
    if file.exists() and file.stat().st_mode & 0o077:
        hint = f"chmod 600 {file}; if others saw it: joren keys rotate"
        yield Finding("personal keys", False, "others can read them", hint)
    try:
        sealed = openable()
        counts = sealed_under() if sealed else {}
    except DatabaseError:
        return  # no tables yet, or no database
    lost = counts.get("", 0)
    where = "JOREN_PERSONAL_KEYS" if settings.JOREN_PERSONAL_KEYS else str(file)
    yield Finding(
        "personal data",
        not lost,
        f"{lost:,} rows are sealed under a key that is not at hand"
        if lost
        else f"{sum(counts.values()):,} rows open"
        if sealed
        else "none yet",
        f"put the key back: {where}" if lost else "",
    )


def _clock() -> Iterator[Finding]:
    """Is anything dated in the future? Then this clock is wrong now, or was when it was written."""
    limit = clock.now() + CLOCK_MAY_DIFFER
    house = warehouse()
    dated = {
        f"snapshot {one.id}": one.built_at for one in house.snapshots.all() if one.built_at > limit
    }
    for log in sorted(house.lake.root.glob("*/_delta_log")):
        newest = datetime.fromtimestamp(
            max((f.stat().st_mtime for f in log.iterdir()), default=0), UTC
        )
        if newest > limit:
            dated[f"the table {log.parent.name}"] = newest
    with suppress(DatabaseError):  # no tables yet
        for state in imports(limit=20).items:
            if state.received_at > limit:
                dated[f"import {state.id}"] = state.received_at
    first = next(iter(dated), "")
    yield Finding(
        "clock",
        not dated,
        f"{first} is of {dated[first]:%Y-%m-%d %H:%M} UTC, which is to come" if dated else "agrees",
        "set this machine's clock (NTP), then joren refresh" if dated else "",
    )


def _disk() -> Iterator[Finding]:
    free = shutil.disk_usage(settings.JOREN_HOME).free
    enough = free >= LEAST_FREE
    yield Finding(
        "disk",
        enough,
        f"{free / 2**30:,.1f} GB free",
        "" if enough else "a refresh needs at least 1 GB: make room, or move JOREN_HOME",
    )


def _database() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA quick_check")
            (answer,) = cursor.fetchone()
        else:
            cursor.execute("SELECT 1")
            answer = "ok"
    yield Finding(
        "database",
        answer == "ok",
        f"{connection.vendor}: {answer}",
        "" if answer == "ok" else "joren restore FILE, from the last backup",
    )
    try:
        executor = steps(connection.alias)
    except TablesTooOld as refused:
        yield Finding("tables", False, refused.message, refused.hint)
        return
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    loader = executor.loader
    replaced = {one for kept in loader.replacements.values() for one in kept.replaces}
    if newer := sorted({*loader.applied_migrations} - {*loader.graph.nodes} - replaced):
        app, name = newer[0]
        yield Finding(
            "tables",
            False,
            f"a newer joren made them: {app}.{name} is not known to {__version__}",
            "install that version of joren, or restore a backup of this one",
        )
        return
    # No fault: the next command that needs the tables makes them.
    yield Finding("tables", True, f"{waiting} migrations wait" if waiting else "up to date")


def _journeys() -> Iterator[Finding]:
    try:
        aside = put_aside()
    except DatabaseError:
        return  # no tables yet, or no database
    said = ", ".join(f"{count:,} {fault}" for fault, count in aside.items())
    hint = "the log says more; tell the joren project" if aside else ""
    yield Finding("signals put aside", not aside, said or "none", hint)


def _warehouse() -> Iterator[Finding]:
    house = warehouse()
    yield from _files(house)
    orders = house.facts(ORDERS)
    (row,) = house.engine.rows(orders.agg(orders=orders.count(), person=orders.identity_id.max()))
    yield Finding("warehouse", True, f"{row['orders']:,} versions of orders")
    with suppress(DatabaseError):  # no tables yet
        yield from _people(row["person"] or 0, newest_identity())
    snapshots = house.snapshots.all()
    newest = f"{len(snapshots)}, newest as of {snapshots[-1].as_of}" if snapshots else "none yet"
    yield Finding("snapshots", True, newest)
    promised = len(house.journal.promised())
    yield Finding(
        "promised work",
        not promised,
        f"{promised} imports to finish" if promised else "none",
        "the next import or refresh finishes it" if promised else "",
    )


def _people(named: int, given: int) -> Iterator[Finding]:
    """Files and database of different hours: the next people get the numbers of others' orders."""
    known = named <= given
    yield Finding(
        "people",
        known,
        "known" if known else f"orders name person {named:,}, the database knows {given:,}",
        "" if known else "import nothing; joren restore and pg_restore what was kept together",
    )


def _files(house: Warehouse) -> Iterator[Finding]:
    """Are the files there that the tables speak of?"""
    for spec in (*FACTS, EVENTS, *INSIGHTS, SNAPSHOTS):
        gone = [path for path in house.lake.files(spec) if not os.path.exists(path)]  # noqa: PTH110 (of many thousand files; Path is slower)
        if gone:
            yield Finding(
                f"files of {spec.name}",
                False,
                f"{len(gone)} are missing, such as {gone[0]}",
                "joren restore FILE, from the last backup; or import the files again",
            )


def _inbox() -> Iterator[Finding]:
    """Do live events reach the warehouse?"""
    try:
        (messages, seconds), unread = waiting(), unread_count()
    except DatabaseError:
        return  # no tables yet, or no database
    late = seconds > LATE.total_seconds()
    yield Finding(
        "live events",
        not late,
        f"{messages:,} wait, the oldest for {seconds:,.0f} s" if messages else "none waits",
        "joren up writes them to the warehouse, unless a refresh is under way" if late else "",
    )
    if unread:
        hint = "the page Data, Live data, says why: joren source list counts them by source"
        yield Finding("unreadable messages", True, f"{unread:,}", hint)


def _privacy() -> Iterator[Finding]:
    """Is somebody answered in time who asked for their data or to be forgotten?"""
    try:
        found = requests(only_open=True)
    except DatabaseError:
        return  # no tables yet, or no database
    today = clock.shop_day(clock.now(), business().time_zone)
    late = sum(one.due_on < today for one in found)
    odd = sum(one.state == "unverified" for one in found)
    yield Finding(
        "privacy requests",
        not (late or odd),
        f"{len(found)} open, {late} overdue, {odd} to be looked at" if found else "none is open",
        "the page Privacy under Settings, or joren person requests" if late or odd else "",
    )


def _work() -> Iterator[Finding]:
    try:
        found = schedule()
    except DatabaseError:
        return  # no tables yet, or no database: the finding about the database says so
    alive = found.workers
    yield Finding("workers", True, f"{alive} alive" if alive else "none: joren is not up")
    for one in found.chores:
        said = "never run yet" if one.last_run is None else f"{one.last_run:%Y-%m-%d %H:%M} UTC"
        if one.seconds is not None:
            said += f", {one.seconds:,.0f} s: {one.said}"
        hint = "" if one.well else one.hint or f"joren {one.name} says more"
        yield Finding(f"nightly {one.name}", one.well, said, hint)
    failed = found.failed_tasks
    yield Finding(
        "tasks",
        not failed,
        f"{found.waiting_tasks} wait, {failed} failed within a day",
        "the page Data says what became of each file" if failed else "",
    )
