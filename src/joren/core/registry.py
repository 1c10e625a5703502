"""How a lower room reaches an upper one: the upper enters a name, the lower looks it up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

from joren.core.errors import BadInput, NotFound

T = TypeVar("T")


class Registry(Mapping[str, T], Generic[T]):
    """Named entries of one kind, in the order of entering; a name is entered once."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._entries: dict[str, T] = {}

    def enter(self, name: str, entry: T) -> None:
        if self._entries.get(name, entry) is not entry:
            raise BadInput(f"{self.kind} {name!r} is entered already")
        self._entries[name] = entry

    def __getitem__(self, name: str) -> T:
        try:
            return self._entries[name]
        except KeyError:
            known = ", ".join(self._entries) or "none"
            raise NotFound(f"no {self.kind} {name!r}", hint=f"known: {known}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries
