"""The same words for what an installation stands on: its files, its databases, its engines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_noop

PROBLEMS_RUNNING: Final[Mapping[str, tuple[str, str]]] = {
    "BadBackup": (
        gettext_noop("The file is no backup of joren."),
        gettext_noop("Choose a file that joren backup wrote."),
    ),
    "NoPostgresTools": (
        gettext_noop("PostgreSQL's own programs are missing here, or could not do it."),
        gettext_noop("Ask whoever looks after the machine to install them."),
    ),
    "DatabaseFails": (
        gettext_noop("The database does not answer."),
        gettext_noop("Ask whoever looks after the machine to run joren check."),
    ),
    "NoSpark": (
        gettext_noop("The cluster's software is not installed here."),
        gettext_noop("Ask whoever looks after the machine to install it, or to count without it."),
    ),
    "SparkAbsent": (
        gettext_noop("Nobody answers at the cluster's address."),
        gettext_noop("Try again in a moment, or ask whoever looks after the cluster."),
    ),
    "MemoryUsedUp": (
        gettext_noop("The work needs more memory than it may use."),
        gettext_noop("Ask whoever runs joren to give it more (JOREN_MEMORY); nothing is lost."),
    ),
    "SparkFailed": (
        gettext_noop("The cluster could not finish the work."),
        gettext_noop("Try again; the figures from before stay."),
    ),
    "WorkersUnfit": (
        gettext_noop("The workers of the cluster lack what a refresh needs."),
        gettext_noop("Ask whoever looks after the cluster to give them the same joren."),
    ),
    "AddressTaken": (
        gettext_noop("Another program listens at this address."),
        gettext_noop("Choose another port."),
    ),
    "TablesTooOld": (
        gettext_noop("The database is of a version from which no way leads to this one."),
        gettext_noop("Ask whoever runs joren to open it once with the version in between."),
    ),
}
