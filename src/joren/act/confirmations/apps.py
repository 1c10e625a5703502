"""Says of each mail what it is about, and how such mails are forgotten."""

from __future__ import annotations

from django.apps import AppConfig


class ConfirmationsConfig(AppConfig):
    name = "joren.act.confirmations"

    def ready(self) -> None:
        from joren.act.confirmations.contracts import SOURCE
        from joren.act.messages.contracts import OCCASIONS
        from joren.core.erasing import ERASERS

        ERASERS.enter_late("confirmations", "joren.act.confirmations.services.erasing:ERASER")
        OCCASIONS.enter_late(SOURCE, "joren.act.confirmations.services.mailing:about")
