"""What a document may say, when it is time, and how the lot falls."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.act.journeys.contracts import Document, Every, JourneyMeaningless, OnDate, Until, Wait
from joren.act.journeys.rules import (
    Known,
    altered,
    arrives,
    days_due,
    faults,
    moved,
    read,
    schema,
    targets,
    written,
)
from joren.act.journeys.rules import shifted_birthdays as birthdays
from joren.act.journeys.rules.walking import LOTS, lot_of

KNOWN = Known({2: True, 3: False}, frozenset({7}), frozenset())


def document(*nodes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "name": "お礼",
        "triggers": [{"kind": "event", "event": "Order Completed"}],
        "start": nodes[0]["id"],
        "nodes": list(nodes),
    } | more


def node(name: str, do: str, then: str = "end", **more: Any) -> dict[str, Any]:
    return {"id": name, "do": do, "then": then} | more


def found(*nodes: dict[str, Any], **more: Any) -> list[tuple[str, str]]:
    return [(one.node, one.what) for one in faults(read(document(*nodes, **more)), KNOWN)]


def test_a_document_is_what_was_written() -> None:
    said = document(
        node("a", "await", of=[{"kind": "segment", "segment": 7}], minutes=5, otherwise="b"),
        node("b", "send", template=2),
    )

    assert written(read(written(read(said)))) == written(read(said))
    assert found(*said["nodes"]) == []
    assert "Document" in str(schema())


def test_what_cannot_be_read_is_named_by_its_node() -> None:
    with pytest.raises(JourneyMeaningless, match="node 'thanks', template"):
        read(document(node("a", "wait", minutes=1), node("thanks", "send", template="x")))


@pytest.mark.parametrize(
    ("nodes", "fault"),
    [
        ([node("a", "wait", minutes=0)], ("a", "0 minutes are no wait")),
        ([node("a", "tell", "b")], ("a", "it leads to 'b', which is no node")),
        ([node("a", "tell"), node("b", "tell")], ("b", "no way leads there")),
        (
            [node("a", "tell", "b"), node("b", "tell", "a")],
            ("a", "it leads back to itself without a wait"),
        ),
        ([node("a", "wait", "a", minutes=5)], ("a", "no way from there comes to an end")),
        ([node("a", "send", template=3)], ("a", "template 3 has drafts alone")),
        ([node("a", "send", template=9)], ("a", "there is no template 9 in use")),
        ([node("a", "give", giver="points")], ("a", "nothing gives 'points'")),
        ([node("a", "until", at="25:00")], ("a", "'25:00' is no time of day")),
        (
            [{"id": "a", "do": "branch", "otherwise": "end",
              "ways": [{"when": {"kind": "segment", "segment": 8}, "then": "end"}]}],
            ("a", "there is no segment 8 in use"),
        ),
        (
            [{"id": "a", "do": "split", "arms": [
                {"name": "A", "share": 50, "then": "end"},
                {"name": "B", "share": 40, "then": "end"}]}],
            ("a", "the shares are 50, 40"),
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_the_name_of_the_node(
    nodes: list[dict[str, Any]], fault: tuple[str, str]
) -> None:
    assert fault in found(*nodes)


def test_who_holds_nobody_out_says_why() -> None:
    without = found(node("a", "tell"), holdout=0)

    assert without == [("", "nobody is held out, so nobody can say what it earns")]
    assert found(node("a", "tell"), holdout=0, no_holdout_why="法令のお知らせ") == []


@pytest.mark.parametrize(
    ("at", "now", "zone", "due"),
    [
        ("10:00", "2026-11-02T01:00", "Asia/Tokyo", "2026-11-02T01:00"),
        ("10:00", "2026-11-02T01:01", "Asia/Tokyo", "2026-11-03T01:00"),
        # Clocks go from 02:00 to 03:00, and back from 03:00 to 02:00.
        ("02:30", "2026-03-28T12:00", "Europe/Berlin", "2026-03-29T01:30"),
        ("10:00", "2026-03-28T12:00", "Europe/Berlin", "2026-03-29T08:00"),
        ("02:30", "2026-10-24T12:00", "Europe/Berlin", "2026-10-25T00:30"),
    ],
)
def test_a_local_time_is_reckoned_for_each_day(at: str, now: str, zone: str, due: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)

    assert arrives(Until("a", at, "end"), moment, zone) == datetime.fromisoformat(due).replace(
        tzinfo=UTC
    )


def test_until_a_weekday() -> None:
    monday = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)

    due = arrives(Until("a", "09:00", "end", ("fri", "mon")), monday, "Asia/Tokyo")

    assert due == datetime(2026, 11, 6, 0, 0, tzinfo=UTC)


def test_a_birthday_on_a_leap_day_is_kept_every_year() -> None:
    assert birthdays(0, date(2027, 2, 28)) == ("02-28", "02-29")
    assert birthdays(0, date(2028, 2, 28)) == ("02-28",)
    assert birthdays(0, date(2028, 2, 29)) == ("02-29",)
    assert birthdays(-7, date(2027, 2, 21)) == ("02-28", "02-29")


def test_days_of_a_clock_that_was_away_are_made_good_and_none_before_it_was_published() -> None:
    now = datetime(2026, 11, 4, 2, 0, tzinfo=UTC)

    days = days_due(OnDate("birthday"), datetime(2026, 11, 2, 2, 0, tzinfo=UTC), now, "Asia/Tokyo")

    assert days == (date(2026, 11, 3), date(2026, 11, 4))
    monthly = Every(7, "month", day=31, at="00:00")
    end_of_february = datetime(2027, 2, 28, 3, 0, tzinfo=UTC)
    assert days_due(monthly, now, end_of_february, "Asia/Tokyo") == (date(2027, 2, 28),)


@given(st.integers(1, 2**60), st.integers(0, 2**31 - 2))
def test_a_lot_is_one_of_ten_thousand(customer: int, salted: int) -> None:
    assert 0 <= lot_of(customer, salted) < LOTS


def test_lots_of_people_in_a_row_are_even() -> None:
    lots = [lot_of(customer, 12_345) for customer in range(20_000)]

    share = sum(lot < LOTS // 2 for lot in lots) / len(lots)
    both = sum(a < 5_000 and b < 5_000 for a, b in pairwise(lots)) / len(lots)

    assert share == pytest.approx(0.5, abs=0.015)
    assert both == pytest.approx(0.25, abs=0.015)  # neighbours know nothing of each other


def test_a_node_is_moved_and_changed_and_no_way_is_lost() -> None:
    wait = {"do": "wait", "minutes": 5}
    whole = read(document(
        {"id": "a", **wait, "then": "s"},
        {"id": "s", "do": "split", "arms": [{"name": "A", "share": 50, "then": "b"},
                                            {"name": "B", "share": 50, "then": "c"}]},
        {"id": "b", **wait, "then": "end"},
        {"id": "c", **wait, "then": "b"},
    ))  # fmt: skip

    def ways(found: Document) -> dict[str, tuple[str, ...]]:
        return {one.id: targets(one) for one in found.nodes} | {"": (found.start,)}

    first = moved(whole, "b", after="", way=0)
    split = moved(whole, "s", after="b", way=0)
    there = moved(whole, "a", after="s", way=1)
    renamed = altered(whole, "b", {"id": "d", "do": "wait", "minutes": 9, "then": "end"})

    assert ways(first) == {"a": ("s",), "s": ("end", "c"), "b": ("a",), "c": ("end",), "": ("b",)}
    assert ways(split) == {"a": ("b",), "s": ("end", "c"), "b": ("s",), "c": ("b",), "": ("a",)}
    assert ways(there) == {"a": ("c",), "s": ("b", "a"), "b": ("end",), "c": ("b",), "": ("s",)}
    assert ways(renamed) == {"a": ("s",), "s": ("d", "c"), "d": ("end",), "c": ("d",), "": ("a",)}
    assert renamed.nodes[2] == Wait("d", 9, "end")
    for wrong in (
        lambda: moved(whole, "a", after="a", way=0),
        lambda: moved(whole, "x", after="a", way=0),
        lambda: moved(whole, "s", after="c", way=0),  # its other way would be a ring of its own
        lambda: altered(whole, "b", {"id": "c", "do": "tell", "then": "end"}),
        lambda: altered(whole, "s", {"do": "tell", "then": "end"}),
    ):
        with pytest.raises(JourneyMeaningless):
            wrong()
