"""Double opt-in: asked first, and agreed only by whoever reads what is sent to the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from django.core import signing
from django.db import transaction

from joren.plumbing.addresses import address_of
from joren.protect.consent import contracts, selectors
from joren.protect.consent.contracts import Matter, Said
from joren.protect.consent.selectors.links import TO_CONFIRM
from joren.protect.consent.services.linking import handle_of, handles_for
from joren.protect.consent.services.recording import PERSON, record

LAPSED: Final = "time"


@transaction.atomic
def ask(customer: int, matter: Matter, said: Said, *, by: str) -> str:
    """Write down that somebody asked for it; returns the link that the address is to confirm by."""
    person = selectors.person_now(customer)
    asked = replace(said, channel=matter.channel, purpose=matter.purpose, act="requested")
    number = record(person, asked, by=by)
    return _link(handle_of(person), number)


def links_to_confirm(requests: Mapping[int, int], *, leaves: bool) -> dict[int, str]:
    """Of requests (number to customer) the links to confirm them by, signed now; whoever is gone
    has none. One that leaves the house goes by HTTPS."""
    handles = handles_for(sorted(set(requests.values())))
    made = {
        number: _link(handles[customer], number)
        for number, customer in requests.items()
        if customer in handles
    }
    for link in made.values():
        if leaves and not link.startswith("https://"):
            raise contracts.NoPublicAddress(
                f"{link.partition('/consent')[0]} is no HTTPS address, which links of mails need",
                hint="set JOREN_URL to the address under which customers reach this installation",
            )
    return made


def _link(handle: str, number: int) -> str:
    token = signing.TimestampSigner(salt=TO_CONFIRM).sign(f"{handle}.{number}")
    return address_of("consent_confirm", token)


@transaction.atomic
def lapse(numbers: Sequence[int], *, days: int) -> int:
    """Take requests back that nobody confirmed in time; returns how many."""
    done = 0
    for number, entry in selectors.still_asked(numbers).items():
        said = Said(
            entry.channel, entry.purpose, "undone", "confirmation", proof=f"entry:{number}",
            reason=f"not confirmed within {days} days", undoes=number,
        )  # fmt: skip
        try:
            record(entry.customer, said, by=LAPSED)
        except contracts.NobodyThere:
            continue
        done += 1
    return done


def asked(token: str) -> contracts.Entry:
    """What the link would confirm. It is void once the person refused since."""
    customer, number = selectors.matter_asked(token, days=selectors.choices().confirm_days)
    try:
        said = selectors.entries_of(customer)
    except contracts.NobodyThere:
        raise contracts.NoSuchLink("the link is withdrawn", hint="sign up again") from None
    entry = next((one for one in said if one.id == number), None)
    if entry is None:
        raise contracts.NoSuchLink("the link is withdrawn", hint="sign up again")
    if any(one.undoes == number for one in said):
        raise contracts.LinkExpired("it was not confirmed in time", hint="sign up again")
    (now,) = selectors.standings_of(customer, [Matter(entry.channel, entry.purpose)])
    if now.state == "refused" and now.since is not None and now.since >= entry.at:
        raise contracts.LinkExpired(
            "it was refused after it was asked for", hint="sign up again, if it is wanted"
        )
    return entry


@transaction.atomic
def confirm(token: str) -> contracts.Entry:
    """The person agrees; the same link again adds nothing."""
    entry = asked(token)
    matter = Matter(entry.channel, entry.purpose)
    (now,) = selectors.standings_of(entry.customer, [matter])
    proof = f"entry:{entry.id}"
    if now.state != "granted" or now.since is None or now.since < entry.at:
        said = Said(
            entry.channel, entry.purpose, "granted", "confirmation", wording=entry.wording,
            proof=proof,
        )  # fmt: skip
        record(entry.customer, said, by=PERSON)
    return entry
