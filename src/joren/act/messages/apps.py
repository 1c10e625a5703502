"""The label says it longer, because Django has an app of its own that is called messages."""

from __future__ import annotations

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "joren.act.messages"
    label = "act_messages"

    def ready(self) -> None:
        from joren.act.messages.services import erasing, sealing
        from joren.collect.customers.contracts.sealed import SEALED
        from joren.core.erasing import ERASERS

        SEALED.enter("letters", sealing.LETTERS)
        SEALED.enter("kept back", sealing.KEPT_BACK)
        ERASERS.enter("messages", erasing.ERASER)
