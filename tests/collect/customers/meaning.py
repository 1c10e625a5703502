"""Who is the same person, said slowly: one row after the other, in dictionaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from joren.collect.customers.rules import searchable

Row = Mapping[str, str | int | None]


def keys_of(row: Row) -> list[str]:
    """The keys of a row, which depend on nothing else."""
    keys = [f"n:{row['store_id']}:{row['customer_number']}"] * bool(row["customer_number"])
    keys += [f"e:{row['email']}"] * bool(row["email"])
    name = searchable(str(row["name"] or ""))
    if row["phone"] and name:
        keys.append(f"p:{row['phone']}|{name}")
    elif row["phone"] and not keys:
        keys.append(f"p:{row['phone']}")
    return keys


@dataclass
class People:
    """What is known: whose each key is."""

    owner: dict[str, int] = field(default_factory=dict)
    next: int = 1

    def take(self, rows: Sequence[Row]) -> None:
        for row in rows:
            if keys := keys_of(row):
                self._join(keys)

    def _join(self, keys: Sequence[str]) -> None:
        found = sorted({self.owner[key] for key in keys if key in self.owner})
        person = found[0] if found else self.next
        self.next += 1
        for key, owner in self.owner.items():
            if owner in found:
                self.owner[key] = person
        self.owner |= dict.fromkeys(keys, person)

    @property
    def together(self) -> set[frozenset[str]]:
        """The keys of each person."""
        return {
            frozenset(key for key, owner in self.owner.items() if owner == person)
            for person in self.owner.values()
        }
