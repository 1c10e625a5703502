"""Consents go with the person: what is left to show is that they were erased."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext

from joren.core.erasing import Eraser, Traces
from joren.core.words import gettext_noop
from joren.protect.consent import models
from joren.protect.consent.contracts import ACT_NAMES, CHANNEL_NAMES, PURPOSE_NAMES, SOURCE_NAMES


def _goes(traces: Traces) -> dict[str, int]:
    return {
        gettext_noop("consents and refusals"): models.Entry.objects.filter(
            customer_id__in=traces.customers
        ).count(),
        gettext_noop("links of messages"): models.Recipient.objects.filter(
            customer_id__in=traces.customers
        ).count(),
    }


@transaction.atomic
def _erase(traces: Traces) -> dict[str, int]:
    theirs = {"customer_id__in": traces.customers}
    entries, _ = models.Entry.objects.filter(**theirs).delete()
    links, _ = models.Recipient.objects.filter(**theirs).delete()
    return {"consents and refusals": entries, "links of messages": links}


def _export(traces: Traces) -> list[Mapping[str, Any]]:
    rows = models.Entry.objects.filter(customer_id__in=traces.customers).select_related("wording")
    return [
        {
            gettext("When"): row.at,
            gettext("Reached by"): gettext(CHANNEL_NAMES[row.channel]),
            gettext("What for"): gettext(PURPOSE_NAMES[row.purpose]),
            gettext("What was said"): gettext(ACT_NAMES[row.act]),
            gettext("How"): gettext(SOURCE_NAMES[row.source]),
            gettext("What was shown"): row.wording.text if row.wording else "",
            gettext("Proof"): row.proof,
            gettext("Reason"): row.reason,
        }
        for row in rows.order_by("at", "pk")
    ]


ERASER: Final = Eraser(
    gettext_noop("Consents"),
    ("consent.entry", "consent.recipient"),
    goes=_goes,
    erase=_erase,
    export=_export,
)
