"""What was said of a life goes with the person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext, gettext_noop

from joren.collect.life_stages import models, selectors
from joren.core.erasing import Eraser, Traces


def _goes(traces: Traces) -> dict[str, int]:
    theirs = models.Said.objects.filter(customer_id__in=traces.customers)
    return {gettext_noop("stages of life"): theirs.count()}


def _erase(traces: Traces) -> dict[str, int]:
    gone, _ = models.Said.objects.filter(customer_id__in=traces.customers).delete()
    return {"stages of life": gone}


def _export(traces: Traces) -> list[Mapping[str, Any]]:
    said = [one for customer in traces.customers for one in selectors.said_of(customer)]
    return [
        {gettext("Stage of life"): one.said, gettext("Since"): one.since, gettext("When"): one.at}
        for one in dict.fromkeys(said)
    ]


ERASER: Final = Eraser(
    gettext_noop("Stages of life"),
    ("life_stages.said",),
    goes=_goes,
    erase=_erase,
    export=_export,
)
