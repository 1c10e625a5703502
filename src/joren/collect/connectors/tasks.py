"""Imports that a worker carries out."""

from __future__ import annotations

from typing import Any

from django_tasks import task

from joren.collect.connectors import services


@task()  # type: ignore[untyped-decorator]  # django-tasks is untyped
def carry_out_waiting() -> int:
    """Import what waits; also what another worker left when it died."""
    services.sweep_uploads()
    return services.carry_out_waiting()


def hear(_announcement: str, _content: dict[str, Any]) -> None:
    """An import waits: ask a worker, in the transaction that says so."""
    carry_out_waiting.enqueue()
