"""From JSON or YAML to a document, and back. What cannot be read is refused by the node's name, and
by its line where it was a text."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from math import isfinite
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from joren.act.journeys.contracts import Document, Fault, JourneyMeaningless
from joren.act.journeys.rules import texts
from joren.core.words import gettext_noop

_MOST_TOLD: Final = 20
_MORE: Final = gettext_noop("and %(n)s more places like these")
_HINT: Final = "docs/guides/journeys.md says what each node needs"
_UNIONS: Final = {
    "wait", "until", "await", "branch", "split", "send", "give", "set", "task", "tell", "exit",
    "event", "segment", "date", "schedule", "kept",
}  # fmt: skip


def read(document: Any) -> Document:
    """The document that the JSON says; a text is read first, as JSON or YAML."""
    return _read(texts.plain(document), document) if isinstance(document, str) else _read(document)


def read_with(text: str, **fields: Any) -> Document:
    """The same of a text, with some of its fields from elsewhere."""
    return _read(_object(text) | fields, text)


def read_over(text: str, **usual: Any) -> Document:
    """The same of a text, with fields from elsewhere that it does not say itself."""
    return _read(usual | _object(text), text)


def _object(text: str) -> dict[str, Any]:
    found = texts.plain(text)
    if not isinstance(found, dict):
        raise JourneyMeaningless("the document is no object", hint=_HINT)
    return found


def _read(document: Any, text: str = "") -> Document:
    try:
        found = _reader().validate_python(document)
    except ValidationError as wrong:
        refusal = _refusal(wrong, document, text)
        raise refusal from None
    if not isfinite(found.holdout):
        raise JourneyMeaningless(f"holdout: {found.holdout} is no share", hint=_HINT)
    return found


def _refusal(wrong: ValidationError, document: Any, text: str) -> JourneyMeaningless:
    """The first faults, each with its place, and how many more there are."""
    some = wrong.errors(include_url=False, include_context=False, include_input=False)[:_MOST_TOLD]
    places = [one["loc"] for one in some]
    lines = texts.lines_of(text, places) if text else [0] * len(places)
    told = [
        (_place(document, place, line), one["msg"])
        for place, line, one in zip(places, lines, some, strict=True)
    ]
    refusal = JourneyMeaningless(": ".join(told[0]), hint=_HINT)
    refusal.faults = tuple(Fault(place, said, _HINT) for place, said in told)
    if more := wrong.error_count() - len(some):
        values = {"n": f"{more:,}"}
        refusal.faults += (Fault("", _MORE % values, _HINT, _MORE, values=values),)
    return refusal


def written(document: Document) -> dict[str, Any]:
    """The document as JSON."""
    found: dict[str, Any] = _reader().dump_python(document, mode="json")
    return found


def schema() -> dict[str, Any]:
    """The JSON schema of documents."""
    return _reader().json_schema()


@lru_cache(maxsize=1)
def _reader() -> TypeAdapter[Document]:
    return TypeAdapter(Document)


def _place(document: Any, loc: tuple[int | str, ...], line: int) -> str:
    """Where it is wrong: the line of the text, the node by its name, and the field."""
    words: list[str] = []
    if line:
        words.append(f"line {line}")
    for part, after in zip(loc, (*loc[1:], ""), strict=False):  # of no part there is none
        if part in _UNIONS and after != "" and loc[0] != part:
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
