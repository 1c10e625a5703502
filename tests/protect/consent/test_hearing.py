"""What other systems keep of consents: written down as of when it was said, and never more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from joren.core import clock
from joren.protect.consent import models, selectors, services
from joren.protect.consent.contracts import Heard, Matter, Said
from tests.protect.consent.cast import people

pytestmark = pytest.mark.django_db

NEWS = Matter("email", "marketing")
APRIL = datetime(2026, 4, 1, tzinfo=UTC)


def state(customer: int) -> str:
    (found,) = selectors.standings_of(customer, [NEWS])
    return found.state


def hear(act: str, at: datetime | None = None, proof: str = "shopify customer 7") -> int:
    heard = [Heard(1, "email", act, at, proof)]
    return services.hear(heard, source="shopify", by="webhook:1")


def test_an_older_agreement_does_not_lift_a_refusal_and_a_later_one_does() -> None:
    people(1)
    services.record(
        1, Said("email", "marketing", "withdrawn", "one_click", at=APRIL), by="customer"
    )

    assert hear("granted", APRIL - timedelta(days=1)) == 1
    assert state(1) == "refused"
    hear("granted", APRIL + timedelta(days=1))
    assert state(1) == "granted"


def test_agreement_of_no_day_counts_where_nobody_refused_and_nowhere_else() -> None:
    people(1)
    services.record(
        1, Said("email", "marketing", "withdrawn", "one_click", at=APRIL), by="customer"
    )

    assert hear("granted") == 0
    assert services.hear([Heard(1, "sms", "granted", None)], source="import", by="import:3") == 1
    assert state(1) == "refused"


def test_its_absence_takes_back_an_agreement_and_refuses_nothing_by_itself() -> None:
    people(1)

    assert hear("withdrawn") == 0
    hear("granted", APRIL)
    assert hear("withdrawn") == 1
    assert state(1) == "refused"


def test_the_same_again_is_written_once_and_carries_where_it_came_from() -> None:
    people(1)

    made = [hear("granted", APRIL), hear("granted", APRIL)]

    assert made == [1, 0]
    (entry,) = selectors.entries_of(1)
    assert (entry.at, entry.source, entry.proof, entry.by) == (
        APRIL, "shopify", "shopify customer 7", "webhook:1",
    )  # fmt: skip


def test_a_day_that_is_yet_to_come_is_no_day_and_an_address_is_no_proof() -> None:
    people(1)

    hear("granted", clock.now() + timedelta(days=2), "a@example.com")

    (entry,) = selectors.entries_of(1)
    assert entry.at <= clock.now()
    assert entry.proof == ""


def test_what_is_taken_back_counts_no_longer_and_stays_written() -> None:
    people(1)
    services.hear([Heard(1, "email", "granted", None, "import:3")], source="import", by="import:3")

    done = [services.unsay("import:3", by="import:3"), services.unsay("import:3", by="import:3")]

    assert done == [1, 0]
    assert (state(1), models.Entry.objects.count()) == ("unasked", 2)
