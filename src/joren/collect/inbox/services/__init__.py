"""What is done to sources and to what they send."""

from joren.collect.inbox.services.receiving import public_source, receive, refused
from joren.collect.inbox.services.sources import add_source, revoke_source

__all__ = ["add_source", "public_source", "receive", "refused", "revoke_source"]
