"""What journeys keep of a person: where they stood, by number; and what was kept about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext, gettext_noop

from joren.act.journeys import models
from joren.act.journeys.contracts import CUSTOMER_ATTRIBUTES
from joren.core.erasing import Eraser, Traces
from joren.plumbing.warehouse import warehouse

_WAY: Final = gettext_noop("entries into journeys")
_KEPT: Final = gettext_noop("attributes, tasks and signals of journeys")


def _goes(traces: Traces) -> dict[str, int]:
    return {_KEPT: sum(rows.count() for rows in _kept(traces))}


def _stays(traces: Traces) -> dict[str, int]:
    """A number that is nobody's from then on; the effect of the journey is reckoned from it."""
    return {_WAY: models.Enrolment.objects.filter(customer_id__in=traces.customers).count()}


@transaction.atomic
def _erase(traces: Traces) -> dict[str, int]:
    """They leave where they stand, and what they entered by is forgotten."""
    gone = sum(rows.delete()[0] for rows in _kept(traces))
    lake = warehouse().lake
    if lake.files(CUSTOMER_ATTRIBUTES):
        lake.remove(CUSTOMER_ATTRIBUTES, "customer_id", traces.customers)
    theirs = models.Enrolment.objects.filter(customer_id__in=traces.customers)
    theirs.update(cause={})
    theirs.filter(standing="active").update(standing="left", due_at=None)
    return {_KEPT: gone}


def _export(traces: Traces) -> list[Mapping[str, Any]]:
    names = dict(models.Journey.objects.values_list("pk", "name"))
    entered = models.Enrolment.objects.filter(customer_id__in=traces.customers).order_by("pk")
    kept = models.Attribute.objects.filter(customer_id__in=traces.customers).order_by("pk")
    return [
        *(
            {gettext("Journey"): names[row.journey_id], gettext("Entered"): row.entered_at}
            for row in entered
        ),
        *({gettext("Attribute"): row.name, gettext("What is kept"): row.value} for row in kept),
    ]


def _kept(traces: Traces) -> list[Any]:
    ours = (models.Attribute, models.Duty, models.Heard, models.Signal)
    return [model._default_manager.filter(customer_id__in=traces.customers) for model in ours]


ERASER: Final = Eraser(
    gettext_noop("Journeys"),
    (
        "journeys.enrolment", "journeys.attribute", "journeys.duty", "journeys.heard",
        "journeys.signal", f"warehouse.{CUSTOMER_ATTRIBUTES.name}",
    ),
    goes=_goes,
    stays=_stays,
    erase=_erase,
    export=_export,
)  # fmt: skip
