"""What is done to stores and people."""

from joren.collect.customers.services.coming import who_come
from joren.collect.customers.services.devices import keep_devices, prepare_devices
from joren.collect.customers.services.doubting import (
    find_doubles,
    finding_doubles,
    look_for_doubles,
)
from joren.collect.customers.services.forgetting import forget_people
from joren.collect.customers.services.joining import keep_apart, merge_customers, undo_merge
from joren.collect.customers.services.keeping import keep_people
from joren.collect.customers.services.placeholders import name_nobody, name_somebody
from joren.collect.customers.services.resolving import Resolved, resolve_people, take_ids
from joren.collect.customers.services.rotating import key_line, rotate_keys
from joren.collect.customers.services.stores import store_named
from joren.collect.customers.services.taking import prepare_customers

__all__ = [
    "Resolved",
    "find_doubles",
    "finding_doubles",
    "forget_people",
    "keep_apart",
    "keep_devices",
    "keep_people",
    "key_line",
    "look_for_doubles",
    "merge_customers",
    "name_nobody",
    "name_somebody",
    "prepare_customers",
    "prepare_devices",
    "resolve_people",
    "rotate_keys",
    "store_named",
    "take_ids",
    "undo_merge",
    "who_come",
]
