"""What programs send, before any room sees it: JSON whose numbers and texts can be kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict
from ninja.parser import Parser

from joren.core.errors import BadInput

LARGEST: Final = 2**63 - 1
"""Both databases and the warehouse keep numbers of 64 bits."""


class KeepableParser(Parser):
    """Refuses numbers beyond 64 bits, and texts with signs that no database takes."""

    def parse_body(self, request: HttpRequest) -> Any:
        read = json.loads(request.body, parse_int=_number)
        for text in _texts(read):
            _refuse_text(text)
        return read

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        for text in (one for _, several in data.lists() for one in several):
            if isinstance(text, str):
                _refuse_text(text)
                if len(text) > 18 and text.lstrip("+-").isdecimal():
                    _number(text)
        return super().parse_querydict(data, list_fields, request)


def _number(text: str) -> int:
    # Beyond some thousand digits Python itself refuses to read it.
    if len(text) > 20 or not -LARGEST - 1 <= int(text) <= LARGEST:
        raise BadInput(f"the number {text[:20]}… is too large", hint=f"at most {LARGEST}")
    return int(text)


def _texts(read: Any) -> Iterator[str]:
    waiting = [read]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one


def _refuse_text(text: str) -> None:
    if "\x00" in text:
        raise BadInput("a text holds the sign NUL", hint="send the text without it")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadInput("a text holds half of a character", hint="send whole ones") from None
