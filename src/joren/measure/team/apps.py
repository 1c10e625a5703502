"""The team as an app."""

from __future__ import annotations

from django.apps import AppConfig


class TeamConfig(AppConfig):
    name = "joren.measure.team"

    def ready(self) -> None:
        from joren.act.deliveries.contracts import SPOKEN
        from joren.measure.team.contracts import TOPICS, announced
        from joren.measure.team.selectors import spoken

        for topic in TOPICS:
            SPOKEN.enter(announced(topic), spoken)
