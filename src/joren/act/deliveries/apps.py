"""The room of what joren tells other programs."""

from __future__ import annotations

from django.apps import AppConfig


class DeliveriesConfig(AppConfig):
    name = "joren.act.deliveries"

    def ready(self) -> None:
        from joren.plumbing import outbox

        outbox.listen("", "joren.act.deliveries.services:hear")
