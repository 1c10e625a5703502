"""What a form may say, who sees which variant, and what an answer becomes."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.act.forms import rules
from joren.act.forms.contracts import Answers, BadForm, BadSignup, Content, Variant

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)
THREE = Content(
    (Variant("A", "plain", 2, "News", plain=True), Variant("B", "story", 1, "I"),
     Variant("C", "product", 1, "New")),
    {"name": "may", "choice": "must"}, "Which roast?", ("dark", "light"),
)  # fmt: skip


def document(**other: Any) -> dict[str, Any]:
    return {**rules.plain(THREE), **other}


@pytest.mark.parametrize("ready", rules.READY_MADE, ids=lambda one: one.key)
def test_what_is_ready_made_can_be_read_and_has_a_control(ready: rules.ReadyForm) -> None:
    for language in ("ja", "en"):
        content = ready.content(language)

        assert rules.read(rules.plain(content)) == content
        assert content.control.plain
        assert content.control.body == ""


@pytest.mark.parametrize(
    ("other", "named"),
    [
        ({"variants": []}, "no variant"),
        ({"variants": [{"key": "A", "title": ""}]}, "no heading"),
        ({"variants": [{"key": "ab", "title": "x"}]}, "key is 'ab'"),
        ({"variants": [{"key": "A", "title": "x"}, {"key": "A", "title": "y"}]}, "two variants"),
        ({"variants": [{"key": "A", "title": "x", "share": 0}]}, "shares are 0"),
        ({"asks": {"phone": "may"}}, "no 'phone'"),
        ({"options": ["one"]}, "1 answers"),
        ({"hosts": ["shop.example/page"]}, "no host"),
        ({"hosts": ["https://*"]}, "no host"),
        ({"language": "fr"}, "language is 'fr'"),
        ({"colour": "red"}, "no 'colour'"),
    ],
)
def test_what_cannot_be_is_refused_by_its_place(other: dict[str, Any], named: str) -> None:
    with pytest.raises(BadForm, match=named):
        rules.read(document(**other))


def test_shares_are_kept_and_a_visitor_stays_where_they_are() -> None:
    visitors = [f"{number:032x}" for number in range(8_000)]

    seen = [rules.variant_for(THREE, salt="s:1", visitor=one).key for one in visitors]

    counted = Counter(seen)
    assert counted["A"] / 8_000 == pytest.approx(0.5, abs=0.03)
    assert counted["B"] / 8_000 == pytest.approx(0.25, abs=0.03)
    assert seen == [rules.variant_for(THREE, salt="s:1", visitor=one).key for one in visitors]
    other = [rules.variant_for(THREE, salt="s:2", visitor=one).key for one in visitors]
    assert seen != other  # another round draws anew


def test_who_is_not_followed_sees_the_control() -> None:
    assert rules.variant_for(THREE, salt="s", visitor="").key == "A"


@pytest.mark.parametrize(
    ("agent", "machine"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1", False),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", True),
        ("curl/8.5.0", True),
        ("", True),
    ],
)
def test_machines_that_say_so_are_no_visitors(agent: str, machine: bool) -> None:
    assert rules.is_machine(agent) is machine


def test_a_text_becomes_paragraphs_and_lists() -> None:
    text = "はじめに\n二行目\n\n- 一つ目\n・二つ目\n\nおわり"

    assert rules.blocks_of(text) == [
        ("text", ["はじめに", "二行目"]), ("list", ["一つ目", "二つ目"]), ("text", ["おわり"]),
    ]  # fmt: skip


@given(st.text(max_size=300))
def test_no_word_of_a_text_is_lost(text: str) -> None:
    found = "".join(word for _, words in rules.blocks_of(text) for word in words)

    assert set(found) <= set(text)


@pytest.mark.parametrize(
    ("said", "named"),
    [
        (Answers("nobody", choice="dark", agrees=True), "e-mail"),
        (Answers("a@b.example", choice="dark"), "agree"),
        (Answers("a@b.example", agrees=True), "choice is missing"),
        (Answers("a@b.example", choice="blue", agrees=True), "none of the answers"),
        (Answers("a@b.example\nBcc: x@y.example", choice="dark", agrees=True), "e-mail"),
    ],
)
def test_what_is_not_enough_is_refused(said: Answers, named: str) -> None:
    with pytest.raises(BadSignup, match=named):
        rules.answered(THREE, said)


def test_an_answer_is_tidied_and_what_was_not_asked_is_left_out() -> None:
    said = Answers(" Ｈanako@Example.com ", "山田　 花子", "ヤマダ", 3, "dark", True)

    found = rules.answered(THREE, said)

    assert found == Answers("hanako@example.com", "山田 花子", "", None, "dark", True)


def test_the_fact_holds_no_name_and_its_person_is_introduced_apart() -> None:
    said = Answers("a@b.example", "山田", choice="dark", agrees=True)

    fact, new = rules.messages(said, {"list_id": "spring", "variant": "B"}, key="k", at=NOW)

    assert fact[0]["properties"] == {"list_id": "spring", "variant": "B", "choice": "dark"}
    assert "山田" not in str(fact)
    assert new[0]["traits"]["name"] == "山田"
    assert {one["messageId"] for one in (*fact, *new)} == {"k", "k:person"}


def test_other_variants_are_another_comparison_and_other_thanks_are_not() -> None:
    thanks = rules.read(document(thanks="x", hosts=["https://shop.example"]))
    text = rules.read(document(variants=[{"key": "A", "title": "Other"}]))

    assert not rules.differs(THREE, thanks)
    assert rules.differs(THREE, text)
