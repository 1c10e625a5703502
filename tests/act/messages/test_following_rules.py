"""Links of our own: signed, for what is the same for everybody, and scanners told apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.act.messages.contracts import Link
from joren.act.messages.rules import clicks, tracking

KEY, OLDER = b"key", b"older"
AT = datetime(2026, 11, 28, 3, tzinfo=UTC)


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**40))
def test_a_token_says_its_row_and_place_under_its_key_alone(send: int, link: int) -> None:
    made = tracking.token(KEY, send, tracking.base36(link))

    assert tracking.read([OLDER, KEY], made) == (send, tracking.base36(link))
    assert tracking.read([OLDER], made) is None
    assert len(made) <= 13 + 13 + 16 + 2


@pytest.mark.parametrize(
    "forged", ["", "1-1", "1-1-AAAAAAAAAAAAAAAA", "https://evil.example", "1-2-%s"]
)
def test_what_we_did_not_sign_leads_nowhere(forged: str) -> None:
    signature = tracking.token(KEY, 1, "1").rpartition("-")[2]

    assert tracking.read([KEY], forged.replace("%s", signature)) is None


def test_only_what_is_the_same_for_everybody_is_followed() -> None:
    source = (
        '<a href="https://s.example/a?x=1&amp;y=2">A</a> <a href="https://s.example/p/{{ p }}">'
    )
    found = tracking.followed(
        [
            Link("https://s.example/a?x=1&y=2", "https://s.example/a?x=1&y=2&utm_source=j"),
            Link("https://s.example/p/7", "https://s.example/p/7"),
            Link("https://s.example/p/", "https://s.example/p/"),
            Link("https://joren.example/consent/x/", "https://joren.example/consent/x/"),
            Link("mailto:a@s.example", "mailto:a@s.example"),
        ],
        source,
        ours="https://joren.example",
    )

    assert found == ["https://s.example/a?x=1&y=2&utm_source=j"]


def test_links_are_exchanged_and_the_rest_stands() -> None:
    own = {"https://s.example/a?x=1&y=2": "https://j.example/heard/c/t/"}
    html = '<body class="b"><a href="https://s.example/a?x=1&amp;y=2">A</a></body>'

    found = tracking.dressed(
        tracking.in_html(html, own), hidden="https://j.example/h", pixel="https://j.example/o"
    )

    assert 'href="https://j.example/heard/c/t/"' in found
    assert found.startswith('<body class="b"><a href="https://j.example/h" style="display:none"')
    assert found.endswith('height="1" alt=""></body>')
    assert tracking.in_text("見る：https://s.example/a?x=1&y=2 。", own) == (
        "見る：https://j.example/heard/c/t/ 。"
    )


def test_a_click_within_seconds_of_leaving_is_a_scanner_s() -> None:
    early = clicks.Click(1, AT + timedelta(seconds=2), "a")
    late = clicks.Click(2, AT + timedelta(minutes=2), "a")

    assert clicks.scanners([early, late], sent_at=AT) == {1}
    assert clicks.scanners([early, late]) == frozenset()
    # Its leaving is noted with the whole portion: who clicked before that is no scanner by that.
    assert clicks.scanners([early, late], sent_at=AT + timedelta(seconds=30)) == frozenset()
    assert clicks.scanners([late, clicks.Click(3, AT, clicks.HIDDEN)], sent_at=AT) == {2, 3}
