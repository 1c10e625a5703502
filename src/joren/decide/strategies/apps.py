"""Strategies as an app."""

from __future__ import annotations

from django.apps import AppConfig


class StrategiesConfig(AppConfig):
    name = "joren.decide.strategies"
