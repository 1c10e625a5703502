"""Initiatives as an app; one that names a practice needs it."""

from __future__ import annotations

from django.apps import AppConfig


class InitiativesConfig(AppConfig):
    name = "joren.measure.initiatives"

    def ready(self) -> None:
        from joren.core.needed import NEEDED

        NEEDED.enter_late("initiatives", "joren.measure.initiatives.selectors:needs")
