"""This room keeps the people; the floors below are told here where they are."""

from __future__ import annotations

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "joren.collect.customers"

    def ready(self) -> None:
        from joren.core.erasing import ERASERS
        from joren.core.people import CUSTOMERS, PEOPLE

        PEOPLE.enter_late(CUSTOMERS, "joren.collect.customers.services.lending:PEOPLE")
        ERASERS.enter_late(CUSTOMERS, "joren.collect.customers.services.erasing:ERASER")
