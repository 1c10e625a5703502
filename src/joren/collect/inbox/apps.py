"""The room of what arrives live."""

from __future__ import annotations

from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "joren.collect.inbox"

    def ready(self) -> None:
        from joren.collect.customers.contracts.sealed import SEALED
        from joren.collect.inbox import services
        from joren.collect.inbox.contracts import PLAN
        from joren.collect.inbox.selectors.bodies import BATCHES, UNREAD
        from joren.collect.inbox.services import erasing
        from joren.collect.orders.contracts import KEEPERS
        from joren.core.erasing import ERASERS, RETENTIONS

        KEEPERS.enter(PLAN, services.keep_promised)
        SEALED.enter("live messages", BATCHES)
        SEALED.enter("unread messages", UNREAD)
        ERASERS.enter("inbox", erasing.ERASER)
        RETENTIONS.enter("unread", erasing.RETENTION)
