"""Pure rules about headers and the values under them."""

from joren.collect.connectors.rules.suggesting import fingerprint, suggested

__all__ = ["fingerprint", "suggested"]
