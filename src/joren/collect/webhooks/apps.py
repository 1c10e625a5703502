"""The room of what shops and payment services tell us by themselves."""

from __future__ import annotations

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "joren.collect.webhooks"

    def ready(self) -> None:
        from joren.collect.webhooks.services import erasing
        from joren.core.erasing import ERASERS

        ERASERS.enter("webhooks", erasing.ERASER)
