"""What is done about products that people own."""

from joren.collect.registrations.services.handing_on import hand_on, in_sets
from joren.collect.registrations.services.programmes import (
    add_serials,
    close_programme,
    open_programme,
)
from joren.collect.registrations.services.registering import (
    count_try,
    register,
    settle,
    sweep,
    tries_of,
)

__all__ = [
    "add_serials",
    "close_programme",
    "count_try",
    "hand_on",
    "in_sets",
    "open_programme",
    "register",
    "settle",
    "sweep",
    "tries_of",
]
