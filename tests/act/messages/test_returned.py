"""Notices at the return path: whose message it was, and about the address that it left for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from joren.act.messages import models, selectors, services
from joren.act.messages.contracts import BadNotice, NoSuchNotice
from joren.act.messages.services.erasing import ERASER
from joren.collect.customers import selectors as people
from joren.collect.customers.services import rotate_keys
from joren.core import clock
from joren.core.erasing import Traces
from joren.protect.audit.models import Entry
from tests.act.messages.cast import has_now
from tests.act.messages.cast_notices import NOON, dsn, plain
from tests.act.messages.delivering.ledger import an_errand, waiting, willing

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=2)
OLD, NEW = "c1@shop.example", "new@shop.example"


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setattr(clock, "now", lambda: LATER)
    settings.JOREN_RETURN_PATH = "bounces+*@mail.shop.example"


def number(place: int) -> str:
    return f"<{place:032x}@shop.example>"


def left(*addresses: str, customer: int = 1) -> list[int]:
    """A message to each address that somebody had one after the other."""
    tokens = people.mailbox_tokens(addresses)
    errand = an_errand(name=f"新着{customer}{len(addresses)}")
    sent = []
    for place, token in enumerate(tokens, 1):
        sent += waiting(
            errand, [customer], state="sent", sent_at=NOON, next_at=None, occurrence=place,
            address=token, provider_id=number(place),
        )  # fmt: skip
    return sent


def take(*raws: bytes) -> list[str]:
    took = [services.take_returned(raw).took for raw in raws]
    while services.read_returned() + services.read_heard():
        pass
    return took


def stopped() -> list[tuple[int, str, str, datetime, datetime | None]]:
    columns = ("customer_id", "reason", "mailbox", "since", "until")
    return sorted(models.Suppression.objects.values_list(*columns), key=str)


def why_not(customer: int) -> str:
    found = selectors.standing_now([customer], channel="email", transactional=False, now=LATER)
    return found[customer].why_not


def test_a_signed_return_path_or_our_message_id_says_which_message_it_was() -> None:
    willing([1, 2])
    (one,) = left(OLD)
    (two,) = left("c2@shop.example", customer=2)
    models.Send.objects.filter(pk=two).update(provider_id=number(9))

    took = take(
        dsn(to=selectors.return_path(one).upper()),
        dsn(number=number(9), own="dsn-2"),
        dsn(to="bounces+1-aaaaaaaaaaaaaaaa@mail.shop.example", own="dsn-3"),
    )

    assert took == ["heard", "heard", "unknown"]
    assert [row[:2] for row in stopped()] == [(1, "hard_bounce"), (2, "hard_bounce")]
    assert {row[3] for row in stopped()} == {NOON}
    told = models.Feedback.objects.values_list("provider", "number", "state")
    assert sorted(told) == [("return-path", f"{pk}", "done") for pk in sorted((one, two))]


def test_a_bounce_is_about_the_address_that_the_message_left_for() -> None:
    willing([1])
    old, new = left(OLD, NEW)
    has_now(1, NEW)

    take(dsn(to=selectors.return_path(old)))
    assert why_not(1) == ""
    assert selectors.suppressed().items == ()
    has_now(1, OLD.upper())
    assert why_not(1) == "suppressed:hard_bounce"
    has_now(1, NEW)
    take(dsn(to=selectors.return_path(new), own="dsn-2"))

    assert why_not(1) == "suppressed:hard_bounce"
    has_now(1, "third@shop.example")
    assert why_not(1) == ""
    assert len(stopped()) == 2


def test_soft_bounces_of_another_address_are_not_counted_together() -> None:
    willing([1])
    old, new = left(OLD, NEW)
    has_now(1, NEW)

    def soft(send: int, day: int) -> bytes:
        at = NOON - timedelta(days=day)
        return dsn("4.4.1", to=selectors.return_path(send), at=at, own=f"{send}-{day}")

    take(soft(old, 1), soft(old, 2), soft(new, 1), soft(new, 2))
    assert stopped() == []
    take(soft(old, 3))
    assert why_not(1) == ""
    take(soft(new, 3))
    assert why_not(1) == "suppressed:soft_bounce"


def test_the_address_is_noted_when_a_message_leaves() -> None:
    (token, other) = people.mailbox_tokens([OLD.upper(), NEW])

    assert token == people.mailbox_tokens([OLD])[0] != other
    assert len(token) <= 24


def test_a_message_of_before_is_about_the_address_of_now() -> None:
    willing([1])
    (one,) = left(OLD)
    models.Send.objects.filter(pk=one).update(address="")

    take(dsn(to=selectors.return_path(one)))

    assert why_not(1) == "suppressed:hard_bounce"


def test_a_notice_that_is_faster_than_our_own_note_waits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    willing([1])
    (one,) = left(OLD)
    models.Send.objects.filter(pk=one).update(provider_id="", state="unknown")
    raw, lost = dsn(number=number(5)), dsn(number=number(6), own="dsn-2")

    assert take(raw, lost) == ["waits", "waits"]
    models.Send.objects.filter(pk=one).update(provider_id=number(5))
    take()

    assert why_not(1) == "suppressed:hard_bounce"
    assert models.Send.objects.get(pk=one).state == "sent"
    assert selectors.returned_count() == 0
    monkeypatch.setattr(clock, "now", lambda: LATER + timedelta(minutes=6))
    take()
    assert selectors.returned_count() == 1


def test_what_nobody_recognises_is_kept_sealed_until_somebody_looked_at_it() -> None:
    willing([1])
    (one,) = left(OLD)
    raw = plain("配送できませんでした。\n", to=selectors.return_path(one))

    assert take(raw, raw) == ["unknown", "unknown"]

    (found,) = selectors.returned().items
    assert (found.customer, found.kind, found.subject) == (1, "", "failure notice")
    assert "配送できません" in found.said
    assert "配送" not in str(vars(models.Returned.objects.get()))
    services.settle_returned(found.id, by="alice")
    assert take(raw) == ["unknown"]
    assert selectors.returned().items == ()
    assert Entry.objects.filter(action="messages.notice_settled").count() == 1
    with pytest.raises(NoSuchNotice):
        services.settle_returned(found.id, by="alice")


def test_another_key_seals_what_was_kept_of_them_anew(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    willing([1])
    (one,) = left(OLD)
    take(plain("配送できませんでした。\n", to=selectors.return_path(one)))
    before, file = models.Returned.objects.get().sealed, home / "personal-keys"
    file.write_text(f"{configured.JOREN_PERSONAL_KEYS}\n")
    monkeypatch.setattr(configured, "JOREN_PERSONAL_KEYS", "")

    rotate_keys(by="alice")
    file.write_text(f"{file.read_text().splitlines()[0]}\n")

    assert "配送できません" in selectors.returned().items[0].said
    assert models.Returned.objects.get().sealed != before


def test_they_come_in_slices_the_newest_first() -> None:
    take(*(plain("?", own=f"plain-{n}") for n in range(5)))

    first = selectors.returned(limit=3)
    rest = selectors.returned(limit=3, after=first.next)

    numbers = [one.id for one in (*first.items, *rest.items)]
    assert (len(first.items), len(rest.items), rest.next) == (3, 2, "")
    assert numbers == sorted(numbers, reverse=True)


def test_answers_of_programs_and_words_about_the_erased_are_not_kept() -> None:
    willing([1])
    (one,) = left(OLD)
    path = selectors.return_path(one)
    away = plain("しばらく不在です", sender="a@b.example", more="Auto-Submitted: auto-replied\r\n")
    take(plain("?", to=path), plain(f"X-Failed: {OLD}", own="p-2", more="X-Failed-Recipients: "
                                    f"{OLD}\r\n"))  # fmt: skip
    assert models.Returned.objects.count() == 2

    ERASER.erase(Traces(customers=(1,), emails=frozenset((OLD,))))

    assert models.Returned.objects.count() == 0
    assert take(away, dsn(to=path)) == ["ignored", "ignored"]
    assert models.Returned.objects.count() == 0


def test_what_is_no_mail_is_refused_and_what_is_old_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong in (b"", b" \r\n", b"x" * (10 * 2**20 + 1)):
        with pytest.raises(BadNotice):
            services.take_returned(wrong)
    take(plain("?"))

    monkeypatch.setattr(clock, "now", lambda: LATER + timedelta(days=91))

    assert services.sweep_returned() == 1


moments = st.integers(-20, 0).map(lambda day: NOON + timedelta(days=day))
words = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from(["5.1.1", "4.4.1", "5.2.2", "5.7.1"]), moments),
    min_size=1, max_size=8, unique=True,
)  # fmt: skip


def test_in_any_order_and_however_often_the_same_comes_of_them() -> None:
    willing([1])
    left(OLD, NEW)
    has_now(1, NEW)
    models.Send.objects.update(state="unknown")

    def state(order: list[bytes], *, apart: bool) -> object:
        with undone():
            for raws in [[one] for one in order] if apart else [order]:
                take(*raws)
            return stopped(), sorted(models.Send.objects.values_list("occurrence", "state"))

    @given(words, st.data())
    def holds(told: list[tuple[int, str, datetime]], data: st.DataObject) -> None:
        raws = [notice_of(*one) for one in told]
        twice = data.draw(st.permutations([*raws, *raws[: len(raws) // 2]]))

        assert state(twice, apart=True) == state(raws, apart=False) == state(raws[::-1], apart=True)

    holds()


def notice_of(place: int, status: str, at: datetime) -> bytes:
    own = f"{place}-{status}-{at:%d}"
    return dsn(status, number=number(place + 1), at=at, own=own, diagnosis="smtp; no")


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
