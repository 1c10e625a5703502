"""Journeys hear of live events, and know numbers of people: both by registries."""

from __future__ import annotations

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "joren.act.journeys"

    def ready(self) -> None:
        from joren.act.journeys.services import erasing, hearing
        from joren.core.erasing import ERASERS
        from joren.core.triggers import TRIGGERS

        ERASERS.enter("journeys", erasing.ERASER)
        TRIGGERS.enter("journeys", hearing.hear)
