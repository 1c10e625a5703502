"""Experiments as an app."""

from __future__ import annotations

from django.apps import AppConfig


class ExperimentsConfig(AppConfig):
    name = "joren.measure.experiments"
