"""What a word means, and who is in which stage."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.collect.life_stages import rules
from joren.collect.life_stages.contracts import STAGES, LifeStage, StagesContradict

SAID = pa.schema(
    {"id": pa.int64(), "customer_id": pa.int64(), "said": pa.string(), "since": pa.date32()}
)
MERGED = pa.schema({"customer_id": pa.int64(), "now": pa.int64()})
TODAY = date(2026, 11, 29)
MEANING = rules.meanings(STAGES)


def said(*rows: tuple[int, str, str]) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {"id": place, "customer_id": who, "said": word, "since": date.fromisoformat(day)}
            for place, (who, word, day) in enumerate(rows, 1)
        ],
        schema=SAID,
    )


def standing(*rows: tuple[int, str, str], merged: dict[int, int] | None = None) -> Any:
    pairs = [{"customer_id": one, "now": now} for one, now in (merged or {}).items()]
    found = rules.standing(said(*rows), pa.Table.from_pylist(pairs, schema=MERGED), MEANING)
    return {
        row["customer_id"]: (
            row["life_stage"],
            str(row["life_stage_since"]),
            str(row["life_stage_changed_on"]),
        )
        for row in found.to_pylist()
    }


def test_the_first_word_of_somebody_is_no_change_and_the_next_other_one_is() -> None:
    assert standing((7, "学生", "2024-04-01")) == {7: (1, "2024-04-01", "None")}
    assert standing((7, "学生", "2024-04-01"), (7, "結婚", "2026-05-01")) == {
        7: (3, "2026-05-01", "2026-05-01")
    }


def test_a_stage_said_again_began_when_it_was_first_said() -> None:
    rows = ((7, "結婚", "2026-05-01"), (7, "married", "2026-08-01"), (7, "学生", "2024-04-01"))

    assert standing(*rows) == {7: (3, "2026-05-01", "2026-05-01")}


def test_a_word_that_no_stage_has_says_nothing() -> None:
    assert standing((7, "猫と暮らす", "2026-05-01"), (8, "シニア", "2026-05-01")) == {
        8: (7, "2026-05-01", "None")
    }


def test_what_was_said_of_somebody_who_was_merged_is_of_whom_they_are_now() -> None:
    rows = ((7, "学生", "2024-04-01"), (9, "新社会人", "2026-04-01"))

    assert standing(*rows, merged={9: 7}) == {7: (2, "2026-04-01", "2026-04-01")}


@given(
    st.lists(
        st.tuples(
            st.integers(1, 3),
            st.sampled_from(["学生", "結婚", "シニア", "?"]),
            st.dates(date(2024, 1, 1), date(2024, 1, 9)).map(str),
        )
    )
)
def test_columns_say_what_a_walk_through_each_life_says(rows: list[tuple[int, str, str]]) -> None:
    walked: dict[int, tuple[int, str, str]] = {}
    for _, who, word, day in sorted(
        ((place, *row) for place, row in enumerate(rows)), key=lambda row: (row[3], row[0])
    ):
        number = MEANING.get(word)
        if number is None or (who in walked and walked[who][0] == number):
            continue
        walked[who] = (number, day, day if who in walked else "None")

    assert standing(*rows) == walked


def test_width_case_and_spaces_make_no_other_word() -> None:
    assert rules.folded(" ＳＴＵＤＥＮＴ ") in MEANING


def test_a_word_of_two_stages_is_refused() -> None:
    with pytest.raises(StagesContradict, match="would mean stage 1 and stage 2"):
        rules.checked([LifeStage(1, "学生", "Student"), LifeStage(2, "社会人", "student ")])


def told(known: pa.Table, word: str, since: str | None, source: str = "import") -> int:
    day = date.fromisoformat(since) if since else None
    given = pa.table({"customer_id": [7], "said": [word], "since": pa.array([day], pa.date32())})
    return rules.news(given, known, source=source, today=TODAY).num_rows


def test_a_file_that_is_behind_is_news_once_and_not_at_every_import() -> None:
    known = said((7, "学生", "2024-04-01"), (7, "結婚", "2026-05-01"))
    sources = known.append_column("source", pa.array(["import", "hand"]))

    assert told(sources, "学生", "2024-04-01") == 0
    assert told(sources, "学生", None) == 0  # what staff said since holds
    assert told(sources, "学生", "2024-05-01") == 1
    assert told(sources, "シニア", None) == 1
    assert told(sources, "学生", None, "live") == 1
    assert told(sources, "結婚", None, "live") == 0


def test_a_day_that_is_to_come_is_none() -> None:
    known = said((7, "結婚", "2026-11-20")).append_column("source", pa.array(["import"]))

    assert told(known, "結婚", "2027-04-01") == 0
    assert told(known, "学生", "2027-04-01") == 1


def test_what_is_known_already_is_no_news() -> None:
    known = said((7, "学生", "2024-04-01")).append_column("source", pa.array(["live"]))
    given = pa.table(
        {
            "customer_id": pa.array([7, 8, 9]),
            "said": ["学生", "学生", "結婚"],
            "since": pa.array([None, None, None], pa.date32()),
        }
    )

    found = rules.news(given, known, source="import", today=TODAY)
    assert sorted(found["customer_id"].to_pylist()) == [8, 9]
