"""A file that came in is worked on without anybody waiting for it."""

from __future__ import annotations

from django.apps import AppConfig


class ConnectorsConfig(AppConfig):
    name = "joren.collect.connectors"

    def ready(self) -> None:
        from joren.collect.connectors import tasks
        from joren.plumbing import outbox

        outbox.listen("connectors.import_waits", tasks.hear)
