"""Consents are personal data, so this room says how they are given out and forgotten."""

from __future__ import annotations

from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "joren.protect.consent"

    def ready(self) -> None:
        from joren.core.erasing import ERASERS
        from joren.protect.consent.services import erasing

        ERASERS.enter("consent", erasing.ERASER)
