"""What is done by itself, on the page of settings."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext_noop

from joren.project.chores.selectors import schedule

register = template.Library()

_NAMES = {
    "refresh": gettext_noop("Refresh of the figures"),
    "reviews": gettext_noop("Opening and mailing the review of the day"),
    "holdouts": gettext_noop("Drawing who is left out of everything"),
    "compaction": gettext_noop("Tidying of the facts"),
    "sweep": gettext_noop("Clearing away"),
    "retention": gettext_noop("Removing what is old"),
}


@register.inclusion_tag("joren/_chores.html")
def nightly_work() -> dict[str, Any]:
    """The next run, and how each chore went last."""
    found = schedule()
    return {"schedule": found, "rows": [(_NAMES[one.name], one) for one in found.chores]}
