"""The room of what shops and payment services tell us by themselves."""

from __future__ import annotations

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "joren.collect.webhooks"

    def ready(self) -> None:
        from joren.collect.customers.contracts.sealed import SEALED
        from joren.core.erasing import ERASERS

        SEALED.enter_late("webhooks", "joren.collect.webhooks.services.sealing:BODIES")
        SEALED.enter_late("privacy requests", "joren.collect.webhooks.services.sealing:REQUESTS")
        SEALED.enter_late("samples", "joren.collect.webhooks.services.sealing:SAMPLES")
        ERASERS.enter_late("webhooks", "joren.collect.webhooks.services.erasing:ERASER")
