"""Who is the same person, said slowly: one row after the other, in dictionaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from joren.collect.customers.rules import searchable

Row = Mapping[str, str | int | None]


def phone_keys(
    phones: Sequence[str], names: Sequence[str], holders: Mapping[str, str]
) -> tuple[list[str | None], dict[str, str]]:
    """The key of each (phone, name), and the holder of each phone after these rows.

    ``holders`` is what is known: phone → the one name that answers it, "" for none yet, with a
    trailing ``*`` once a second name has been seen.
    """
    held = dict(holders)
    names = [searchable(name).rstrip("*") for name in names]
    for phone, name in sorted(set(zip(phones, names, strict=True))):
        holder = held.setdefault(phone, "")
        if name and not holder:
            held[phone] = name
        elif name and name != holder.rstrip("*"):
            held[phone] = holder.rstrip("*") + "*"
    keys: list[str | None] = []
    for phone, name in zip(phones, names, strict=True):
        holder = held[phone]
        if name == holder.rstrip("*"):
            keys.append(f"p:{phone}")
        elif not name:
            keys.append(None if holder.endswith("*") else f"p:{phone}")
        else:
            keys.append(f"p:{phone}|{name}")
    return keys, held


@dataclass
class People:
    """What is known: whose each key is, and who answers each phone."""

    owner: dict[str, int] = field(default_factory=dict)
    holders: dict[str, str] = field(default_factory=dict)
    next: int = 1

    def take(self, rows: Sequence[Row]) -> None:
        phones = [str(row["phone"] or "") for row in rows]
        names = [str(row["name"] or "") for row in rows]
        by_phone, self.holders = phone_keys(phones, names, self.holders)
        for row, phone, phone_key in zip(rows, phones, by_phone, strict=True):
            keys = [f"n:{row['store_id']}:{row['customer_number']}"] * bool(row["customer_number"])
            keys += [f"e:{row['email']}"] * bool(row["email"])
            keys += [phone_key] * bool(phone and phone_key)  # type: ignore[list-item]
            if keys:
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
