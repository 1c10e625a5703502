"""Write practices down, keep what shows them, and hold the quarterly audit of the fifteen."""

from joren.measure.practices.services.showing import add_file, add_link, drop, take
from joren.measure.practices.services.writing import add, assess, remove, write

__all__ = ["add", "add_file", "add_link", "assess", "drop", "remove", "take", "write"]
