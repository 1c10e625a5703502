"""Events of a file."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from joren.collect.inbox import selectors, services
from joren.collect.inbox.contracts import EVENTS, BadEvents, NoSuchSource
from joren.plumbing.warehouse import warehouse

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(home: Path) -> int:
    return services.add_source("past", kind="server", store="own", limit=1)[0].id


def written(folder: Path, *messages: dict[str, Any], packed: bool = False) -> Path:
    text = "".join(f"{json.dumps(message)}\n" for message in messages).encode()
    path = folder / "events.jsonl"
    path.write_bytes(gzip.compress(text) if packed else text)
    return path


def event(number: int, **more: Any) -> dict[str, Any]:
    said = {"type": "track", "event": "Product Viewed", "userId": "u", "messageId": f"m{number}"}
    return {**said, "timestamp": "2024-02-29T15:00:00Z", **more}


def drained() -> list[dict[str, Any]]:
    while services.drain(warehouse()):
        pass
    return warehouse().engine.rows(warehouse().facts(EVENTS))


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_is_taken_in_once_however_often_it_is_loaded(
    source: int, tmp_path: Path, packed: bool
) -> None:
    lines = [event(number, properties={"name": "x" * 100}) for number in range(1_200)]
    file = written(tmp_path, *lines, packed=packed)

    counts = [services.load_events(file, source_id=source) for _ in range(2)]

    assert counts == [1_200, 1_200]
    assert len(drained()) == 1_200
    assert selectors.traffic()[source].repeated == 1_200


def test_it_happened_when_the_line_says_whatever_the_clock_was(source: int, tmp_path: Path) -> None:
    stale = {"originalTimestamp": "1999-01-01T00:00:00Z", "sentAt": "1999-01-01T00:00:05Z"}
    services.load_events(written(tmp_path, event(1, **stale)), source_id=source)

    (row,) = drained()

    assert (str(row["occurred_on"]), row["occurred_at"].hour) == ("2024-03-01", 15)


def test_a_line_without_an_id_is_known_by_its_text(source: int, tmp_path: Path) -> None:
    file = written(tmp_path, event(1, messageId=None), event(1, messageId=None, userId="v"))

    for _ in range(2):
        services.load_events(file, source_id=source)

    assert len(drained()) == 2


def test_a_broken_line_is_named_and_the_file_can_be_loaded_again(
    source: int, tmp_path: Path
) -> None:
    file = written(tmp_path, event(1))
    file.write_bytes(file.read_bytes() + b"{broken\n")

    with pytest.raises(BadEvents, match="line 2"):
        services.load_events(file, source_id=source)
    with pytest.raises(NoSuchSource):
        services.load_events(file, source_id=source + 1)
    with pytest.raises(BadEvents, match="no file"):
        services.load_events(tmp_path / "none", source_id=source)
    damaged = written(tmp_path, event(1), packed=True)
    damaged.write_bytes(damaged.read_bytes()[:-4])
    with pytest.raises(BadEvents, match="to its end"):
        services.load_events(damaged, source_id=source)
