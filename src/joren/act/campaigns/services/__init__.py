"""The verbs of this room: plan a campaign, let it go, call it off."""

from joren.act.campaigns.services.launching import launch_due
from joren.act.campaigns.services.planning import call_off, change, plan, schedule, send_rest
from joren.act.campaigns.services.rehearsing import rehearse

__all__ = ["call_off", "change", "launch_due", "plan", "rehearse", "schedule", "send_rest"]
