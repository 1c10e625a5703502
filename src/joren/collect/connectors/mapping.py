"""Which column is which, where the header does not say it: a TOML file."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping as Words
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from joren.core.errors import BadInput
from joren.core.money import currency_code

_TABLES = ("columns", "constants")
_TEXTS = ("currency", "time_zone", "sheet")


@dataclass(frozen=True)
class Mapping:
    """``columns`` names a column for a field, ``constants`` one value for all rows."""

    columns: Words[str, str] = field(default_factory=dict)
    constants: Words[str, str] = field(default_factory=dict)
    currency: str | None = None
    time_zone: str | None = None
    sheet: str | None = None


def read_mapping(path: Path) -> Mapping:
    """The mapping in that file."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as missing:
        raise BadInput(f"cannot read {path}: {missing.strerror}", hint="check the path") from None
    except UnicodeDecodeError as wrong:
        raise BadInput(f"{path} is no TOML: {wrong}", hint="docs/guides/import.md") from None
    return parse_mapping(text, name=str(path))


def parse_mapping(text: str, *, name: str = "the mapping") -> Mapping:
    """The mapping that is the TOML."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise BadInput(f"{name} is no TOML: {wrong}", hint="docs/guides/import.md") from None
    return mapping_of(content)


def mapping_of(content: Words[str, Any]) -> Mapping:
    """The same from a dictionary, checked."""
    for name, value in content.items():
        if name not in (*_TABLES, *_TEXTS):
            known = ", ".join((*_TABLES, *_TEXTS))
            raise BadInput(f"the mapping has no key {name!r}", hint=f"known: {known}")
        if name in _TABLES and not isinstance(value, dict):
            raise BadInput(f"{name} is no table", hint=f'[{name}]\nordered_at = "受注日"')
        if name in _TEXTS and not isinstance(value, str | None):
            raise BadInput(f"{name} is no text: {value!r}", hint=f'{name} = "…"')
    texts = {n: {k: str(v) for k, v in (content.get(n) or {}).items()} for n in _TABLES}
    return Mapping(**texts, **{name: content.get(name) for name in _TEXTS})  # type: ignore[arg-type]  # the document was read by these names


def currency_of(said: str | None, mapping: Mapping, ours: str | None) -> str | None:
    """What amounts without a currency are in: as was said, by the mapping, or the business's."""
    found = said or mapping.currency or ours
    return currency_code(found) if found else None


def plain(mapping: Mapping | None) -> dict[str, Any]:
    """As it is kept."""
    return asdict(mapping) if mapping else {}


def as_toml(mapping: Mapping) -> str:
    """The mapping as the file that ``read_mapping`` reads."""
    known = asdict(mapping)
    # A JSON text is a TOML text: both escape in the same way.
    lines = [f"{name} = {_quoted(known[name])}" for name in _TEXTS if known[name]]
    for table in _TABLES:
        if known[table]:
            lines += ["", f"[{table}]"]
            lines += [f"{name} = {_quoted(value)}" for name, value in known[table].items()]
    return "\n".join(lines).lstrip("\n") + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
