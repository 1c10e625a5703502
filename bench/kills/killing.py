"""Kill, start anew, look, do it again, look."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.kills import states
from bench.kills.children import ChildDied, Work, answered, forked
from bench.kills.states import State
from joren.project import swapping

PROMISES_NOTHING = ("refresh", "backup")
AFTER_PROMISE = 0.4
"""Share of the kills that wait until a promise is written."""


@dataclass(frozen=True)
class Kill:
    """One kill, the state that was found after a new start, and after the work was done again."""

    work: str
    seconds: float
    promised: bool
    landed: bool  # False: the work had ended by itself
    found: str
    again: str

    @property
    def well(self) -> bool:
        return self.found in ("before", "after") and self.again == "after"


@dataclass(frozen=True)
class _Known:
    name: str
    work: Work
    from_state: State
    before: Any
    after: Any
    seconds: float


def run(folder: Path, kills: int, chance: random.Random) -> list[Kill]:
    """Kill that often, one work after the other."""
    # Read late: the settings make the home that they are told.
    os.environ["JOREN_HOME"] = str(folder / "unused")
    os.environ["JOREN_PERSONAL_KEYS"] = f"bench:{'A' * 43}="  # of all states, not of one home
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "joren.project.settings")
    import django

    django.setup()
    import ibis
    import pandas  # noqa: F401 (what an answer of the engine needs is loaded once, here)

    from bench.kills import works

    assert ibis.duckdb  # loaded, and not yet connected

    every = works.all_in_order(folder)
    first = chance.randrange(len(every))
    chosen = [(first + number) % len(every) for number in range(kills)]
    known = _undisturbed(folder, every[: max(chosen) + 1])
    done = [_killed(known[place], chance) for place in chosen]
    for state in {one.from_state for one in known}:
        states.dropped(state)
    return done


def _undisturbed(folder: Path, works: Sequence[tuple[str, Work]]) -> list[_Known]:
    """Do each work once, each from the state that the one before it left."""
    from bench.kills.contents import content
    from bench.kills.works import opened

    known: list[_Known] = []
    state = states.first(folder)
    before = answered(state, opened, content)
    for name, work in works:
        following = states.copied(state)
        begun = time.monotonic()
        answered(following, work)
        seconds = time.monotonic() - begun
        after = answered(following, content)
        known.append(_Known(name, work, state, before, after, seconds))
        state, before = following, after
    states.dropped(state)
    return known


def _killed(known: _Known, chance: random.Random) -> Kill:
    from bench.kills.contents import content
    from bench.kills.works import start

    here = states.copied(known.from_state)
    asked = known.name not in PROMISES_NOTHING and chance.random() < AFTER_PROMISE
    child = forked(here, known.work)
    begun = time.monotonic()
    promised = asked and _promised(here, child)
    share = chance.uniform(0, 0.2) if promised else chance.uniform(0, 1.1)
    time.sleep(known.seconds * share)
    os.kill(child, signal.SIGKILL)
    seconds = time.monotonic() - begun
    _, status = os.waitpid(child, 0)
    found = _looked(known, here, start, content)
    again = _looked(known, here, known.work, content, lasting=True)
    states.dropped(here)
    return Kill(known.name, round(seconds, 3), promised, os.WIFSIGNALED(status), found, again)


def _promised(state: State, child: int) -> bool:
    """Wait until the child has promised; False when it ended without."""
    while not os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
        imports = (state.home / "journal").glob("*/plan.json")
        if any(imports) or (state.home / swapping.PLAN).exists():
            return True
        time.sleep(0.001)
    return False


def _looked(known: _Known, state: State, *works: Work, lasting: bool = False) -> str:
    """Which of the two states it is, or in what it is neither. A log of attempts does not last."""
    try:
        found = answered(state, *works)
    except ChildDied as died:
        return str(died)
    parts = [name for name in found if not (lasting and name == "imports")]
    wrong = []
    for name, wanted in (("after", known.after), ("before", known.before)):
        wrong = [part for part in parts if found[part] != wanted[part]]
        if not wrong:
            return name
    return f"neither: before but for {', '.join(wrong)}"
