"""What is done to stores and people."""

from joren.collect.customers.services.forgetting import forget_people
from joren.collect.customers.services.joining import undo_merge
from joren.collect.customers.services.keeping import keep_people
from joren.collect.customers.services.resolving import Resolved, resolve_people
from joren.collect.customers.services.stores import store_named
from joren.collect.customers.services.taking import prepare_customers

__all__ = [
    "Resolved",
    "forget_people",
    "keep_people",
    "prepare_customers",
    "resolve_people",
    "store_named",
    "undo_merge",
]
