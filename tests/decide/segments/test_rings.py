"""Segments that name each other are refused, whoever changes them at the same moment."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from joren.decide.segments import selectors, services
from joren.decide.segments.contracts import All, Is, Member, RuleMeaningless, SegmentInUse
from joren.decide.segments.services import keeping

pytestmark = pytest.mark.django_db(transaction=True)
REPEAT = Is("orders", "at_least", (2,))


class _Slow:
    """Another worker who changes a segment, and is not done before half a second is over."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, number: int, named: int) -> None:
        self.inside, record = threading.Event(), keeping.audit.record

        def recorded(*args: Any, **words: Any) -> Any:
            if threading.current_thread() is self.thread:
                self.inside.set()
                time.sleep(0.5)
            return record(*args, **words)

        def changed() -> None:
            try:
                services.change(number, by="bob", rule=All((REPEAT, Member(named))))
            finally:
                connection.close()

        monkeypatch.setattr(keeping.audit, "record", recorded)
        self.thread = threading.Thread(target=changed)
        self.thread.start()
        assert self.inside.wait(30)


def test_two_who_change_two_segments_at_once_make_no_ring(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = services.create("one", REPEAT, by="alice").id
    other = services.create("other", REPEAT, by="alice").id
    slow = _Slow(monkeypatch, one, other)

    with pytest.raises(RuleMeaningless):
        services.change(other, by="alice", rule=All((REPEAT, Member(one))))

    slow.thread.join()
    assert selectors.segment(one).rule == All((REPEAT, Member(other)))
    assert selectors.segment(other).rule == REPEAT


def test_what_is_just_being_named_is_not_put_away(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = services.create("one", REPEAT, by="alice").id
    other = services.create("other", REPEAT, by="alice").id
    slow = _Slow(monkeypatch, one, other)

    with pytest.raises(SegmentInUse):
        services.archive(other, by="alice")

    slow.thread.join()
