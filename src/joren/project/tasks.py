"""What a worker does for the project."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django_tasks import task

from joren.project import refresh_runs


@task()  # type: ignore[untyped-decorator]  # django-tasks is untyped
def carry_out_refresh(run_id: int) -> None:
    """Refresh as somebody asked."""
    refresh_runs.carry_out(run_id)


@transaction.atomic
def start_refresh(*, actor: str, as_of: date | None = None) -> refresh_runs.Run:
    """Ask a worker for a refresh."""
    run = refresh_runs.ask(actor=actor, as_of=as_of)
    carry_out_refresh.enqueue(run.id)
    return run
