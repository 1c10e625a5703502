"""What the process that writes messages is asked and answers, one line each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import orjson


def written(said: Mapping[str, Any]) -> bytes:
    """As one line. Half a pair of UTF-16, which a template can make, goes as JSON's escape."""
    try:
        return orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        return json.dumps(said).encode() + b"\n"


def read(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return json.loads(line)
