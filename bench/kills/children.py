"""Work in a child that is forked from this process: loaded already, and killed without regret.

This process opens no database and no engine, so that a child inherits none.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

from bench.kills.states import State

Work = Callable[[], Any]


class ChildDied(Exception):
    """A child that was not killed ended badly; what it said is on stderr."""


def answered(state: State, *works: Work) -> Any:
    """Do the works in one child in that state; returns what the last of them returned."""
    child = forked(state, *works)
    _, status = os.waitpid(child, 0)
    if status:
        raise ChildDied(f"a child in {state.home.name} ended with {status}")
    return json.loads(state.answer.read_text())


def forked(state: State, *works: Work) -> int:
    """Begin the works in one child in that state; returns its number."""
    sys.stdout.flush()
    if child := os.fork():
        return child
    code = 1
    try:
        state.enter()
        result = [work() for work in works][-1]
        state.answer.write_text(json.dumps(result, default=str, sort_keys=True))
        code = 0
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(code)  # without the parent's exit handlers
