"""Contracts (定期): followed from the facts, judged by the shop's past, and what they may bring."""

from joren.understand.ltv.services.subscribing.composing import compose, composed_values
from joren.understand.ltv.services.subscribing.concluding import subscribe
from joren.understand.ltv.services.subscribing.keeping import keep

__all__ = ["compose", "composed_values", "keep", "subscribe"]
