"""The table of traits counts as personal data, so this room says how it is forgotten."""

from __future__ import annotations

from django.apps import AppConfig


class SegmentsConfig(AppConfig):
    name = "joren.decide.segments"

    def ready(self) -> None:
        from joren.core.erasing import ERASERS

        ERASERS.enter_late("segments", "joren.decide.segments.services.erasing:ERASER")
