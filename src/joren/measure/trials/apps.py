"""This room keeps who got a practice; it goes with the person. Trials are judged among all."""

from __future__ import annotations

from django.apps import AppConfig


class TrialsConfig(AppConfig):
    name = "joren.measure.trials"

    def ready(self) -> None:
        from joren.core.erasing import ERASERS
        from joren.core.needed import NEEDED
        from joren.core.tested import TESTED

        ERASERS.enter_late("trials", "joren.measure.trials.services.erasing:ERASER")
        TESTED.enter_late("trials", "joren.measure.trials.selectors:TRIED")
        NEEDED.enter_late("trials", "joren.measure.trials.selectors:needs")
