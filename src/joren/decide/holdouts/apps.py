"""Holdouts as an app."""

from __future__ import annotations

from django.apps import AppConfig


class HoldoutsConfig(AppConfig):
    name = "joren.decide.holdouts"

    def ready(self) -> None:
        from joren.core.erasing import ERASERS

        ERASERS.enter_late("holdouts", "joren.decide.holdouts.services.erasing:ERASER")
