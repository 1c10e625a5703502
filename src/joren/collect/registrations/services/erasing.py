"""What a person registered: the product stays registered, and nobody's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext

from joren.collect.registrations import models, rules
from joren.core.erasing import Eraser, Traces
from joren.core.words import gettext_noop


def _theirs(traces: Traces) -> QuerySet[models.Registration]:
    who = [rules.fingerprint(settings.SECRET_KEY, one.lower()) for one in traces.emails]
    return models.Registration.objects.filter(who__in=who)


def _goes(traces: Traces) -> dict[str, int]:
    return {gettext_noop("registrations of products"): _theirs(traces).count()}


def _erase(traces: Traces) -> dict[str, int]:
    """The number stays taken: the next owner of the same piece asks the shop."""
    done = _theirs(traces).update(who="", pending="", agreed=False)
    return {"registrations of products": done}


def _export(traces: Traces) -> list[Mapping[str, Any]]:
    rows = _theirs(traces).select_related("programme").order_by("pk")
    return [
        {
            gettext("Product"): row.programme.product_name,
            gettext("Serial number"): row.known_by,
            gettext("When"): row.registered_at.isoformat(),
        }
        for row in rows
    ]


ERASER: Final = Eraser(
    gettext_noop("Registered products"),
    ("registrations.registration",),
    goes=_goes,
    erase=_erase,
    export=_export,
)
