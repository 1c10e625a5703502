"""Channels as an app; their tests are judged among all that was tried."""

from __future__ import annotations

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "joren.measure.channels"

    def ready(self) -> None:
        from joren.core.tested import TESTED

        TESTED.enter_late("channels", "joren.measure.channels.selectors:TRIED")
