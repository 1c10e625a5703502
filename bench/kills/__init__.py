"""``kill -9`` at random moments of what changes a shop: the state before or after, never between.

``python -m bench.kills`` kills a hundred times, with ``--kills 10`` ten times. Each work is first
done undisturbed from a known state, which gives the state before it, the one after it, and its
time. Then it is begun again from the state before, and killed: at a random share of that time, or a
random moment after its promise was written. Then joren starts anew, and what is so must be the
state before or the state after. Then the work is done once more, and must come to the state after.

On PostgreSQL (``JOREN_DATABASE_URL``) each state is a database of its own on the server named.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench.kills.killing import Kill, run


def main(words: Sequence[str] | None = None) -> int:
    asked = argparse.ArgumentParser(prog="python -m bench.kills", description=__doc__)
    asked.add_argument("--kills", type=int, default=100)
    asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    asked.add_argument("--json", action="store_true")
    chosen = asked.parse_args(words)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="joren-kills-") as folder:
        kills = run(Path(folder), chosen.kills, random.Random(chosen.seed))
    wrong = [one for one in kills if not one.well]
    if chosen.json:
        print(json.dumps({"seed": chosen.seed, "kills": [asdict(one) for one in kills]}))
    else:
        for one in wrong:
            print(one)
        print(f"{_said(kills)}; seed {chosen.seed}, {time.monotonic() - begun:.0f} s")
    return 1 if wrong else 0


def _said(kills: Sequence[Kill]) -> str:
    landed = sum(one.landed for one in kills)
    promised = sum(one.promised for one in kills)
    before, after = (sum(one.found == name for one in kills) for name in ("before", "after"))
    return (
        f"{len(kills)} kills, {landed} in time, {promised} after a promise:"
        f" {before} before, {after} after, {len(kills) - before - after} between,"
        f" {sum(one.again != 'after' for one in kills)} not completed by a rerun"
    )
