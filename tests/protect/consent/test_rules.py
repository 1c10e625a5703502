"""What the ledger says: a refusal stands until the person agrees again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.core.ids import CustomerId
from joren.protect.consent import rules
from joren.protect.consent.contracts import BadConsent, Entry, Matter, NotRelied, Said

NEWS = Matter("email", "marketing")
DAY = datetime(2026, 4, 1, tzinfo=UTC)


def entry(number: int, act: str, day: int, **more: object) -> Entry:
    named = {"channel": "email", "purpose": "marketing", **more}
    at = DAY + timedelta(days=day)
    return Entry(  # type: ignore[arg-type]
        number, CustomerId(1), act=act, source="form", at=at, recorded_at=at, by="test", **named
    )


def state(*entries: Entry, relies_on: tuple[str, ...] = ()) -> str:
    return rules.standing(entries, NEWS, relies_on=relies_on).state


def test_nobody_who_was_not_asked_has_agreed() -> None:
    assert state() == "unasked"
    assert state(entry(1, "granted", 0, channel="line")) == "unasked"


def test_a_refusal_stands_when_an_older_consent_is_found_later() -> None:
    assert state(entry(1, "withdrawn", 5), entry(2, "granted", 3)) == "refused"
    assert state(entry(1, "withdrawn", 5), entry(2, "granted", 5)) == "refused"
    assert state(entry(1, "withdrawn", 5), entry(2, "granted", 6)) == "granted"


def test_a_clock_that_is_ahead_makes_no_refusal_void() -> None:
    ahead = replace(entry(1, "granted", 6), recorded_at=DAY + timedelta(days=4))

    assert state(ahead, entry(2, "withdrawn", 5)) == "refused"
    assert state(ahead, entry(2, "withdrawn", 3)) == "granted"


def test_a_refusal_of_everything_is_one_of_each() -> None:
    everything = entry(2, "withdrawn", 5, channel="*", purpose="*")

    assert state(entry(1, "granted", 1), everything) == "refused"
    assert state(everything, entry(3, "granted", 6)) == "granted"


def test_an_exception_counts_while_the_shop_relies_on_it_and_never_after_a_refusal() -> None:
    bought = entry(1, "relied", 2, basis="existing_transaction")

    assert state(bought) == "unasked"
    assert state(bought, relies_on=("existing_transaction",)) == "relied"
    assert state(bought, entry(2, "withdrawn", 1), relies_on=("existing_transaction",)) == "refused"


def test_who_was_asked_has_not_agreed_until_they_confirm() -> None:
    assert state(entry(1, "requested", 1)) == "pending"
    assert state(entry(1, "requested", 1), entry(2, "granted", 2)) == "granted"


def test_what_was_undone_does_not_count() -> None:
    said = (entry(1, "granted", 1), entry(2, "withdrawn", 2), entry(3, "undone", 3, undoes=2))

    assert state(*said) == "granted"


acts = st.sampled_from(["requested", "granted", "relied", "withdrawn"])


@given(st.lists(st.tuples(acts, st.integers(0, 5)), max_size=8), st.randoms())
def test_the_order_of_recording_decides_nothing(
    said: list[tuple[str, int]], chance: object
) -> None:
    entries = [entry(number, act, day) for number, (act, day) in enumerate(said)]
    mixed = list(entries)
    chance.shuffle(mixed)  # type: ignore[attr-defined]

    assert rules.standing(mixed, NEWS, relies_on=()) == rules.standing(entries, NEWS, relies_on=())


@given(st.lists(st.tuples(acts, st.integers(0, 5)), max_size=8))
def test_after_a_last_refusal_nothing_may_be_sent(said: list[tuple[str, int]]) -> None:
    entries = [entry(number, act, day) for number, (act, day) in enumerate(said)]
    last = entry(99, "withdrawn", 5)

    assert not rules.standing([*entries, last], NEWS, relies_on=("",)).may


@pytest.mark.parametrize(
    "said",
    [
        Said("email", "transactional", "granted", "form"),
        Said("pigeon", "marketing", "granted", "form"),
        Said("*", "*", "granted", "form"),
        Said("email", "marketing", "granted", "form", proof="carol@example.com"),
        Said("email", "marketing", "granted", "form", reason="rang from 090-1234-5678"),
        Said("email", "marketing", "granted", "form", at=DAY + timedelta(days=2)),
        Said("email", "marketing", "granted", "form", at=datetime(2026, 4, 1)),  # noqa: DTZ001 (that it has no zone is what is refused)
        Said("email", "marketing", "granted", "form", basis="address_given"),
    ],
)
def test_what_cannot_stand_in_the_ledger_is_refused(said: Said) -> None:
    with pytest.raises(BadConsent):
        rules.check(said, now=DAY, relies_on=())


def test_an_exception_is_written_down_only_by_a_shop_that_relies_on_it() -> None:
    said = Said("email", "marketing", "relied", "api", basis="existing_transaction")

    with pytest.raises(NotRelied):
        rules.check(said, now=DAY, relies_on=())
    rules.check(said, now=DAY, relies_on=("existing_transaction",))


def test_numbers_of_forms_and_messages_are_proofs() -> None:
    for proof in ("form-2026-04-01-0001", "20260401123456", "ip:5f4dcc3b5aa765d61d8327deb882cf99"):
        rules.check(
            Said("email", "marketing", "granted", "form", proof=proof), now=DAY, relies_on=()
        )
