"""Reviews as an app."""

from __future__ import annotations

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "joren.measure.reviews"
