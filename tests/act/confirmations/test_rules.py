"""How many mails one address gets, and in which language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from joren.act.confirmations import rules

NOW = datetime(2026, 11, 29, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("proof", "ours", "language"),
    [
        ("registration:12", True, "ja"),
        ("registration:12:en", True, "en"),
        ("form:spring:v2:B:7:en", True, "en"),
        ("form:en", True, "en"),
        ("shopify:33", False, "ja"),
        ("", False, "ja"),
    ],
)
def test_a_proof_says_who_asked_and_in_which_language(
    proof: str, ours: bool, language: str
) -> None:
    assert rules.is_ours(proof) is ours
    assert rules.language_of(proof) == language


@pytest.mark.parametrize(
    ("ago", "of_this", "why"),
    [
        ([], 0, ""),
        ([timedelta(minutes=1)], 1, "too_soon"),
        ([timedelta(minutes=3)], 1, ""),
        ([timedelta(hours=one) for one in (1, 2, 3)], 1, "too_many"),
        ([timedelta(hours=one) for one in (1, 2, 25)], 1, ""),
        ([timedelta(days=one) for one in (2, 3, 4)], 5, "too_many"),
    ],
)
def test_an_address_gets_few_mails(ago: list[timedelta], of_this: int, why: str) -> None:
    assert rules.why_not([NOW - one for one in ago], of_this, now=NOW) == why


def test_each_language_has_the_link_and_the_words_agreed_to() -> None:
    for said in map(rules.words_in, rules.LANGUAGES):
        body = "".join(said.blocks)
        assert "shop.name" in said.subject
        assert body.count("{{ confirm_url }}") == 1
        assert "{{ confirm_words }}" in body
