"""Says of each mail what it is about, and how such mails are forgotten."""

from __future__ import annotations

from django.apps import AppConfig


class ConfirmationsConfig(AppConfig):
    name = "joren.act.confirmations"

    def ready(self) -> None:
        from joren.act.confirmations.contracts import SOURCE
        from joren.act.confirmations.services import erasing, mailing
        from joren.act.messages.contracts import OCCASIONS
        from joren.core.erasing import ERASERS

        ERASERS.enter("confirmations", erasing.ERASER)
        OCCASIONS.enter(SOURCE, mailing.about)
