"""What is done to webhooks and to what comes by them."""

from joren.collect.webhooks.services.endpoints import (
    add_endpoint,
    change_paths,
    change_secret,
    disable_endpoint,
    fields,
    forget_old_secret,
    try_paths,
)
from joren.collect.webhooks.services.holding import (
    close_privacy_request,
    drop_held,
    retry_held,
    sweep,
)
from joren.collect.webhooks.services.reading import read_deliveries
from joren.collect.webhooks.services.receiving import receive

__all__ = [
    "add_endpoint",
    "change_paths",
    "change_secret",
    "close_privacy_request",
    "disable_endpoint",
    "drop_held",
    "fields",
    "forget_old_secret",
    "read_deliveries",
    "receive",
    "retry_held",
    "sweep",
    "try_paths",
]
