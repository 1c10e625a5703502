"""The team as an app."""

from __future__ import annotations

from django.apps import AppConfig


class TeamConfig(AppConfig):
    name = "joren.measure.team"

    def ready(self) -> None:
        from joren.act.deliveries.contracts import SPOKEN
        from joren.measure.team.contracts import TOPICS, announced

        for topic in TOPICS:
            SPOKEN.enter_late(announced(topic), "joren.measure.team.selectors:spoken")
