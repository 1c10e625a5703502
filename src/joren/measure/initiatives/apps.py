"""Initiatives as an app."""

from __future__ import annotations

from django.apps import AppConfig


class InitiativesConfig(AppConfig):
    name = "joren.measure.initiatives"
