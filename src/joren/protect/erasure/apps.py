"""Proofs are kept for a time, too."""

from __future__ import annotations

from django.apps import AppConfig


class ErasureConfig(AppConfig):
    name = "joren.protect.erasure"

    def ready(self) -> None:
        from joren.core.erasing import RETENTIONS

        RETENTIONS.enter_late("proofs", "joren.protect.erasure.services.proving:RETENTION")
