"""This room keeps what was said of people's lives; it goes with the person."""

from __future__ import annotations

from django.apps import AppConfig


class LifeStagesConfig(AppConfig):
    name = "joren.collect.life_stages"

    def ready(self) -> None:
        from joren.core.erasing import ERASERS

        ERASERS.enter_late("life_stages", "joren.collect.life_stages.services.erasing:ERASER")
