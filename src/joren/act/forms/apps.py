"""Says how sign-ups are forgotten, and what is said to those who have confirmed."""

from __future__ import annotations

from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "joren.act.forms"

    def ready(self) -> None:
        from joren.core.erasing import ERASERS
        from joren.protect.consent.contracts import THANKS

        ERASERS.enter_late("forms", "joren.act.forms.services.erasing:ERASER")
        THANKS.enter_late("form", "joren.act.forms.services.thanking:thanks_for")
