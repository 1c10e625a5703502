"""What is done to endpoints and to what they are told."""

from joren.act.deliveries.services.asking import ask
from joren.act.deliveries.services.carrying import deliver_one
from joren.act.deliveries.services.endpoints import (
    add_chat,
    add_endpoint,
    choose_announcements,
    disable_endpoint,
    enable_endpoint,
    remove_endpoint,
    rotate_secret,
)
from joren.act.deliveries.services.pausing import end_pause, pause
from joren.act.deliveries.services.telling import hear, ping, redeliver, sweep

__all__ = [
    "add_chat",
    "add_endpoint",
    "ask",
    "choose_announcements",
    "deliver_one",
    "disable_endpoint",
    "enable_endpoint",
    "end_pause",
    "hear",
    "pause",
    "ping",
    "redeliver",
    "remove_endpoint",
    "rotate_secret",
    "sweep",
]
