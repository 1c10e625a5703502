"""The audit listens to the one floor below it."""

from __future__ import annotations

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "joren.protect.audit"

    def ready(self) -> None:
        from joren.plumbing import outbox

        outbox.listen("accounts.", "joren.protect.audit.services:hear")
