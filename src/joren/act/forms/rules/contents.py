"""A form as a document, read with what is wrong named by its place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final, cast

from joren.act.forms.contracts import (
    ASKS,
    FIELDS,
    MOST_VARIANTS,
    SPEECHES,
    Asks,
    BadForm,
    Content,
    Speech,
    Variant,
)

_SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
_KEY: Final = re.compile(r"[A-Z]")
_HOST: Final = re.compile(
    r"https://(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{2,5})?|http://(?:localhost|127\.0\.0\.1)(?::\d{2,5})?"
)
_SHORT: Final = 200
_LONG: Final = 4_000
_OPTIONS: Final = 20
_HOSTS: Final = 20
_KNOWN: Final = (
    "variants", "asks", "question", "options", "consent", "thanks", "gift", "language", "hosts",
)  # fmt: skip
_OF_VARIANT: Final = ("key", "name", "share", "title", "body", "button", "plain")
RESERVED: Final = ("embed", "new")


def slug_of(text: str) -> str:
    """The address of a form."""
    if not _SLUG.fullmatch(text) or text in RESERVED:
        raise BadForm(
            f"{text!r} is no address of a form", hint="lower case letters, digits and dashes"
        )
    return text


def plain(content: Content) -> dict[str, Any]:
    """As a document that ``read`` reads."""
    return {
        **asdict(content),
        "variants": [asdict(one) for one in content.variants],
        "asks": dict(content.asks),
        "options": list(content.options),
        "hosts": list(content.hosts),
    }


def read(said: Mapping[str, Any]) -> Content:
    """The form that a document describes."""
    _refuse_unknown(said, _KNOWN, "the form")
    variants = _variants(said.get("variants"))
    asks = _asks(said.get("asks", {}))
    question = _text(said, "question", _SHORT)
    options = _lines(said.get("options", ()), "options", _OPTIONS)
    if asks.get("choice", "no") != "no" and (not question or len(options) < 2):
        raise BadForm(
            f"the question has {len(options)} answers",
            hint="write the question and two answers or more, or do not ask it",
        )
    if any("@" in one or len(one) > 100 for one in options):
        raise BadForm("an answer holds an @, or is longer than 100 characters", hint="shorten it")
    language = said.get("language", "auto")
    if language not in SPEECHES:
        raise BadForm(f"language is {language!r}", hint=f"one of {', '.join(SPEECHES)}")
    return Content(
        variants,
        asks,
        question,
        options,
        _text(said, "consent", 500),
        _text(said, "thanks", _LONG),
        _text(said, "gift", 1_000),
        cast("Speech", language),
        _hosts(said.get("hosts", ())),
    )


def differs(one: Content, other: Content) -> bool:
    """Would visitors of one and of the other not be comparable?"""
    return (one.variants, dict(one.asks), one.consent, one.options, one.question) != (
        other.variants, dict(other.asks), other.consent, other.options, other.question,
    )  # fmt: skip


def _variants(said: Any) -> tuple[Variant, ...]:
    if not isinstance(said, Sequence) or isinstance(said, str) or not said:
        raise BadForm("the form has no variant", hint="variants: a list of one or more")
    if len(said) > MOST_VARIANTS:
        raise BadForm(f"{len(said)} variants", hint=f"at most {MOST_VARIANTS}")
    found = tuple(_variant(one, place) for place, one in enumerate(said, start=1))
    keys = [one.key for one in found]
    if len(set(keys)) < len(keys):
        raise BadForm(f"two variants are called {', '.join(keys)}", hint="a letter for each")
    if not any(one.share for one in found):
        raise BadForm("all shares are 0", hint="give one variant a share above 0")
    if sum(one.plain for one in found) > 1:
        raise BadForm("two variants are the one to compare with", hint="choose one of them")
    return found


def _variant(said: Any, place: int) -> Variant:
    where = f"variant {place}"
    if not isinstance(said, Mapping):
        raise BadForm(f"{where} is {type(said).__name__}", hint="an object with key and title")
    _refuse_unknown(said, _OF_VARIANT, where)
    key = said.get("key", "")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        raise BadForm(f"{where}: key is {key!r}", hint="one letter from A to Z")
    share = said.get("share", 1)
    if isinstance(share, bool) or not isinstance(share, int) or not 0 <= share <= 1_000:
        raise BadForm(f"{where} ({key}): share is {share!r}", hint="a whole number from 0 to 1000")
    title = _text(said, "title", _SHORT, where)
    if not title:
        raise BadForm(f"{where} ({key}) has no heading", hint="write what visitors read first")
    return Variant(
        key,
        _text(said, "name", 100, where) or key,
        share,
        title,
        _text(said, "body", _LONG, where),
        _text(said, "button", 60, where),
        said.get("plain") is True,
    )


def _asks(said: Any) -> dict[str, Asks]:
    if not isinstance(said, Mapping):
        raise BadForm(f"asks is {said!r}", hint='an object such as {"name": "may"}')
    _refuse_unknown(said, FIELDS, "asks")
    for name, how in said.items():
        if how not in ASKS:
            raise BadForm(f"asks: {name} is {how!r}", hint=f"one of {', '.join(ASKS)}")
    return {name: said[name] for name in FIELDS if said.get(name, "no") != "no"}


def _hosts(said: Any) -> tuple[str, ...]:
    found = _lines(said, "hosts", _HOSTS)
    for one in found:
        if not _HOST.fullmatch(one):
            raise BadForm(
                f"{one!r} is no host that may embed the form",
                hint="such as https://shop.example, without a path",
            )
    return found


def _lines(said: Any, name: str, most: int) -> tuple[str, ...]:
    if isinstance(said, str) or not isinstance(said, Sequence):
        raise BadForm(f"{name} is {said!r}", hint="a list of texts")
    found = tuple(dict.fromkeys(str(one).strip() for one in said if str(one).strip()))
    if len(found) > most:
        raise BadForm(f"{len(found)} {name}", hint=f"at most {most}")
    return found


def _text(said: Mapping[str, Any], name: str, longest: int, where: str = "the form") -> str:
    value = said.get(name, "")
    if not isinstance(value, str):
        raise BadForm(f"{where}: {name} is {value!r}", hint="a text")
    text = value.replace("\r\n", "\n").replace("\0", "").strip()
    if len(text) > longest:
        raise BadForm(f"{where}: {name} has {len(text)} characters", hint=f"at most {longest}")
    return text


def _refuse_unknown(said: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    if unknown := sorted(set(said) - set(known)):
        raise BadForm(f"{where} has no {unknown[0]!r}", hint=f"known: {', '.join(known)}")
