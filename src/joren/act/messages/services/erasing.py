"""What this room keeps of a person, gives to them, and forgets: messages kept in the house."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext, gettext_noop

from joren.act.messages import models
from joren.core.erasing import Eraser, Traces

_TABLE: Final = "act_messages.keptback"


def _theirs(traces: Traces) -> QuerySet[models.KeptBack]:
    """With their data in it, or to their address."""
    theirs = Q(customer_id__in=traces.customers) | Q(recipient__in=traces.emails)
    return models.KeptBack.objects.filter(theirs)


def _goes(traces: Traces) -> dict[str, int]:
    return {gettext_noop("messages kept in the house"): _theirs(traces).count()}


def _erase(traces: Traces) -> dict[str, int]:
    gone, _ = _theirs(traces).delete()
    return {"messages kept in the house": gone}


def _export(traces: Traces) -> list[Mapping[str, Any]]:
    return [
        {gettext("When"): row.at, gettext("Subject"): row.subject, gettext("Body"): row.text}
        for row in _theirs(traces).order_by("pk")
    ]


ERASER: Final = Eraser(
    gettext_noop("Messages"), (_TABLE,), goes=_goes, erase=_erase, export=_export
)
