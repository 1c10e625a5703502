"""Where the program ``joren`` begins, and where every refusal is told."""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Sequence

import django
from django.db import DatabaseError
from typer import Typer

from joren.core.errors import BadInput, JorenError, Unavailable
from joren.project import environment

DEMO_HOME = "demo/home"
_NOT_UNDERSTOOD = 2
_HINT = "joren check; is JOREN_DATABASE_URL right, does the database run, is the disk full?"


class DatabaseFails(Unavailable):
    """The database does not answer, or not as it should."""


def run() -> None:
    """Make Django ready, carry out the command; a refusal is told on stderr."""
    words = sys.argv[1:]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "joren.project.settings")
    if words[:1] == ["demo"]:
        # Before the settings are read: the demo shop never mixes with a real one.
        os.environ.setdefault("JOREN_HOME", DEMO_HOME)
    begun = _no_home_yet()
    try:
        app = _made_ready(serving=words[:1] in (["up"], ["demo"]))
        app(prog_name="joren")
    except SystemExit as end:
        if begun and (end.code == _NOT_UNDERSTOOD or "--help" in words):
            environment.unmake(environment.home_of(os.environ))
        raise
    except JorenError as problem:
        sys.exit(tell(problem, words))
    except DatabaseError as problem:
        sys.exit(tell(DatabaseFails(str(problem).strip(), hint=_HINT), words))


def _no_home_yet() -> bool:
    """Of a folder that may not be looked at the settings tell what is wrong."""
    try:
        return not environment.home_of(os.environ).exists()
    except OSError:
        return False


def _made_ready(*, serving: bool) -> Typer:
    """All commands. What is loaded stays, so that nothing in it is looked for to be freed."""
    gc.disable()
    django.setup()
    from joren.plumbing.warehouse import hoard_memory
    from joren.project.cli.commands import app

    gc.freeze()
    gc.enable()
    if not serving:
        hoard_memory()
    return app


def tell(problem: JorenError, words: Sequence[str]) -> int:
    """Say what is so and the way out; returns the exit code: 2 for what was given, else 1."""
    if "--json" in words:
        error = {"code": problem.code, "message": problem.message, "hint": problem.hint}
        said = json.dumps({"error": error}, ensure_ascii=False)
    else:
        said = f"joren: {problem.message}"
        if problem.hint:
            said += f"\nhint: {problem.hint}"
    sys.stderr.write(f"{said}\n")
    return 2 if isinstance(problem, BadInput) else 1
