"""Announcements reach those who listen to their name."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from joren.plumbing import outbox


def test_a_listener_hears_its_prefix_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_listeners", defaultdict(list))
    heard: list[tuple[str, dict[str, Any]]] = []

    def listener(name: str, content: dict[str, Any]) -> None:
        heard.append((name, content))

    outbox.listen("tea.", listener)
    outbox.listen("tea.", listener)
    outbox.put("tea.brewed", cups=2, name="Sencha")
    outbox.put("coffee.brewed", cups=1)

    assert heard == [("tea.brewed", {"cups": 2, "name": "Sencha"})]
