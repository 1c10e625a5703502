"""Consents are personal data, so this room says how they are given out and forgotten."""

from __future__ import annotations

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "joren.protect.consent"

    def ready(self) -> None:
        from joren.core.erasing import ERASERS

        ERASERS.enter_late("consent", "joren.protect.consent.services.erasing:ERASER")
