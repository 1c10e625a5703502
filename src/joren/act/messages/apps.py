"""The label says it longer, because Django has an app of its own that is called messages."""

from __future__ import annotations

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "joren.act.messages"
    label = "act_messages"

    def ready(self) -> None:
        from joren.collect.customers.contracts.sealed import SEALED
        from joren.core.erasing import ERASERS

        SEALED.enter_late("letters", "joren.act.messages.services.sealing:LETTERS")
        SEALED.enter_late("kept back", "joren.act.messages.services.sealing:KEPT_BACK")
        SEALED.enter_late("returned", "joren.act.messages.services.sealing:RETURNED")
        ERASERS.enter_late("messages", "joren.act.messages.services.erasing:ERASER")
