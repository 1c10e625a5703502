"""What a floor stands on outside of joren."""

from __future__ import annotations

import sys

from tests.architecture.source import Module, imports

MAY_IMPORT = {
    "joren.core": set[str](),
    "joren.science": {"numpy", "scipy"},
    "joren.warehouse": {"ibis", "duckdb", "pyarrow", "deltalake", "pyspark", "py4j", "numpy"},
}
EXTRAS = {"joren.science.clv.pictures": {"altair"}}
"""What one module stands on besides: an extra, which nothing else there may import."""


def outside_the_ground(modules: list[Module]) -> list[str]:
    """Imports by a pure floor of a library that it does not stand on."""
    return [
        f"{module.at(one.line)}: {floor} does not stand on {library}"
        for module in modules
        for floor, allowed in MAY_IMPORT.items()
        if module.name == floor or module.name.startswith(f"{floor}.")
        for one in imports(module)
        if (library := one.target.split(".")[0]) not in allowed | sys.stdlib_module_names
        and library not in EXTRAS.get(module.name, set())
        and library not in ("joren", "__future__")
    ]
