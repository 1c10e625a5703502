"""What mail servers write of mails that they could not deliver, read without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from joren.act.messages.rules.notices import notice
from joren.act.messages.rules.returning import return_path, rows_in
from tests.act.messages.cast_notices import NOON, dsn, plain

NUMBER = f"<{'0123456789abcdef' * 2}@shop.example>"
COPY = f"\n--- Below this line is a copy of the message.\n\nMessage-ID: {NUMBER}\n550 5.7.1 no\n"


@pytest.mark.parametrize(
    ("status", "diagnosis", "reason"),
    [
        ("5.1.1", "smtp; 550 5.1.1 User unknown", "invalid"),
        ("5.0.0", "smtp; 550 Unknown user c1@docomo.ne.jp", "invalid"),
        ("5.1.2", "smtp; Host not found", "invalid"),
        ("5.4.4", "smtp; Host or domain name not found", "invalid"),
        ("5.2.1", "smtp; 550 5.2.1 The mailbox is disabled", "invalid"),
        ("5.4.1", "smtp; 550 5.4.1 Recipient address rejected: user not found", "invalid"),
        ("5.2.2", "smtp; 552 5.2.2 Over quota", "other"),
        ("5.0.0", "smtp; 554 Transaction failed", "other"),
        ("5.3.4", "smtp; 552 message too large", "other"),
        ("5.7.1", "smtp; 550 5.7.1 Our system has detected unsolicited mail", "blocked"),
        ("5.0.0", "smtp; 550 blocked by policy", "blocked"),
        ("4.4.1", "smtp; connection timed out", "timed_out"),
    ],
)
def test_a_final_answer_is_about_the_address_or_about_something_else(
    status: str, diagnosis: str, reason: str
) -> None:
    found = notice(dsn(status, diagnosis=diagnosis, number=NUMBER))

    assert (found.kind, found.reason, found.at) == ("bounced", reason, NOON)
    assert (found.numbers, found.recipient) == ((NUMBER,), "c1@shop.example")


def test_what_is_late_or_has_arrived_is_no_bounce() -> None:
    assert notice(dsn("4.4.1", action="delayed")).kind == "deferred"
    assert notice(dsn("2.0.0", action="delivered")).kind == "delivered"
    assert notice(dsn("2.0.0", action="relayed")).kind == "delivered"
    assert notice(dsn("5.1.1", action="")).kind == "bounced"


@pytest.mark.parametrize(
    ("text", "charset", "reason"),
    [
        ("<c1@shop.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n", "utf-8", "invalid"),
        ("host mx.example said: 550 5.1.1 unknown\n", "utf-8", "invalid"),
        ("host mx.example said: 451 Try later\n", "utf-8", "timed_out"),
        ("host mx.example said: 550 5.7.1 rejected\n", "utf-8", "blocked"),
        ("次の宛先は存在しません。\n", "iso-2022-jp", "invalid"),
        ("宛先のメールアドレスが見つかりません。\n", "shift_jis", "invalid"),
    ],
)
def test_prose_is_read_where_it_names_a_code_or_nobody(
    text: str, charset: str, reason: str
) -> None:
    found = notice(plain(text + COPY, charset=charset))

    assert (found.kind, found.reason, found.numbers) == ("bounced", reason, (NUMBER,))


@pytest.mark.parametrize(
    "text",
    ["配送できませんでした。\n", "Exim 4.94.2 could not deliver your mail of 550 MB.\n", ""],
)
def test_prose_that_names_neither_is_not_guessed_at(text: str) -> None:
    assert notice(plain(text + COPY)).kind == ""


def test_an_answer_of_a_program_is_no_notice_and_a_letter_is_not_one_either() -> None:
    away = plain("550 days away", sender="a@b.example", more="Auto-Submitted: auto-replied\r\n")
    letter = plain("届いていません。user unknown?", sender="hana@b.example")

    assert notice(away).kind == "automatic"
    assert notice(letter).kind == ""
    assert "届いて" in notice(letter).said


@pytest.mark.parametrize(
    "text",
    [
        "I am away. In urgent cases call 052-551-1234.",
        "お急ぎの方は 03-550-1234 までお電話ください。",
        "My old account is disabled; write to new@shop.example.",
    ],
)
def test_an_answer_that_leaves_for_nobody_is_no_notice_either(text: str) -> None:
    head = "Return-Path: <>\nFrom: c1@shop.example\nAuto-Submitted: auto-replied\n"
    said = notice(f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}\n".encode())

    assert (said.kind, said.reason) == ("automatic", "")


def test_a_number_to_call_is_no_reply_of_a_server() -> None:
    head = "Return-Path: <>\nFrom: c1@shop.example\n\n"
    assert notice(f"{head}Call 052-551-1234 or 03-550-1234.\n".encode()).kind == ""
    assert notice(f"{head}550-5.1.1 User unknown\n".encode()).kind == "bounced"


def test_a_mail_of_empty_lines_is_read_at_once() -> None:
    assert notice(b"From: mailer-daemon@mx.example\n\n" + b"\n" * 1_000_000).kind == ""


def test_a_day_beyond_all_calendars_is_none() -> None:
    head = "From: mailer-daemon@mx.example\nDate: Fri, 31 Dec 9999 23:59:59 -1200\n\n"
    assert notice(f"{head}550 5.1.1 no\n".encode()).at is None


def test_a_copy_on_another_way_is_the_same_notice() -> None:
    once = dsn(number=NUMBER)

    assert notice(once).key == notice(b"From x Sat Nov 28\nReceived: by b\n" + once).key
    assert notice(once).key != notice(dsn(number=NUMBER, own="dsn-2")).key


@given(st.binary(max_size=400))
def test_nothing_that_comes_breaks_the_reader(raw: bytes) -> None:
    assert notice(raw).kind in ("", "automatic", "bounced", "deferred", "delivered")
    notice(dsn().replace(b"dns; mx.example", raw))
    notice(dsn().replace(b"Undelivered", b"=?x?b?" + raw))


@given(
    st.integers(0, 2**63 - 1), st.sampled_from(["bounces+*@m.example", "*@m.example", "b-*-x@m.jp"])
)
def test_a_return_path_names_its_row_whatever_servers_do_to_its_letters(
    send: int, pattern: str
) -> None:
    path = return_path(b"key", pattern, send)

    assert rows_in([b"other", b"key"], f"To: <{path.upper()}>, {path}") == [send]
    assert rows_in([b"other"], path) == []
    assert rows_in([b"key"], path.replace("-", "-a", 1)) == []
    assert len(path.partition("@")[0]) <= 64
