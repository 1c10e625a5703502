"""What is done to stores and people."""

from joren.collect.customers.services.devices import keep_devices, prepare_devices
from joren.collect.customers.services.forgetting import forget_people
from joren.collect.customers.services.joining import undo_merge
from joren.collect.customers.services.keeping import keep_people
from joren.collect.customers.services.resolving import Resolved, resolve_people, take_ids
from joren.collect.customers.services.stores import store_named
from joren.collect.customers.services.taking import prepare_customers

__all__ = [
    "Resolved",
    "forget_people",
    "keep_devices",
    "keep_people",
    "prepare_customers",
    "prepare_devices",
    "resolve_people",
    "store_named",
    "take_ids",
    "undo_merge",
]
