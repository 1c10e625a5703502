"""The room of what is sent to an audience at one moment."""

from __future__ import annotations

from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "joren.act.campaigns"

    def ready(self) -> None:
        from joren.act.messages.contracts import SENDERS_OF

        SENDERS_OF.enter_late("campaign", "joren.act.campaigns.selectors.keeping:that_send")
