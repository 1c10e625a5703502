"""The room of what arrives live."""

from __future__ import annotations

from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "joren.collect.inbox"

    def ready(self) -> None:
        from joren.collect.customers.contracts.sealed import SEALED
        from joren.collect.inbox.contracts import PLAN
        from joren.collect.orders.contracts import KEEPERS
        from joren.core.erasing import ERASERS, RETENTIONS

        KEEPERS.enter_late(PLAN, "joren.collect.inbox.services:keep_promised")
        SEALED.enter_late("live messages", "joren.collect.inbox.selectors.bodies:BATCHES")
        SEALED.enter_late("unread messages", "joren.collect.inbox.selectors.bodies:UNREAD")
        ERASERS.enter_late("inbox", "joren.collect.inbox.services.erasing:ERASER")
        RETENTIONS.enter_late("unread", "joren.collect.inbox.services.erasing:RETENTION")
