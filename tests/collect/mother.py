"""A process that has loaded joren, and forks one child for each line that it reads.

A child that is to be killed costs a fork instead of a start. Nothing is open before the fork, no
database and no warehouse, and each child reads the settings anew from an environment of its own.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback

import django
from django.conf import Settings, settings
from django.db import connections


def main() -> None:
    """Until the input ends: a script, its words and its variables; the answer is how it ended."""
    django.setup()
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if not child:
            _live(**asked)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _live(*, script: str, words: list[str], environment: dict[str, str]) -> None:
    """The child's whole life; it never returns to the loop."""
    ended = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # the lines are its mother's
        os.dup2(2, 1)  # and so are the answers
        os.environ.clear()
        os.environ.update(environment)
        importlib.reload(importlib.import_module("joren.project.settings"))
        settings._wrapped = Settings("joren.project.settings")
        for name in list(connections):
            if hasattr(connections._connections, name):
                del connections[name]
        connections.settings = connections.configure_settings(None)
        sys.argv = ["-c", *words]
        exec(script, {"__name__": "__main__"})  # noqa: S102 (a test's own words)
        ended = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(ended)


if __name__ == "__main__":
    main()
