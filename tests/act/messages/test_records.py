"""What is wrong with a domain's records; and a signature that another library finds right."""

from __future__ import annotations

import base64
from dataclasses import replace

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from joren.act.messages.channels.email.composing import composed
from joren.act.messages.channels.email.signing import signed
from joren.act.messages.conformance import MESSAGE
from joren.act.messages.contracts import DkimKey
from joren.act.messages.rules.records import of_dkim, of_dmarc, of_spf

PRIVATE = rsa.generate_private_key(65537, 2048)
PUBLIC = base64.b64encode(
    PRIVATE.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
).decode()
RECORD = f"v=DKIM1; k=rsa; p={PUBLIC}"
KEY = DkimKey(
    "joren",
    "shop.example",
    PRIVATE.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode(),
)

SENDER = MESSAGE.sender.email


def is_right(mail: bytes) -> bool:
    return bool(dkim.verify(mail, dnsfunc=lambda *_args, **_more: RECORD.encode()))


def test_a_signature_holds_until_anything_that_it_is_of_changes() -> None:
    mail = signed(composed(MESSAGE, "<1@shop.example>", MESSAGE.to), KEY, MESSAGE.sender.email)

    assert is_right(mail)
    for before, after in (
        (b"List-Unsubscribe-Post: List", b"List-Unsubscribe-Post: Lost"),
        (b"<https://shop.example/u/x>", b"<https://shop.example/u/y>"),
        (b"Subject: ", b"Subject: Re"),
    ):
        assert before in mail
        assert not is_right(mail.replace(before, after))
    assert not is_right(mail.replace(b"From: ", b"List-Unsubscribe: <https://x>\r\nFrom: ", 1))


@given(
    subject=st.text("a 　あ\t:;=", max_size=120),
    text=st.text("a \t\n.あ", max_size=200),
    html=st.none() | st.text("<p> \n&あ", max_size=60),
)
@settings(max_examples=40, deadline=None)
def test_every_mail_is_signed_so_that_others_find_it_good(
    subject: str, text: str, html: str | None
) -> None:
    message = replace(MESSAGE, subject=subject, text=text, html=html)

    assert is_right(signed(composed(message, "<1@shop.example>", message.to), KEY, SENDER))


def test_a_mail_of_another_domain_is_not_signed() -> None:
    other = replace(MESSAGE, sender=replace(MESSAGE.sender, email="hello@other.example"))
    mail = composed(other, "<1@other.example>", MESSAGE.to)

    assert signed(mail, KEY, other.sender.email) == mail


@pytest.mark.parametrize(
    ("text", "graves", "words"),
    [
        ("v=spf1 include:_spf.example.net -all", 0, ""),
        ("", 1, "no record"),
        ("spf1 -all", 1, "begins with"),
        ("v=spf1 +all", 1, "everybody"),
        ("v=spf1 mx", 0, "nothing of others"),
        ("v=spf1 " + "include:a.example " * 11 + "~all", 1, "11 terms"),
        ("v=spf1 mx -all v=spf1 a -all", 1, "two records"),
    ],
)
def test_faults_of_spf(text: str, graves: int, words: str) -> None:
    found = of_spf(text)

    assert sum(one.grave for one in found) == graves, found
    assert bool(found) == bool(words)
    assert words in " ".join(one.words for one in found)


def test_faults_of_dkim() -> None:
    small = rsa.generate_private_key(65537, 1024).public_key()  # noqa: S505 (it is found)
    short = base64.b64encode(
        small.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ).decode()

    assert of_dkim(RECORD) == ()
    assert of_dkim(f'"v=DKIM1; p={PUBLIC[:200]}" "{PUBLIC[200:]}"') == ()
    assert [one.grave for one in of_dkim("")] == [True]
    assert "revoked" in of_dkim("v=DKIM1; p=")[0].words
    assert "cut" in of_dkim(f"v=DKIM1; p={PUBLIC[:100]}")[0].words
    assert "1024 bits" in of_dkim(f"v=DKIM1; p={short}")[0].words


def test_faults_of_dmarc() -> None:
    assert of_dmarc("v=DMARC1; p=reject; rua=mailto:d@shop.example") == ()
    assert [one.grave for one in of_dmarc("")] == [True]
    assert [one.grave for one in of_dmarc("v=DMARC1; p=none")] == [False, False]
    assert "pct=200" in of_dmarc("v=DMARC1; p=reject; pct=200; rua=mailto:d@x.example")[0].words
    assert "v=DMARC1" in of_dmarc("p=reject; rua=mailto:d@shop.example")[0].words
