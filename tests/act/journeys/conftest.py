"""The doors of other rooms, for tests of steps alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.act.journeys.cast import Doors


@pytest.fixture
def doors(db: None, monkeypatch: pytest.MonkeyPatch) -> Doors:
    from tests.act.journeys.cast import Doors

    return Doors(monkeypatch)
