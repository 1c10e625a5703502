"""The engine that the tests of this floor share."""

from tests.understand.conftest import engine, holding

__all__ = ["engine", "holding"]
