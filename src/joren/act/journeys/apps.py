"""Journeys hear of live events and of orders, and know numbers of people: by registries."""

from __future__ import annotations

from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "joren.act.journeys"

    def ready(self) -> None:
        from joren.act.journeys.contracts import CUSTOMER_ATTRIBUTES
        from joren.act.messages.contracts import KNOWERS, SENDERS_OF
        from joren.collect.orders.contracts import LAST_STEPS
        from joren.core.erasing import ERASERS
        from joren.core.triggers import TRIGGERS
        from joren.decide.segments.contracts import TABLES

        ERASERS.enter_late("journeys", "joren.act.journeys.services.erasing:ERASER")
        TRIGGERS.enter_late("journeys", "joren.act.journeys.services.hearing:hear")
        KNOWERS.enter_late("attributes", "joren.act.journeys.selectors.words:for_templates")
        SENDERS_OF.enter_late("journey", "joren.act.journeys.selectors.keeping:that_send")
        TABLES.enter(CUSTOMER_ATTRIBUTES.name, CUSTOMER_ATTRIBUTES)
        LAST_STEPS.enter_late("journeys", "joren.act.journeys.services.accepting:accept")
