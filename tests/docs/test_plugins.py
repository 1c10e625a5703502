"""Every plugin of ours is documented under the name that a user types."""

from __future__ import annotations

import tomllib
from importlib.metadata import EntryPoint

import pytest

from tests.docs.pages import DOCS, REPOSITORY, text_of

_PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
PLUGINS = [
    EntryPoint(name, value, group)
    for group, entries in _PROJECT.get("entry-points", {}).items()
    for name, value in entries.items()
]


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: f"{plugin.group}-{plugin.name}")
def test_a_plugin_can_be_loaded(plugin: EntryPoint) -> None:
    assert plugin.load() is not None


def test_every_plugin_is_documented() -> None:
    text = text_of(DOCS / "guides")

    assert not [plugin.name for plugin in PLUGINS if f"`{plugin.name}`" not in text]
