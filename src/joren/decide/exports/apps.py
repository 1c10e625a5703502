"""This room keeps files with names of people, which go with the person."""

from __future__ import annotations

from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "joren.decide.exports"

    def ready(self) -> None:
        from joren.core.erasing import ERASERS
        from joren.decide.exports.contracts import WRITERS

        WRITERS.enter_late("labels", "joren.decide.exports.services.labels:write_labels")
        ERASERS.enter_late("exports", "joren.decide.exports.services.erasing:ERASER")
