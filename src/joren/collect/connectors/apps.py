"""A file that came in is worked on without anybody waiting for it, and finished with its facts."""

from __future__ import annotations

from django.apps import AppConfig


class ConnectorsConfig(AppConfig):
    name = "joren.collect.connectors"

    def ready(self) -> None:
        from joren.collect.connectors import services, tasks
        from joren.collect.connectors.services import erasing
        from joren.collect.orders.contracts import LAST_STEPS
        from joren.core.erasing import ERASERS, RETENTIONS
        from joren.plumbing import outbox

        outbox.listen("connectors.import_waits", tasks.hear)
        LAST_STEPS.enter("outcome of the import", services.keep_promised_outcome)
        LAST_STEPS.enter("undo of the import", services.keep_promised_undo)
        ERASERS.enter("connectors", erasing.ERASER)
        RETENTIONS.enter("quarantine", erasing.QUARANTINE)
        RETENTIONS.enter("uploads", erasing.UPLOADS)
