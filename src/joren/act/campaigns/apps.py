"""The room of what is sent to an audience at one moment."""

from __future__ import annotations

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "joren.act.campaigns"
