"""The room of who owns what they did not buy here."""

from __future__ import annotations

from django.apps import AppConfig


class RegistrationsConfig(AppConfig):
    name = "joren.collect.registrations"

    def ready(self) -> None:
        from joren.core.erasing import ERASERS

        ERASERS.enter_late("registrations", "joren.collect.registrations.services.erasing:ERASER")
