"""Rows that were written before messages were sealed: sealed some at a time, and never lost."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction

from joren.act.messages import models
from joren.act.messages.opening import closed, opened
from joren.collect.customers import selectors as people
from joren.collect.customers.contracts.sealed import SealedRows, bound_to

_AT_ONCE: Final = 500


def _of_its_key(row: Any) -> int:
    return bound_to(row.key)


LETTERS: Final = SealedRows(models.Letter, _of_its_key)
KEPT_BACK: Final = SealedRows(models.KeptBack, _of_its_key)
RETURNED: Final = SealedRows(models.Returned, _of_its_key)


def seal_open() -> int:
    """Seal what lies open still; returns how many rows did. Killed, the next sweep goes on."""
    done = 0
    while part := _seal_letters() + _seal_kept():
        done += part
    return done


@transaction.atomic
def _seal_letters() -> int:
    rows = list(models.Letter.objects.select_for_update().filter(sealed="")[:_AT_ONCE])
    for row, sealed in zip(rows, closed([row.key for row in rows], opened(rows)), strict=True):
        row.sealed, row.recipient, row.subject, row.text = sealed, "", "", ""
    models.Letter.objects.bulk_update(rows, ["sealed", "recipient", "subject", "text"])
    return len(rows)


@transaction.atomic
def _seal_kept() -> int:
    rows = list(models.KeptBack.objects.select_for_update().filter(sealed="")[:_AT_ONCE])
    for row, sealed in zip(rows, closed([row.key for row in rows], opened(rows)), strict=True):
        row.recipient = people.hashed_email(row.recipient)
        row.sealed, row.subject, row.text, row.html, row.headers = sealed, "", "", None, {}
    models.KeptBack.objects.bulk_update(
        rows, ["sealed", "recipient", "subject", "text", "html", "headers"]
    )
    return len(rows)
