"""A shop that was refreshed once for all tests, and is copied into the home of each.

A refresh takes seconds and a copy milliseconds. What a test does to its copy no other test sees.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.test import override_settings

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

    from joren.warehouse import Warehouse

CUSTOMERS = 80
DAYS = (date(2026, 3, 31), date(2026, 4, 30))


@pytest.fixture(scope="session")
def homes(
    tmp_path_factory: pytest.TempPathFactory,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Mapping[int, Path]:
    """Homes of one shop by the number of their snapshots; the database keeps nothing of it."""
    # Read here, because these need Django's apps and the tests of pure code do without.
    from joren.plumbing.warehouse import warehouse
    from tests.project.refreshing import refreshed
    from tests.understand.ltv.facts import written
    from tests.understand.ltv.test_values import a_repeating_shop

    folder = tmp_path_factory.mktemp("homes")
    now, kept = folder / "now", {}
    now.mkdir(mode=0o700)
    with (
        override_settings(JOREN_HOME=now, JOREN_WAREHOUSE=str(now / "warehouse")),
        django_db_blocker.unblock(),
    ):
        written(warehouse(), a_repeating_shop(now, customers=CUSTOMERS))
        kept[0] = shutil.copytree(now, folder / "0")
        for number, day in enumerate(DAYS, start=1):
            refreshed(as_of=day)
            kept[number] = shutil.copytree(now, folder / str(number))
    return kept


@pytest.fixture
def unrefreshed_shop(homes: Mapping[int, Path], home: Path, db: None) -> Warehouse:
    """The shop's orders in this test's home, and no snapshot."""
    return _brought(homes[0], home)


@pytest.fixture
def refreshed_shop(homes: Mapping[int, Path], home: Path, db: None) -> Warehouse:
    """The shop in this test's home, with its snapshot of the first day."""
    return _brought(homes[1], home)


@pytest.fixture
def twice_refreshed_shop(homes: Mapping[int, Path], home: Path, db: None) -> Warehouse:
    """The shop in this test's home, with a snapshot of each day, a month apart."""
    return _brought(homes[2], home)


def _brought(source: Path, home: Path) -> Warehouse:
    from joren.plumbing.warehouse import warehouse

    shutil.copytree(source, home, dirs_exist_ok=True)
    return warehouse()
