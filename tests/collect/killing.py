"""A process of its own that works in this test's home and on its database, to be killed."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from urllib.parse import quote

from django.db import connection, connections

from joren.plumbing.warehouse import warehouse

REPOSITORY = Path(__file__).parents[2]


def killed(script: str, *words: str, home: Path, **said: str) -> int:
    """Run the script; returns how it ended. ``said`` are variables of its environment."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}"
        inbox = home / "inbox.sqlite3"
        if not inbox.exists():  # the child looks for it in its home
            inbox.symlink_to(connections["inbox"].settings_dict["NAME"])
    else:
        user, word, host = (quote(database[name], "") for name in ("USER", "PASSWORD", "HOST"))
        port = f":{database['PORT']}" if database["PORT"] else ""
        url = f"postgresql://{user}:{word}@{port}/{database['NAME']}?host={host}"
    environment = {
        **os.environ,
        **said,
        "DJANGO_SETTINGS_MODULE": "joren.project.settings",
        "JOREN_HOME": str(home),
        "JOREN_WAREHOUSE": str(warehouse().lake.root),
        "JOREN_DATABASE_URL": url,
    }
    asked = {"script": script, "words": words, "environment": environment}
    mother = _mother()
    assert mother.stdin is not None
    assert mother.stdout is not None
    mother.stdin.write(json.dumps(asked) + "\n")
    mother.stdin.flush()
    return int(mother.stdout.readline())


@cache
def _mother() -> subprocess.Popen[str]:
    """One for all tests of this process; it ends with it."""
    mother = subprocess.Popen(
        [sys.executable, "-m", "tests.collect.mother"],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    atexit.register(mother.communicate)  # no more lines: it ends, and is waited for
    return mother
