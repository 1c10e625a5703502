"""The room of what arrives live."""

from __future__ import annotations

from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "joren.collect.inbox"
