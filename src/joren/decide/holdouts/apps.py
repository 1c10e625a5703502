"""Holdouts as an app."""

from __future__ import annotations

from django.apps import AppConfig


class HoldoutsConfig(AppConfig):
    name = "joren.decide.holdouts"

    def ready(self) -> None:
        from joren.core.erasing import ERASERS
        from joren.decide.holdouts.services import erasing

        ERASERS.enter("holdouts", erasing.ERASER)
