"""A file that came in is worked on without anybody waiting for it, and finished with its facts."""

from __future__ import annotations

from django.apps import AppConfig


class ConnectorsConfig(AppConfig):
    name = "joren.collect.connectors"

    def ready(self) -> None:
        from joren.collect.customers.contracts.sealed import SEALED
        from joren.collect.orders.contracts import LAST_STEPS
        from joren.core.erasing import ERASERS, RETENTIONS
        from joren.plumbing import outbox

        outbox.listen("connectors.import_waits", "joren.collect.connectors.tasks:hear")
        LAST_STEPS.enter_late(
            "outcome of the import", "joren.collect.connectors.services:keep_promised_outcome"
        )
        LAST_STEPS.enter_late(
            "undo of the import", "joren.collect.connectors.services:keep_promised_undo"
        )
        SEALED.enter_late("quarantine", "joren.collect.connectors.services.sealing:ROWS")
        ERASERS.enter_late("connectors", "joren.collect.connectors.services.erasing:ERASER")
        RETENTIONS.enter_late("quarantine", "joren.collect.connectors.services.erasing:QUARANTINE")
        RETENTIONS.enter_late("uploads", "joren.collect.connectors.services.erasing:UPLOADS")
