"""From JSON to a document, and back. What cannot be read is refused by the node's name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from math import isfinite
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from joren.act.journeys.contracts import Document, Fault, JourneyMeaningless

_HINT: Final = "docs/guides/journeys.md says what each node needs"
_UNIONS: Final = {
    "wait", "until", "await", "branch", "split", "send", "give", "set", "task", "tell", "exit",
    "event", "segment", "date", "schedule", "kept",
}  # fmt: skip


def read(document: Any) -> Document:
    """The document that the JSON says; a text is read as JSON first."""
    if isinstance(document, str):
        document = _json(document)
    try:
        found = _reader().validate_python(document)
    except ValidationError as wrong:
        told = [(_place(document, one["loc"]), one["msg"]) for one in wrong.errors()]
        refusal = JourneyMeaningless(": ".join(told[0]), hint=_HINT)
        refusal.faults = tuple(Fault(place, said, _HINT) for place, said in told)
        raise refusal from None
    if not isfinite(found.holdout):
        raise JourneyMeaningless(f"holdout: {found.holdout} is no share", hint=_HINT)
    return found


def read_with(text: str, **fields: Any) -> Document:
    """The same of a text, with some of its fields from elsewhere."""
    found = _json(text)
    if not isinstance(found, dict):
        raise JourneyMeaningless("the document is no object", hint=_HINT)
    return read(found | fields)


def written(document: Document) -> dict[str, Any]:
    """The document as JSON."""
    found: dict[str, Any] = _reader().dump_python(document, mode="json")
    return found


def schema() -> dict[str, Any]:
    """The JSON schema of documents."""
    return _reader().json_schema()


def _json(text: str) -> Any:
    try:
        found = json.loads(text)
        told = json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as wrong:  # half a character is a ValueError too
        raise JourneyMeaningless(f"this is no JSON: {wrong}", hint=_HINT) from None
    if b"\\u0000" in told:
        raise JourneyMeaningless("a text has a NUL, which no database keeps", hint=_HINT)
    return found


@lru_cache(maxsize=1)
def _reader() -> TypeAdapter[Document]:
    return TypeAdapter(Document)


def _place(document: Any, loc: tuple[int | str, ...]) -> str:
    """Where it is wrong: the node by its name, and the field."""
    words: list[str] = []
    for part, after in zip(loc, (*loc[1:], ""), strict=True):
        if part in _UNIONS and after != "" and words:
            continue
        if isinstance(part, int) and words and words[-1] == "nodes":
            words[-1] = f"node {_name(document, part)!r}"
        else:
            words.append(str(part))
    return ", ".join(words) or "the document"


def _name(document: Any, place: int) -> str:
    nodes = document.get("nodes") if isinstance(document, Mapping) else None
    node = nodes[place] if isinstance(nodes, list | tuple) and place < len(nodes) else None
    return str(node.get("id", place + 1)) if isinstance(node, Mapping) else str(place + 1)
