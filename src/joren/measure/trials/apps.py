"""This room keeps who got a practice; it goes with the person."""

from __future__ import annotations

from django.apps import AppConfig


class TrialsConfig(AppConfig):
    name = "joren.measure.trials"

    def ready(self) -> None:
        from joren.core.erasing import ERASERS

        ERASERS.enter_late("trials", "joren.measure.trials.services.erasing:ERASER")
