"""Who has which part, what is found again, and who is told of what."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.measure.team.contracts import TOPICS, BadTeamEntry, Decided, MeetingText, NoticeChoice
from joren.measure.team.rules import finding, telling, writing

TOKYO = ZoneInfo("Asia/Tokyo")


def decided(about: str, reason: str = "", at: datetime | None = None) -> Decided:
    moment = at or datetime(2026, 11, 1, tzinfo=UTC)
    return Decided(moment, "花子", "review", "stop", about, reason, "review", "1")


def test_two_owners_are_none() -> None:
    with pytest.raises(BadTeamEntry):
        writing.check_parts("campaign", {"owner": [1, 2]})
    with pytest.raises(BadTeamEntry):
        writing.check_parts("campaign", {"decider": [1, 2]})

    writing.check_parts("campaign", {"owner": [1, 1], "consulted": [1, 2, 3]})


def test_an_owner_that_the_action_names_itself_is_not_said_twice() -> None:
    with pytest.raises(BadTeamEntry):
        writing.check_parts("practice", {"owner": [1]})

    writing.check_parts("practice", {"owner": [], "decider": [1]})


def test_notes_that_say_nothing_are_refused() -> None:
    with pytest.raises(BadTeamEntry):
        writing.checked_meeting(MeetingText(date(2026, 11, 1), "定例", " \n"))
    with pytest.raises(BadTeamEntry):
        writing.checked_meeting(MeetingText(date(2026, 11, 1), " ", "x"))


def test_every_word_must_be_there_however_wide_it_is_written() -> None:
    log = [decided("水出しコーヒー", "Ｆ２が上がらない"), decided("F2 mail"), decided("other")]

    def about(words: str) -> list[str]:
        return [one.about for one in finding.found(log, words=words, here=TOKYO)]

    assert about("ｆ2") == ["水出しコーヒー", "F2 mail"]
    assert about("f2 MAIL") == ["F2 mail"]
    assert about("花子") == ["水出しコーヒー", "F2 mail", "other"]
    assert about("f2 花子 nothing") == []


def test_days_are_those_of_the_shop() -> None:
    late = datetime(2026, 10, 31, 16, tzinfo=UTC)  # 1 November in Tokyo

    found = finding.found([decided("a", at=late)], since=date(2026, 11, 1), here=TOKYO)

    assert [one.about for one in found] == ["a"]
    assert finding.found([decided("a", at=late)], until=date(2026, 10, 31), here=TOKYO) == []


@given(st.lists(st.datetimes(timezones=st.just(UTC)), max_size=20))
def test_the_newest_is_first_and_nothing_is_lost(moments: list[datetime]) -> None:
    found = finding.found([decided("a", at=one) for one in moments], here=UTC)

    assert [one.at for one in found] == sorted(moments, reverse=True)


@given(
    st.lists(st.integers(1, 9)), st.sets(st.integers(1, 9)), st.lists(st.integers(1, 9)),
    st.dictionaries(st.integers(1, 9), st.sets(st.sampled_from(TOPICS))),
)  # fmt: skip
def test_nobody_is_told_twice_or_of_what_they_switched_off(
    concerned: list[int], active: set[int], deciders: list[int], on: dict[int, set[str]]
) -> None:
    choices = {
        one: NoticeChoice(one, tuple(topic for topic in TOPICS if topic in topics))
        for one, topics in on.items()
    }
    wanted = list(dict.fromkeys(deciders))

    told = telling.whom("guard_stopped", concerned, active, wanted, choices)

    assert len(told) == len(set(told))
    assert all("guard_stopped" in on.get(one, TOPICS) for one in told)
    assert set(told) <= (set(concerned) & active or set(wanted))


def test_only_what_is_proven_or_broken_or_no_more_is_news() -> None:
    assert telling.is_news("not_proven", "proven_more")
    assert telling.is_news("proven_more", "not_proven")
    assert telling.is_news("not_yet", "broken")
    assert not telling.is_news(None, "proven_more")
    assert not telling.is_news("proven_more", "proven_more")
    assert not telling.is_news("not_yet", "too_small")


def test_an_overdue_review_is_told_once_a_week() -> None:
    marks = [telling.review_mark("2026-10-01", day, 31) for day in range(32, 53)]

    assert len(set(marks)) == 3
    assert [marks.count(one) for one in dict.fromkeys(marks)] == [7, 7, 7]


def test_a_mail_is_tried_for_about_a_day_and_given_up() -> None:
    waits = [telling.wait_after(one) for one in range(1, telling.MOST + 1)]

    assert waits[-1] is None
    total = sum((one for one in waits if one), timedelta())
    assert timedelta(hours=12) < total < timedelta(days=2)


@pytest.mark.parametrize(
    ("source", "key"),
    [("effect", ""), ("effect", "x"), ("effect", "1" * 40), ("", "3"), ("rumour", "3")],
)
def test_thanks_name_a_result_by_its_number_or_none(source: str, key: str) -> None:
    with pytest.raises(BadTeamEntry):
        writing.check_source(source, key)

    writing.check_source("effect", "3")
    writing.check_source("", "")
