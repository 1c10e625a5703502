"""Gender and age in few words, from whatever files say."""

from __future__ import annotations

from datetime import date, timedelta

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.collect.customers import models, rules
from joren.collect.customers import selectors as people
from joren.core import clock
from joren.core.erasing import ERASERS, Traces
from joren.decide.segments import selectors, services
from joren.decide.segments.contracts import All, Is, RuleMeaningless
from joren.plumbing.warehouse import warehouse
from joren.warehouse import Warehouse
from tests.collect.customers.arriving import add_person
from tests.project.refreshing import refreshed

TODAY = date(2026, 11, 29)


def bands(*days: date | None, today: date = TODAY) -> list[int | None]:
    column = pa.chunked_array([pa.array(days, pa.date32())])
    found: list[int | None] = rules.age_bands(column, today).to_pylist()
    return found


@pytest.mark.parametrize(
    ("text", "gender"),
    [("女", "female"), (" 女性 ", "female"),
     ("Ｆ", "female"), ("FEMALE", "female"), ("2", "female"),
     ("男", "male"), ("Male", "male"), ("１", "male"), ("その他", "other"), ("X", "other"),
     ("", None), ("0", None), ("無回答", None), ("女男", None), (None, None)],
)  # fmt: skip
def test_a_gender_is_read_in_either_language(text: str | None, gender: str | None) -> None:
    column = pa.chunked_array([pa.array([text], pa.string())])

    assert rules.genders(column).to_pylist() == [gender]


def test_ten_years_begin_on_the_birthday() -> None:
    assert bands(date(1996, 11, 29), date(1996, 11, 30)) == [30, 20]
    assert bands(date(2026, 11, 29), date(2007, 1, 1), date(1900, 1, 1)) == [10, 10, None]
    assert bands(date(1926, 1, 1), date(1946, 11, 29), None, date(2027, 1, 1)) == [
        80,
        80,
        None,
        None,
    ]
    assert bands(date(2000, 2, 29), today=date(2020, 2, 28)) == [10]
    assert bands(date(2000, 2, 29), today=date(2020, 2, 29)) == [20]


@given(st.dates(date(1850, 1, 1), date(2030, 1, 1)), st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_bands_are_those_of_the_calendar(born: date, today: date) -> None:
    years = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    meant = min(80, max(10, years // 10 * 10)) if 0 <= years <= 120 else None

    assert bands(born, today=today) == [meant]


@pytest.mark.django_db
def test_segments_ask_for_them_and_who_is_erased_takes_them_along(
    unrefreshed_shop: Warehouse,
) -> None:
    year = clock.now().date().replace(month=1, day=1) - timedelta(days=365 * 35)
    for number, gender in ((1, "女性"), (2, "male"), (3, "")):
        add_person(number, gender=gender)
    models.Customer.objects.filter(pk__in=[1, 2]).update(birthday=year)
    refreshed(as_of=date(2026, 3, 31))

    def who(rule: Is) -> set[int]:
        return set(selectors.members_of(rule, limit=1000))

    thirties = Is("age_band", "is", ("30",))
    assert who(Is("gender", "is", ("female",))) == {1}
    assert who(Is("gender", "is", ("female", "male"))) == {1, 2}
    assert {1, 2} <= who(thirties)
    assert 3 in who(Is("gender", "unknown"))
    assert "年代が「30代」" in selectors.preview(All((thirties,))).ja
    with pytest.raises(RuleMeaningless):
        services.create("x", Is("age_band", "is", ("35",)), by="alice")
    told = ERASERS["segments"].export(Traces((1,)))  # type: ignore[misc]
    assert any("female" in one.values() and 30 in one.values() for one in told)


@pytest.mark.django_db
def test_nobody_has_the_same_columns_as_somebody(home: object) -> None:
    nobody = people.traits(warehouse(), "Asia/Tokyo")
    add_person(1)

    assert nobody.schema.names == people.traits(warehouse(), "Asia/Tokyo").schema.names
