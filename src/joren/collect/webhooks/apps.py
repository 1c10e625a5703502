"""The room of what shops and payment services tell us by themselves."""

from __future__ import annotations

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "joren.collect.webhooks"
