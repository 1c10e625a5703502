"""Everything about a person, to be given to them."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from joren.core import clock
from joren.core.erasing import in_order
from joren.protect.audit import services as audit
from joren.protect.erasure import models
from joren.protect.erasure.contracts import Given
from joren.protect.erasure.selectors.requests import traces_of


def export_person(customer: int, *, by: str, language: str = "ja") -> Given:
    """Gather it from every room; what they asked for is answered by it."""
    traces = traces_of(customer)
    with translation.override(language):
        sections = tuple(
            (name, gettext(eraser.label), tuple(rows))
            for name, eraser in in_order()
            if (rows := eraser.export(traces))
        )
    person, now = traces.customers[0], clock.now()
    with transaction.atomic():
        asked = models.Request.objects.filter(customer_id=person, kind="export", state="open")
        counts = {name: len(rows) for name, _, rows in sections}
        asked.update(state="done", finished_at=now, counts=counts)
        audit.record("privacy.exported", actor=by, subject_kind="customer", subject_id=person)
    return Given(now, person, sections)


def written(given: Given) -> str:
    """As JSON, for the person and for another shop."""
    document: dict[str, Any] = {
        "made_at": given.made_at.isoformat(),
        "customer": given.customer,
        "sections": [
            {"name": name, "label": label, "rows": list(rows)}
            for name, label, rows in given.sections
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2, default=str)
