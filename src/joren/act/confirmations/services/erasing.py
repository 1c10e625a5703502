"""Mails to confirm by go with the person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext

from joren.act.confirmations import models
from joren.act.confirmations.contracts import STATE_NAMES
from joren.core.erasing import Eraser, Traces
from joren.core.words import gettext_noop

_WHAT: Final = gettext_noop("mails to confirm by")


def _theirs(traces: Traces) -> QuerySet[models.Mailing]:
    return models.Mailing.objects.filter(customer_id__in=traces.customers)


def _export(traces: Traces) -> list[Mapping[str, Any]]:
    return [
        {gettext("When"): row.asked_at, gettext("State"): gettext(STATE_NAMES[row.state])}
        for row in _theirs(traces).order_by("pk")
    ]


ERASER: Final = Eraser(
    gettext_noop("Mails to confirm by"),
    ("confirmations.mailing",),
    goes=lambda traces: {_WHAT: _theirs(traces).count()},
    erase=lambda traces: {_WHAT: _theirs(traces).delete()[0]},
    export=_export,
)
