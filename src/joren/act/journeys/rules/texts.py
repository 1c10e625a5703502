"""A document as text: JSON, or the part of YAML that says the same. No Django.

Of YAML there are mappings, lists, texts, numbers, true and false, and null, read by the rules of
its newer version: ``10:00``, ``on`` and ``2026-11-28`` are texts. Names for parts (``&``, ``*``),
tags (``!``) and several documents in one text are refused: a few letters of them can grow without
end, or begin programs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final, Literal

import yaml

from joren.act.journeys.contracts import JourneyMeaningless

Form = Literal["json", "yaml"]
LONGEST: Final = 300_000
"""Characters: room for the most nodes that a document may have, each with long words."""

_MOST_PARTS: Final = 30_000
_HINT: Final = "docs/guides/journeys.md says what a document is"
_DEEPEST: Final = 60


class _Loader(yaml.SafeLoader):
    """Texts but for what JSON has other words for. What is not read is refused where it begins, and
    so is a document of more parts than it can need."""

    yaml_implicit_resolvers: ClassVar[dict[Any, Any]] = {}  # type: ignore[misc]  # the stub says it is of one
    _parts = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML's scanner is untyped
        self._parts += 1
        if self._parts > _MOST_PARTS:
            raise _refused(event, f"it has more than {_MOST_PARTS:,} parts")
        if event.anchor:
            raise _refused(event, "names for parts (& and *) are not read: write the part out")
        if (tag := getattr(event, "tag", None)) and tag != "!":
            raise _refused(event, f"the tag {tag!r} is not read: leave it out")
        return super().compose_node(parent, index)


class _Dumper(yaml.SafeDumper):
    """What either rules of YAML would read as no text stands in quotes."""


for _tag, _pattern, _first in (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", ["n", "~", ""]),
    ("int", r"-?(?:0|[1-9][0-9]*)", "-0123456789"),
    ("float", r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?", "-0123456789"),
):
    for _who in (_Loader, _Dumper):
        _who.add_implicit_resolver(
            f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), list(_first)
        )


def plain(text: str) -> Any:
    """What the text says; refused with the line and the column where it says nothing."""
    if len(text) > LONGEST:
        raise JourneyMeaningless(
            f"the document has {len(text):,} characters", hint=f"at most {LONGEST:,}"
        )
    found = _json(text) if text.lstrip().startswith("{") else _yaml(text)
    try:
        told = json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as wrong:  # half a character is a ValueError too
        raise JourneyMeaningless(f"this is no document: {wrong}", hint=_HINT) from None
    if b"\\u0000" in told:
        raise JourneyMeaningless("a text has a NUL, which no database keeps", hint=_HINT)
    return found


def lines_of(text: str, places: Sequence[Sequence[int | str]]) -> list[int]:
    """Of each place the line of what stands there, or of what it is missing in; 0 where nobody can
    say it. The text is read once for all of them."""
    try:
        root = _composed(text)
    except (yaml.YAMLError, JourneyMeaningless, RecursionError):
        return [0] * len(places)  # JSON that is no YAML, such as one with tabs
    return [_line(root, place) for place in places]


def _line(node: yaml.Node | None, place: Sequence[int | str]) -> int:
    for part in place:
        below = _below(node, part)
        node = node if below is None else below
    return int(node.start_mark.line) + 1 if node is not None else 0


def as_text(document: Mapping[str, Any], form: Form) -> str:
    """The document in that form, as people read it."""
    if form == "json":
        return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    told = yaml.dump(dict(document), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    return str(told)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise JourneyMeaningless(f"this is no JSON: {wrong}", hint=_HINT) from None


def _yaml(text: str) -> Any:
    try:
        return _said(_composed(text), 0)
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        said = wrong.problem or wrong.context
        raise JourneyMeaningless(f"this is no YAML: {place}{said}", hint=_HINT) from None
    except yaml.YAMLError as wrong:
        said = next(iter(str(wrong).splitlines()), "")
        raise JourneyMeaningless(f"this is no YAML: {said}", hint=_HINT) from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError as wrong:  # a number of thousands of digits
        raise JourneyMeaningless(f"this is no YAML: {wrong}", hint=_HINT) from None


def _composed(text: str) -> yaml.Node | None:
    node: yaml.Node | None = yaml.compose(text, Loader=_Loader)
    return node


def _said(node: yaml.Node | None, depth: int) -> Any:
    if depth > _DEEPEST:
        raise _too_deep()
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _refused(key, "a name is a text")
            if key.value in found:
                raise _refused(key, f"{key.value!r} is said twice")
            found[key.value] = _said(value, depth + 1)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_said(one, depth + 1) for one in node.value]
    if node is None:
        return None
    return _scalar(str(node.tag).rpartition(":")[2], str(node.value))


def _scalar(kind: str, text: str) -> Any:
    if kind == "bool":
        return text == "true"
    if kind == "null":
        return None
    return {"int": int, "float": float}.get(kind, str)(text)


def _below(node: yaml.Node | None, part: int | str) -> yaml.Node | None:
    """What stands under that name or number; a name of a union stands nowhere."""
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        found: yaml.Node = node.value[part]
        return found
    return None


def _refused(there: Any, said: str) -> JourneyMeaningless:
    mark = there.start_mark
    place = f"line {mark.line + 1}, column {mark.column + 1}"
    return JourneyMeaningless(f"this is no YAML: {place}: {said}", hint=_HINT)


def _too_deep() -> JourneyMeaningless:
    return JourneyMeaningless(
        f"parts stand in one another more than {_DEEPEST} deep", hint="a document has few levels"
    )
