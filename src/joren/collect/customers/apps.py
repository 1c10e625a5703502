"""This room keeps the people; the floors below are told here where they are."""

from __future__ import annotations

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "joren.collect.customers"

    def ready(self) -> None:
        from joren.collect.customers.services import erasing, lending
        from joren.core.erasing import ERASERS
        from joren.core.people import CUSTOMERS, PEOPLE

        PEOPLE.enter(CUSTOMERS, lending.PEOPLE)
        ERASERS.enter(CUSTOMERS, erasing.ERASER)
