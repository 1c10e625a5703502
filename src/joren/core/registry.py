"""How a lower room reaches an upper one: the upper enters a name, the lower looks it up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import Generic, TypeVar, cast

from joren.core.errors import BadInput, NotFound

T = TypeVar("T")


@dataclass(frozen=True)
class _Late:
    where: str


class Registry(Mapping[str, T], Generic[T]):
    """Named entries of one kind, in the order of entering; a name is entered once."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._entries: dict[str, T | _Late] = {}

    def enter(self, name: str, entry: T) -> None:
        if self._entries.get(name, entry) is not entry:
            raise self._twice(name)
        self._entries[name] = entry

    def enter_late(self, name: str, where: str) -> None:
        """Enter what is there as ``module:attribute``; it is loaded when somebody asks for it.

        What a command does not need it shall not wait for.
        """
        late = _Late(where)
        if self._entries.setdefault(name, late) != late:
            raise self._twice(name)

    def _twice(self, name: str) -> BadInput:
        return BadInput(f"{self.kind} {name!r} is entered already")

    def __getitem__(self, name: str) -> T:
        try:
            entry = self._entries[name]
        except KeyError:
            known = ", ".join(self._entries) or "none"
            raise NotFound(f"no {self.kind} {name!r}", hint=f"known: {known}") from None
        return cast(T, resolve_name(entry.where)) if isinstance(entry, _Late) else entry

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, name: object) -> bool:
        return name in self._entries
