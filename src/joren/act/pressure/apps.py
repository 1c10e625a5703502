"""The room of promotion pressure and its guard."""

from __future__ import annotations

from django.apps import AppConfig


class PressureConfig(AppConfig):
    name = "joren.act.pressure"

    def ready(self) -> None:
        from joren.act.messages.contracts import STOPPERS
        from joren.act.pressure.contracts import CUSTOMER_PRESSURE, DEFINITIONS
        from joren.act.pressure.fields import enter_fields
        from joren.decide.segments.contracts import TABLES
        from joren.plumbing import glossary

        TABLES.enter(CUSTOMER_PRESSURE.name, CUSTOMER_PRESSURE)
        enter_fields()
        STOPPERS.enter_late("pressure", "joren.act.pressure.selectors:is_stopped")
        glossary.enter(DEFINITIONS)
