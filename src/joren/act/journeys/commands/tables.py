"""How commands print what they found."""

from __future__ import annotations

import json
from typing import Any, Final

from rich.console import Console
from rich.table import Table

BY: Final = "command-line"
"""Who did it, in the book of deeds."""


def printed(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False, default=str)


def counted(rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    table = Table(*rows[0], box=None)
    for one in rows:
        table.add_row(*(f"{value:,}" if name in ("treated", "held out", "passed", "messages")
                        and isinstance(value, int) else str(value)
                        for name, value in one.items()))  # fmt: skip
    Console().print(table, soft_wrap=True)
