"""Touches as an app."""

from __future__ import annotations

from django.apps import AppConfig


class TouchesConfig(AppConfig):
    name = "joren.measure.touches"
