"""This room keeps who brought whom; it goes with either of them."""

from __future__ import annotations

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "joren.measure.referrals"

    def ready(self) -> None:
        from joren.core.erasing import ERASERS

        ERASERS.enter_late("referrals", "joren.measure.referrals.services.erasing:ERASER")
