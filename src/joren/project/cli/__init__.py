"""The command line: ``joren``. Django is made ready before any room is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from joren.project.cli.entry import run

if TYPE_CHECKING:
    from joren.project.cli.commands import app

__all__ = ["app", "run"]


def __getattr__(name: str) -> Any:
    # Read late: the rooms' commands need Django's apps, and ``run`` is what makes those ready.
    if name == "app":
        from joren.project.cli.commands import app

        return app
    raise AttributeError(name)
