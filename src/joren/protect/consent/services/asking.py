"""Double opt-in: asked first, and agreed only by whoever reads what is sent to the address."""

from __future__ import annotations

from dataclasses import replace

from django.core import signing
from django.db import transaction

from joren.protect.consent import contracts, selectors
from joren.protect.consent.contracts import Matter, Said
from joren.protect.consent.selectors.links import TO_CONFIRM
from joren.protect.consent.services.linking import address, handle_of
from joren.protect.consent.services.recording import PERSON, record


@transaction.atomic
def ask(customer: int, matter: Matter, said: Said, *, by: str) -> str:
    """Write down that somebody asked for it; returns the link that the address is to confirm by."""
    person = selectors.person_now(customer)
    asked = replace(said, channel=matter.channel, purpose=matter.purpose, act="requested")
    number = record(person, asked, by=by)
    token = signing.TimestampSigner(salt=TO_CONFIRM).sign(f"{handle_of(person)}.{number}")
    return address("consent_confirm", token)


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
