"""Journeys hear of live events and of orders, and know numbers of people: by registries."""

from __future__ import annotations

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "joren.act.journeys"

    def ready(self) -> None:
        from joren.act.journeys.services import accepting, erasing, hearing
        from joren.collect.orders.contracts import LAST_STEPS
        from joren.core.erasing import ERASERS
        from joren.core.triggers import TRIGGERS

        ERASERS.enter("journeys", erasing.ERASER)
        TRIGGERS.enter("journeys", hearing.hear)
        LAST_STEPS.enter("journeys", accepting.accept)
