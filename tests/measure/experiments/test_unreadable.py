"""What cannot be read of one holdout is not known, and the others are read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from joren.core.errors import BadInput
from joren.decide.holdouts import models
from joren.decide.holdouts import services as holdouts
from joren.decide.segments import services as segments
from joren.decide.segments.contracts import All
from joren.measure.experiments import selectors, services
from joren.measure.experiments.contracts import NOT_READ
from joren.measure.experiments.selectors import concluding
from joren.understand.ltv import selectors as values
from joren.warehouse import Warehouse

pytestmark = pytest.mark.django_db


def test_a_holdout_that_cannot_be_read_keeps_no_other_from_being_read(
    refreshed_shop: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    everybody = segments.create("全員", All(), by="alice").id
    one, other = (
        holdouts.divide(everybody, name=name, share=0.5, by="alice") for name in ("春", "夏")
    )
    began = values.snapshot().as_of - timedelta(days=200)
    models.Holdout.objects.update(treated_on=began)
    count = concluding.counted

    def counted(holdout, *rest):  # type: ignore[no-untyped-def]
        if holdout.id == one.id:
            raise BadInput("two arms, and nobody in one of them")
        return count(holdout, *rest)

    monkeypatch.setattr(concluding, "counted", counted)

    assert services.read_effects() == 2
    found = {each.holdout_id: each for each in selectors.results()}
    assert (found[one.id].evidence, found[one.id].realised.why) == ("not_yet", NOT_READ)
    assert found[other.id].days == 201
