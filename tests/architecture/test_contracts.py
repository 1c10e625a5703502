"""The import contracts of pyproject.toml hold, and each of them can fail."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.architecture.conftest import add_to
from tests.architecture.source import rooms

REPOSITORY = Path(__file__).parents[2]


class Break(NamedTuple):
    """An import that the contract must not allow."""

    contract: str
    file: str
    source: str


BREAKS = {
    "core-imports-a-room": Break("floors", "core/period.py", "import joren.accounts.contracts"),
    "collect-imports-understand": Break(
        "floors", "collect/orders/contracts.py", "from joren.understand.ltv import contracts"
    ),
    "strangers-meet": Break("floors", "science/errors.py", "import joren.warehouse.store"),
    "plumbing-imports-a-room": Break(
        "floors", "plumbing/outbox.py", "from joren.accounts import selectors"
    ),
    "customers-import-orders": Break(
        "collect-rooms", "collect/customers/contracts.py", "import joren.collect.orders.contracts"
    ),
    "audit-imports-consent": Break(
        "protect-rooms", "protect/audit/contracts.py", "import joren.protect.consent.contracts"
    ),
    "ltv-imports-ranks": Break(
        "understand-rooms", "understand/ltv/contracts.py", "import joren.understand.ranks.contracts"
    ),
    "segments-import-holdouts": Break(
        "decide-rooms", "decide/segments/contracts/tables.py", "import joren.decide.holdouts.models"
    ),
    "deliveries-import-messages": Break(
        "act-rooms", "act/deliveries/contracts.py", "import joren.act.messages.contracts"
    ),
    "contracts-climb": Break("stairs", "accounts/contracts.py", "from joren.accounts import rules"),
    "selectors-climb": Break(
        "stairs", "accounts/selectors.py", "from joren.accounts import services"
    ),
    "selectors-climb-in-a-folder": Break(
        "stairs",
        "accounts/selectors/deep/people.py",
        "from joren.accounts import services",
    ),
    "rules-see-tables": Break("stairs", "accounts/rules.py", "from joren.accounts import models"),
    "types-only-climb": Break(
        "stairs",
        "accounts/rules.py",
        "import typing\nif typing.TYPE_CHECKING:\n    import joren.accounts.models",
    ),
    "two-modules-in-a-ring": Break("no-ring", "core/errors.py", "import joren.core.money"),
    "science-imports-django": Break("pure", "science/errors.py", "import django.conf"),
    "rules-import-django": Break("pure-rooms", "accounts/rules.py", "from django.db import models"),
    "contracts-import-ninja": Break("pure-rooms", "accounts/contracts.py", "import ninja"),
    "science-imports-ibis": Break("notebook", "science/errors.py", "import ibis"),
}


def test_every_contract_is_kept() -> None:
    checked = _lint(REPOSITORY)

    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS)
def test_a_contract_fails_when_it_is_broken(broken: Break, copy: Path) -> None:
    file = copy / "src/joren" / broken.file
    _make_room_for(file)
    add_to(file, broken.source)

    checked = _lint(copy, "--contract", broken.contract)

    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert "1 broken" in checked.stdout


def test_each_contract_is_broken_once() -> None:
    assert {contract["id"] for contract in _contracts()} == {
        broken.contract for broken in BREAKS.values()
    }


def test_the_stairs_stand_in_every_room() -> None:
    (stairs,) = (contract for contract in _contracts() if contract["id"] == "stairs")

    assert sorted(stairs["containers"]) == rooms(REPOSITORY / "src")


def _contracts() -> list[Mapping[str, Any]]:
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    contracts: list[Mapping[str, Any]] = settings["tool"]["importlinter"]["contracts"]
    return contracts


def _make_room_for(file: Path) -> None:
    """Make the folders above the file; a module that stands in the way becomes the package."""
    for folder in reversed(file.parents):
        if folder.exists():
            continue
        folder.mkdir()
        module = folder.with_suffix(".py")
        (folder / "__init__.py").write_text(module.read_text() if module.exists() else "")
        module.unlink(missing_ok=True)


def _lint(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache", *options],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
