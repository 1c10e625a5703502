"""Letters and messages that were kept lie sealed, follow another key, and go with the person."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from joren.act.messages import models, selectors, services
from joren.act.messages.channels.post.channel import Post
from joren.act.messages.channels.sandbox.channel import Sandbox
from joren.act.messages.contracts import Message, Outcome, Sender
from joren.act.messages.opening import Opened, closed, opened
from joren.collect.customers import selectors as people
from joren.collect.customers.contracts import WrongKey
from joren.collect.customers.services import rotate_keys
from joren.core import clock
from joren.core.erasing import ERASERS, Traces

pytestmark = pytest.mark.django_db

SECRETS = ("hanako@example.jp", "山田", "青い部屋", "unsubscribe/xyz")


def a_message(**more: Any) -> Message:
    said: dict[str, Any] = {
        "to": "hanako@example.jp", "sender": Sender("常連堂", "shop@example.jp"),
        "subject": "山田様へ", "text": "青い部屋のお知らせ", "html": "<p>青い部屋</p>", "about": 7,
        "headers": {"List-Unsubscribe": "<https://shop.example.jp/unsubscribe/xyz>"},
    }  # fmt: skip
    return Message(**(said | more))


def rows() -> str:
    """What a copy of the database tells of both."""
    told = [*models.KeptBack.objects.values(), *models.Letter.objects.values()]
    return json.dumps(told, ensure_ascii=False, default=str)


@pytest.fixture
def kept(home: Path) -> None:
    assert Sandbox().send(a_message(), key="1").state == "accepted"
    assert Post().send(a_message(to="山田 花子", html=None), key="1").state == "accepted"


def test_a_copy_of_the_database_says_neither_whom_nor_what(kept: None) -> None:
    told = rows()

    assert not any(secret in told for secret in SECRETS)
    (one,) = selectors.kept_back()
    assert (one.to, one.subject, one.text) == (
        "hanako@example.jp", "山田様へ", "青い部屋のお知らせ",
    )  # fmt: skip
    assert one.html == "<p>青い部屋</p>"
    assert "unsubscribe/xyz" in one.headers["List-Unsubscribe"]
    (letter,) = services.print_letters(by="alice")
    assert (letter.recipient, letter.text) == ("山田 花子", "青い部屋のお知らせ")


def test_a_repeat_is_one_row_still(kept: None) -> None:
    assert Sandbox().send(a_message(), key="1").state == "accepted"
    assert Post().send(a_message(to="山田 花子"), key="1") == Outcome(
        "accepted", models.Letter.objects.get().key
    )
    assert (models.KeptBack.objects.count(), models.Letter.objects.count()) == (1, 1)


def test_a_seal_opens_in_its_own_row_alone(kept: None) -> None:
    Sandbox().send(a_message(subject="他の人へ"), key="2")
    first, second = models.KeptBack.objects.order_by("pk")
    models.KeptBack.objects.filter(pk=first.pk).update(sealed=second.sealed)

    with pytest.raises(WrongKey):
        selectors.kept_back()


def test_another_key_seals_them_anew_and_the_old_one_may_go(
    kept: None, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(models.KeptBack.objects.values_list("sealed", flat=True))
    file = home / "personal-keys"
    file.write_text(f"{configured.JOREN_PERSONAL_KEYS}\n")
    monkeypatch.setattr(configured, "JOREN_PERSONAL_KEYS", "")

    rotate_keys(by="alice")  # all lies under the first key: a second is made
    newest = file.read_text().splitlines()[0]

    assert people.sealed_under()[newest.partition(":")[0]] >= 2
    file.write_text(f"{newest}\n")

    assert selectors.kept_back()[0].subject == "山田様へ"
    assert services.print_letters(by="alice")[0].text == "青い部屋のお知らせ"
    assert not before & set(models.KeptBack.objects.values_list("sealed", flat=True))


def test_rows_of_before_are_read_and_sealed_by_the_next_sweep(home: Path) -> None:
    now = clock.now()
    models.Letter.objects.create(key="l", at=now, customer_id=7, recipient="山田 花子",
                                 subject="山田様へ", text="青い部屋")  # fmt: skip
    models.KeptBack.objects.create(
        key="k", at=now, customer_id=7, recipient="hanako@example.jp", sender="shop",
        subject="山田様へ", text="青い部屋", html=None, headers={"X": "unsubscribe/xyz"},
    )  # fmt: skip
    was = selectors.kept_back()

    services.sweep_letters(now + timedelta(minutes=1))
    services.sweep_letters(now + timedelta(minutes=2))

    assert not any(secret in rows() for secret in SECRETS)
    assert selectors.kept_back() == was
    (letter,) = services.print_letters(by="alice")
    assert (letter.recipient, letter.subject, letter.text) == ("山田 花子", "山田様へ", "青い部屋")


@pytest.mark.parametrize(
    "traces", [Traces((7,)), Traces((99,), emails=frozenset({"hanako@example.jp"}))]
)
def test_whoever_is_erased_takes_theirs_along_and_gets_them_before(
    kept: None, traces: Traces
) -> None:
    eraser = ERASERS["messages"]
    assert eraser.export is not None
    told = json.dumps(eraser.export(traces), ensure_ascii=False, default=str)

    eraser.erase(traces)

    assert "青い部屋のお知らせ" in told
    assert models.KeptBack.objects.count() == 0


def test_the_page_of_what_was_kept_shows_it(kept: None, alice_the_admin: Client) -> None:
    page = alice_the_admin.get("/messages/kept/").content.decode()

    assert "山田様へ" in page


WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            WORDS, WORDS, WORDS, st.none() | WORDS, st.dictionaries(WORDS, WORDS, max_size=3)
        ),
        max_size=4,
    )
)
def test_whatever_they_say_comes_back_as_it_was(told: list[tuple[Any, ...]]) -> None:
    said = [Opened(*one) for one in told]
    keys = [f"row {place}" for place in range(len(said))]

    sealed = closed(keys, said)
    made = [models.KeptBack(key=key, sealed=text) for key, text in zip(keys, sealed, strict=True)]

    assert opened(made) == said
