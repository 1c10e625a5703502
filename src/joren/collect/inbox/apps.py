"""The room of what arrives live."""

from __future__ import annotations

from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "joren.collect.inbox"

    def ready(self) -> None:
        from joren.collect.inbox import services
        from joren.collect.inbox.contracts import PLAN
        from joren.collect.orders.contracts import KEEPERS

        KEEPERS.enter(PLAN, services.keep_promised)
