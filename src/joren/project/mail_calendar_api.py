"""The calendar of mailings for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router

from joren.project.mail_calendar import DAYS, LONGEST, MailCalendar, mail_calendar

router = Router()


@router.get("", response=MailCalendar)
def calendar(
    request: HttpRequest, first: date | None = None,
    days: Annotated[int, Field(ge=1, le=LONGEST)] = DAYS,
) -> Any:  # fmt: skip
    """What campaigns and journeys would send from the first day (today) on, drafts too: to how many
    customers at most, how many of them beyond a cap, and which mailings of a day share people."""
    return mail_calendar(first, days)
