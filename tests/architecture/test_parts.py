"""The parts that run beside each other in `.ci/run` are together every test, and none twice."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
APART = ("pure", "once", "faces", "browser", "spark")


def asked_of_pytest(part: str, **variables: str) -> list[str]:
    """The words that `make test` gives to pytest."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("JOREN_")}
    done = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", "test", "CHECKS=no", f"PART={part}"],
        cwd=REPOSITORY,
        env=ours | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    (line,) = (line for line in done.stdout.splitlines() if " -m pytest" in line)
    return shlex.split(line.partition(" -m pytest")[2])


def test_what_one_part_leaves_out_is_another_part() -> None:
    left_out = [word.removeprefix("--ignore=") for word in asked_of_pytest("database")]
    apart = [folder for part in APART for folder in asked_of_pytest(part)]

    assert sorted(left_out) == sorted(set(apart))
    assert all((REPOSITORY / folder).exists() for folder in apart)


def test_without_a_part_it_is_every_test() -> None:
    assert asked_of_pytest("all") == []


def test_every_part_has_its_lane() -> None:
    run = (REPOSITORY / ".ci/run").read_text().replace("\\\n", " ")

    lanes = re.findall(
        r"^beside .*make (?:spark )?test CHECKS=no PART=(\w+)(.*)$", run, re.MULTILINE
    )

    on_sqlite = [part for part, rest in lanes if "JOREN_TEST_DATABASE_URL" not in rest]
    on_postgresql = [part for part, rest in lanes if "JOREN_TEST_DATABASE_URL" in rest]
    assert sorted(on_sqlite) == sorted(("database", *APART))
    assert on_postgresql == ["database"]
