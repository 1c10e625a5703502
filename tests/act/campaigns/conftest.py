"""The audience of these tests."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from joren.warehouse import Warehouse


@pytest.fixture
def everybody(refreshed_shop: Warehouse, monkeypatch: pytest.MonkeyPatch) -> int:
    """A segment of the whole shop at noon, of whom ten have not agreed to anything."""
    from joren.act.campaigns.services import launching
    from joren.core import clock
    from joren.decide.segments import services as segments
    from joren.decide.segments.contracts import All
    from joren.decide.segments.selectors import members_of
    from joren.protect.consent.contracts import Said
    from joren.protect.consent.services import record
    from tests.act.campaigns.test_campaigns import NOON, WILLING
    from tests.act.messages.cast import people

    monkeypatch.setattr(clock, "now", lambda: NOON)
    monkeypatch.setattr(launching, "AT_ONCE", 30)
    segment = segments.create("全員", All(), by="alice")
    numbers = [int(one) for one in members_of(segment.rule)]
    people(numbers)
    for number in numbers[:WILLING]:
        said = Said("email", "marketing", "granted", "staff", at=NOON - timedelta(1))
        record(number, said, by="tests")
    return segment.id
