"""What the rooms' API routers have in common with one another."""

from __future__ import annotations

from typing import Generic, TypeVar

from ninja import Schema

T = TypeVar("T")


class Listing(Schema, Generic[T]):
    """A slice of a list; ask again with ``after`` = ``next`` until that is empty."""

    items: list[T]
    next: str
