"""This room keeps what was said of people's lives; it goes with the person."""

from __future__ import annotations

from django.apps import AppConfig


class LifeStagesConfig(AppConfig):
    name = "joren.collect.life_stages"

    def ready(self) -> None:
        from joren.collect.life_stages.services import erasing
        from joren.core.erasing import ERASERS

        ERASERS.enter("life_stages", erasing.ERASER)
