"""This room keeps files that show practices; who stands in them is erased from them."""

from __future__ import annotations

from django.apps import AppConfig


class PracticesConfig(AppConfig):
    name = "joren.measure.practices"

    def ready(self) -> None:
        from joren.core.erasing import ERASERS

        ERASERS.enter_late("practices", "joren.measure.practices.services.erasing:ERASER")
