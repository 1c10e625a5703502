"""From a database address to Django's words. Two databases are spoken: SQLite and PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.conf import settings
from django.db.models import Model

from joren.core.errors import BadInput

_HINT = "sqlite:////absolute/file.sqlite3 or postgresql://user:password@host:5432/name"

# WAL lets pages be read while an import writes; IMMEDIATE takes the one write lock at the start of
# a transaction, where waiting for it is possible, instead of at the first write, where it is not.
_SQLITE: dict[str, Any] = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
}
_DURABLE = {"crash": "NORMAL", "power": "FULL"}
_POSTGRESQL_OPTIONS = {"sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "options"}


INBOX = "inbox"
_IN_THE_INBOX = {
    "inbox": {"batch", "tally", "unreadmessage", "drain"},
    "webhooks": {"delivery"},
}


def databases(url: str, *, home: Path, durable: str) -> dict[str, dict[str, Any]]:
    """Django's ``DATABASES``: on SQLite, whose files have one writer each, the inbox has its own.

    ``durable`` says what an acknowledged event outlives: a ``crash`` of the process, or also the
    loss of ``power``, which costs a write to the disk for every request.
    """
    found = {"default": database(url)}
    if "sqlite" in found["default"]["ENGINE"]:
        inbox = _sqlite(f"sqlite:///{home / 'inbox.sqlite3'}")
        inbox["OPTIONS"]["init_command"] += f" PRAGMA synchronous={_DURABLE[durable]};"
        inbox["CONN_MAX_AGE"] = None  # to open the file takes longer than to write to it
        found[INBOX] = inbox
    return found


class InboxRouter:
    """What every request writes lies in the inbox, where there is one apart."""

    def db_for_read(self, model: type[Model], **_: Any) -> str | None:
        return self._place(model._meta.app_label, model._meta.model_name)

    db_for_write = db_for_read

    def allow_migrate(
        self, db: str, app_label: str, model_name: str | None = None, **_: Any
    ) -> bool | None:
        if INBOX not in settings.DATABASES:
            return None
        return db == (self._place(app_label, model_name) or "default")

    def _place(self, app_label: str, model_name: str | None) -> str | None:
        apart = model_name in _IN_THE_INBOX.get(app_label, ())
        return INBOX if apart and INBOX in settings.DATABASES else None


def database(url: str) -> dict[str, Any]:
    """The entry of Django's ``DATABASES`` for the address."""
    scheme = url.partition(":")[0]
    if scheme == "sqlite":
        return _sqlite(url)
    if scheme in ("postgresql", "postgres"):
        return _postgresql(url)
    # The address may hold a password, so that only its scheme is repeated.
    raise BadInput(f"JOREN_DATABASE_URL begins with {scheme!r}", hint=_HINT)


def _sqlite(url: str) -> dict[str, Any]:
    path = unquote(url.removeprefix("sqlite:").removeprefix("//").removeprefix("/"))
    if not path:
        raise BadInput("JOREN_DATABASE_URL names no SQLite file", hint=_HINT)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path if path == ":memory:" else str(Path(path).absolute()),
        "OPTIONS": dict(_SQLITE),
    }


def _postgresql(url: str) -> dict[str, Any]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadInput("JOREN_DATABASE_URL cannot be read", hint=_HINT) from None
    name = unquote(parts.path.removeprefix("/"))
    if not name or "/" in name:
        raise BadInput("JOREN_DATABASE_URL names no PostgreSQL database", hint=_HINT)
    asked = dict(parse_qsl(parts.query))
    host = asked.pop("host", "") or unquote(parts.hostname or "")
    if unknown := set(asked) - _POSTGRESQL_OPTIONS:
        raise BadInput(
            f"JOREN_DATABASE_URL has unknown options: {', '.join(sorted(unknown))}",
            hint=f"known: host, {', '.join(sorted(_POSTGRESQL_OPTIONS))}",
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or ""),
        # To compile a statement takes seconds where estimates are high; these run in milliseconds.
        "OPTIONS": {
            "connect_timeout": 10,
            **asked,
            "options": f"-c jit=off {asked.get('options', '')}".strip(),
        },
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
