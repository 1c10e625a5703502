"""Names that an upper room enters and a lower one looks up."""

from __future__ import annotations

import json
import math
import sys

import pytest

from joren.core.errors import BadInput, NotFound
from joren.core.registry import Registry


def test_what_is_entered_late_is_loaded_when_it_is_asked_for() -> None:
    known = Registry[object]("module")
    known.enter("json", json)
    known.enter_late("turtle", "turtledemo:__name__")
    known.enter_late("turtle", "turtledemo:__name__")
    known.enter("math", math)

    assert list(known) == ["json", "turtle", "math"]
    assert "turtle" in known
    assert "turtledemo" not in sys.modules
    assert list(known.values()) == [json, "turtledemo", math]


def test_a_name_is_entered_once() -> None:
    known = Registry[object]("module")
    known.enter("json", json)
    known.enter_late("math", "math:pi")

    with pytest.raises(BadInput, match="'json' is entered already"):
        known.enter_late("json", "math:pi")
    with pytest.raises(BadInput, match="'math' is entered already"):
        known.enter_late("math", "math:e")
    with pytest.raises(BadInput, match="'math' is entered already"):
        known.enter("math", math)
    with pytest.raises(NotFound, match="no module 'csv'"):
        known["csv"]
    assert known["math"] == math.pi
