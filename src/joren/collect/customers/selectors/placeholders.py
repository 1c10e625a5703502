"""Questions about contacts that name nobody."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from joren.collect.customers import contracts, models, rules
from joren.collect.customers.selectors.keyring import hashed_key, unseal_texts
from joren.plumbing.bulk import rows_with


def placeholders() -> tuple[contracts.Placeholder, ...]:
    """All that are listed, newest first; those too of which somebody said that they are real."""
    rows = list(models.Placeholder.objects.order_by("-at", "-pk"))
    said = unseal_texts([row.key for row in rows], [row.sealed for row in rows])
    return tuple(
        contracts.Placeholder(key, row.real, row.numbers, row.by, row.why, row.at)
        for row, key in zip(rows, said, strict=True)
    )


def placeholders_found() -> int:
    """How many of them joren came upon by itself, and nobody says otherwise."""
    return models.Placeholder.objects.filter(real=False, numbers__isnull=False).count()


def those_who_name_nobody(keys: Iterable[str]) -> set[str]:
    """Which of these (``e:``, ``p:``) are nobody's, by the list or by their looks."""
    hashed = {hashed_key(key): key for key in keys}
    wanted = pa.array(list(hashed), pa.string())
    listed = rows_with(models.Placeholder, "key", wanted, ["key", "real"])
    said = zip(listed["key"].to_pylist(), listed["real"].to_pylist(), strict=True)
    real = {hashed[key]: one for key, one in said}
    return {key for key in hashed.values() if not real.get(key, not rules.names_nobody(key))}
