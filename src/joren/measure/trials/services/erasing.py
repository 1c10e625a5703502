"""That somebody got a practice goes with them. Orders are facts, and are forgotten there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext, gettext_noop

from joren.core.erasing import Eraser, Traces
from joren.measure.trials import models


def _theirs(traces: Traces) -> QuerySet[models.Exposure]:
    return models.Exposure.objects.filter(kind="customer", number__in=traces.customers)


def _goes(traces: Traces) -> dict[str, int]:
    return {gettext_noop("trials of practices"): _theirs(traces).count()}


def _erase(traces: Traces) -> dict[str, int]:
    gone, _ = _theirs(traces).delete()
    return {"trials of practices": gone}


def _export(traces: Traces) -> list[Mapping[str, Any]]:
    return [
        {gettext("Practice"): one.trial.practice, gettext("Given"): one.given,
         gettext("When"): one.said_at}
        for one in _theirs(traces).select_related("trial").order_by("pk")
    ]  # fmt: skip


ERASER: Final = Eraser(
    gettext_noop("Trials of practices"),
    ("trials.exposure",),
    goes=_goes,
    erase=_erase,
    export=_export,
)
