"""One audience of the invented shop, divided by lot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from joren.decide.holdouts.contracts import Holdout
    from joren.warehouse import Warehouse


@pytest.fixture
def drawn(refreshed_shop: Warehouse) -> Holdout:
    from joren.decide.holdouts import services
    from joren.decide.segments import services as segments
    from joren.decide.segments.contracts import All

    everybody = segments.create("全員", All(), by="alice")
    return services.divide(everybody.id, name="春のDM", share=0.5, by="alice")
