"""The locks name a hash for each version, every dependency, and no place to get them from."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

REPOSITORY = Path(__file__).parents[2]
LOCKS = ("run", "dev", "spark", "sdks/segment", "sdks/segment-2.3.6", "sdks/rudder")
_PIN = re.compile(
    r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)(.*?)(?=^\S|\Z)", re.MULTILINE | re.DOTALL
)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_version_has_hashes(lock: str) -> None:
    bare = [name for name, _, rest in _pins(lock) if "--hash=sha256:" not in rest]

    assert not bare


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place(lock: str) -> None:
    text = (REPOSITORY / f"requirements/{lock}.txt").read_text()

    assert not re.findall(r"://|^-[^-]|^--(?!hash)|[@]", text, re.MULTILINE)


def test_what_runs_is_locked() -> None:
    project = _settings()["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["postgres"]]

    assert not _unmet(wanted, "run")


def test_what_tests_is_locked() -> None:
    wanted = _settings()["dependency-groups"]["dev"]

    assert not _unmet(wanted, "dev")


def test_the_tests_run_on_the_versions_that_run() -> None:
    run = {(name, version) for name, version, _ in _pins("run")}
    dev = {(name, version) for name, version, _ in _pins("dev")}

    assert run <= dev


def test_spark_runs_on_the_versions_that_run() -> None:
    run = {(name, version) for name, version, _ in _pins("run")}
    spark = {(name, version) for name, version, _ in _pins("spark")}

    assert run <= spark
    assert not _unmet(_settings()["project"]["optional-dependencies"]["spark"], "spark")


def _settings() -> dict[str, Any]:
    return tomllib.loads((REPOSITORY / "pyproject.toml").read_text())


def _pins(lock: str) -> list[tuple[str, str, str]]:
    return _PIN.findall((REPOSITORY / f"requirements/{lock}.txt").read_text())


def _unmet(wanted: list[str], lock: str) -> list[str]:
    versions = {canonicalize_name(name): version for name, version, _ in _pins(lock)}
    return [
        text
        for text, asked in ((text, Requirement(text)) for text in wanted)
        if not asked.specifier.contains(versions.get(canonicalize_name(asked.name), "0"))
    ]


def test_the_lock_of_npm_has_hashes_and_names_no_place() -> None:
    text = (REPOSITORY / "requirements/sdks/npm/package-lock.json").read_text()
    packages = {name: one for name, one in json.loads(text)["packages"].items() if name}

    assert packages
    assert not [
        name for name, one in packages.items() if not one["integrity"].startswith("sha512-")
    ]
    assert "://" not in text
