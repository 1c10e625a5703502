"""What this room keeps of a person, gives to them, and forgets: messages kept in the house."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext, gettext_noop

from joren.act.messages import models
from joren.core.erasing import Eraser, Traces

_TABLES: Final = ("act_messages.keptback", "act_messages.letter")


def _theirs(traces: Traces) -> QuerySet[models.KeptBack]:
    """With their data in it, or to their address."""
    theirs = Q(customer_id__in=traces.customers) | Q(recipient__in=traces.emails)
    return models.KeptBack.objects.filter(theirs)


def _letters(traces: Traces) -> QuerySet[models.Letter]:
    return models.Letter.objects.filter(customer_id__in=traces.customers)


def _goes(traces: Traces) -> dict[str, int]:
    return {
        gettext_noop("messages kept in the house"): _theirs(traces).count(),
        gettext_noop("letters"): _letters(traces).count(),
    }


def _erase(traces: Traces) -> dict[str, int]:
    gone, _ = _theirs(traces).delete()
    letters, _ = _letters(traces).delete()
    return {"messages kept in the house": gone, "letters": letters}


def _export(traces: Traces) -> list[Mapping[str, Any]]:
    return [
        {
            gettext("When"): at,
            gettext("Subject"): subject,
            gettext("Body"): text,
        }
        for rows in (_theirs(traces), _letters(traces))
        for at, subject, text in rows.order_by("pk").values_list("at", "subject", "text")
    ]


ERASER: Final = Eraser(gettext_noop("Messages"), _TABLES, goes=_goes, erase=_erase, export=_export)
