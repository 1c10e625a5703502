"""What is done about products that people own."""

from joren.collect.registrations.services.programmes import (
    add_serials,
    close_programme,
    open_programme,
)
from joren.collect.registrations.services.registering import register, settle, sweep

__all__ = ["add_serials", "close_programme", "open_programme", "register", "settle", "sweep"]
