"""Experiments as an app; holdouts are judged among all that was tried."""

from __future__ import annotations

from django.apps import AppConfig


class ExperimentsConfig(AppConfig):
    name = "joren.measure.experiments"

    def ready(self) -> None:
        from joren.core.tested import TESTED

        TESTED.enter_late("experiments", "joren.measure.experiments.selectors:TRIED")
