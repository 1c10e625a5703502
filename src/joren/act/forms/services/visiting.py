"""A visitor sees a variant: always the same, and counted once."""

from __future__ import annotations

from django.conf import settings

from joren.act.forms import models, rules
from joren.act.forms.contracts import MOST_VIEWS, Content, Form, Variant
from joren.collect.registrations.services import tries_of
from joren.core import clock


def show(form: Form, content: Content, *, visitor: str, source: str, counts: bool) -> Variant:
    """The variant of that visitor. ``visitor`` is chance in their cookie, "" where they are not
    followed; ``source`` is the address that they come from."""
    row = models.Form.objects.only("salt", "round").get(pk=form.id)
    variant = rules.variant_for(content, salt=f"{row.salt}:{row.round}", visitor=visitor)
    if visitor and counts and tries_of(source, room="form-view") <= MOST_VIEWS:
        models.Visit.objects.bulk_create(
            [
                models.Visit(
                    form_id=form.id,
                    round=row.round,
                    visitor=known_as(visitor),
                    variant=variant.key,
                    at=clock.now(),
                )
            ],
            ignore_conflicts=True,
        )
    return variant


def known_as(visitor: str) -> str:
    """How a visitor is written down."""
    return rules.fingerprint(settings.SECRET_KEY, f"visitor:{visitor}")
