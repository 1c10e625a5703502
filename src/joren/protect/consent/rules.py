"""What the ledger says. No clock, no database.

A refusal stands until the person agrees again, later and in so many words: not because an older
consent is found, and not because the law would have allowed to write to somebody who never refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from joren.core.contacts import names_a_contact
from joren.protect.consent.contracts import (
    ACTS,
    BASES,
    CHANNELS,
    EVERY,
    PURPOSES,
    ROOMS_ALONE,
    SOURCES,
    TRANSACTIONAL,
    BadConsent,
    Entry,
    Matter,
    NotRelied,
    Said,
    Standing,
)

LONGEST_PROOF: Final = 200
LONGEST_REASON: Final = 300
MAY_BE_AHEAD: Final = timedelta(minutes=10)


def standing(entries: Iterable[Entry], matter: Matter, *, relies_on: Collection[str]) -> Standing:
    """How one matter stands after all that was said."""
    counted = _counted(entries, matter)
    granted = _last(counted, "granted")
    refused = _last(counted, "withdrawn")
    if granted and (refused is None or granted.counts_from > refused.counts_from):
        return Standing(matter, "granted", granted.at, granted.id)
    if refused:
        return Standing(matter, "refused", refused.at, refused.id)
    if relied := _last([one for one in counted if one.basis in relies_on], "relied"):
        return Standing(matter, "relied", relied.at, relied.id)
    if asked := _last(counted, "requested"):
        return Standing(matter, "pending", asked.at, asked.id)
    return Standing(matter, "unasked")


def _counted(entries: Iterable[Entry], matter: Matter) -> list[Entry]:
    """What was said of this matter, and of all at once, and was not undone."""
    every = list(entries)
    undone = {one.undoes for one in every if one.act == "undone"}
    return [
        one
        for one in every
        if one.id not in undone
        and one.channel in (matter.channel, EVERY)
        and one.purpose in (matter.purpose, EVERY)
    ]


def _last(entries: Sequence[Entry], act: str) -> Entry | None:
    found = [one for one in entries if one.act == act]
    return max(found, key=lambda one: (one.counts_from, one.id), default=None)


def matter_named(text: str) -> Matter:
    """``email/marketing``."""
    channel, _, purpose = text.partition("/")
    if channel not in CHANNELS or purpose not in PURPOSES or purpose == TRANSACTIONAL:
        raise BadConsent(
            f"nobody can agree to {text!r}",
            hint=f"one of {', '.join(CHANNELS)}, then / and one of {', '.join(PURPOSES[:-1])}",
        )
    return Matter(channel, purpose)


def check(said: Said, *, now: datetime, relies_on: Collection[str]) -> None:
    """Refuse what cannot stand in the ledger."""
    _known("act", said.act, ACTS)
    _known("source", said.source, SOURCES)
    if said.act == "undone":
        _must(said.undoes is not None, "an entry that undoes names the one that it undoes")
    wide = (EVERY,) if said.act in ("withdrawn", "undone") else ()
    _known("channel", said.channel, (*CHANNELS, *wide))
    _known("purpose", said.purpose, (*PURPOSES, *wide))
    _must(
        said.purpose != TRANSACTIONAL,
        "transactional messages are no matter of consent: nobody grants or refuses them",
    )
    if said.act == "relied":
        _known("basis", said.basis, BASES)
        if said.basis not in relies_on:
            raise NotRelied(
                f"this shop does not rely on {said.basis}",
                hint="joren consent choose --rely-on, if it is to",
            )
    _must(not (said.basis and said.act != "relied"), "only an exception has a basis")
    if said.at is not None:
        _must(said.at.tzinfo is not None, f"{said.at} has no zone")
        _must(said.at <= now + MAY_BE_AHEAD, f"{said.at:%Y-%m-%d %H:%M} is yet to come")
    for name, text, longest in (
        ("proof", said.proof, LONGEST_PROOF),
        ("reason", said.reason, LONGEST_REASON),
    ):
        _must(len(text) <= longest, f"the {name} has {len(text)} characters, {longest} are kept")
        _must(
            not names_a_contact(text),
            f"the {name} looks like an address or a phone: keep a number of the form or message",
        )


def check_from_outside(proof: str) -> None:
    """A request with the proof of a room would be answered by a second mail, of joren's own."""
    _must(
        proof.partition(":")[0] not in ROOMS_ALONE,
        "a proof that begins so is joren's own: write your form's number in another way",
    )


def _known(name: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise BadConsent(f"no {name} {value!r}", hint=f"known: {', '.join(known)}")


def _must(so: bool, otherwise: str) -> None:
    if not so:
        raise BadConsent(otherwise)
