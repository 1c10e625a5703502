"""One room that cannot forget, or one kind that cannot be removed, holds up itself alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from joren.core import erasing
from joren.core.erasing import Counts, Traces
from joren.project.chores.work import retained
from joren.project.starting import finish_promised
from joren.protect.erasure import selectors, services
from joren.protect.erasure.models import Rule
from tests.project.erasing.shop import open_shop

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shop(home: Path, tmp_path: Path) -> tuple[int, int]:
    return open_shop(tmp_path)


@pytest.fixture
def stuck(shop: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> int:
    """The number of a request that one room cannot carry out."""
    real = erasing.ERASERS["consent"]

    def failing(traces: Traces) -> Counts:
        if shop[0] in traces.customers:
            raise ZeroDivisionError("hanako@example.com")
        return real.erase(traces)

    monkeypatch.setitem(erasing.ERASERS._entries, "consent", replace(real, erase=failing))
    number = services.ask(shop[0], "erasure", by="t")
    with pytest.raises(ZeroDivisionError):
        services.erase_person(number, by="t")
    return number


def test_an_erasure_that_fails_says_why_without_a_word_about_the_person(stuck: int) -> None:
    request = selectors.request(stuck)

    assert (request.state, request.error) == ("running", "ZeroDivisionError in consent")


def test_others_are_forgotten_while_one_erasure_fails(stuck: int, shop: tuple[int, int]) -> None:
    done = services.erase_person(services.ask(shop[1], "erasure", by="t"), by="t")

    assert done.state == "done"
    assert selectors.request(stuck).state == "running"
    finish_promised()  # nor does it keep joren from starting


def test_it_is_done_once_the_room_can(stuck: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()

    services.carry_out_waiting()

    request = selectors.request(stuck)
    assert (request.state, request.error) == ("done", "")


def test_a_kind_that_cannot_be_removed_holds_up_no_other_and_nobody_who_came_back(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[bool] = []

    def failing(_: datetime) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(
        "joren.project.chores.work.erasure.refuse_the_returned", lambda: looked.append(True) or 0
    )
    kept = [name for name, one in erasing.RETENTIONS.items() if one.days is not None]
    first = erasing.RETENTIONS[kept[0]]
    monkeypatch.setitem(erasing.RETENTIONS._entries, kept[0], replace(first, purge=failing))

    with pytest.raises(ZeroDivisionError):
        retained()

    assert looked
    ran = set(Rule.objects.exclude(last_run=None).values_list("pk", flat=True))
    assert ran == set(kept[1:])
