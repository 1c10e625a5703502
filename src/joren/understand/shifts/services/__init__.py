"""What this room does."""

from joren.understand.shifts.services.detecting import find_shifts

__all__ = ["find_shifts"]
