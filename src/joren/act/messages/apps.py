"""The label says it longer, because Django has an app of its own that is called messages."""

from __future__ import annotations

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "joren.act.messages"
    label = "act_messages"

    def ready(self) -> None:
        from joren.act.messages.services import erasing
        from joren.core.erasing import ERASERS

        ERASERS.enter("messages", erasing.ERASER)
