"""Write down what people said. The ledger grows; nothing in it is changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import pyarrow as pa
from django.db import IntegrityError, transaction

from joren.core import clock
from joren.plumbing.bulk import insert_missing
from joren.protect.audit import services as audit
from joren.protect.consent import contracts, models, rules, selectors
from joren.protect.consent.contracts import EVERY, Matter, Said, Standing

PERSON: Final = "customer"
"""Who recorded it, where the person did it themselves."""
_ERASURE: Final = "erasure"
_OWN_WORD: Final = ("one_click", "preference_page", "line")
"""What a link or a friendship says is known to be of the customer whose it is."""


@transaction.atomic
def record(customer: int, said: Said, *, by: str) -> int:
    """Add one entry; the same again adds nothing. Returns its number."""
    now = clock.now()
    rules.check(said, now=now, relies_on=selectors.choices().relies_on)
    number = _number_for(customer, selectors.person_now(customer), said)
    key = {
        "customer_id": number,
        "channel": said.channel,
        "purpose": said.purpose,
        "act": said.act,
        "at": said.at or now,
        "source": said.source,
        "proof": said.proof,
    }
    if earlier := models.Entry.objects.filter(**key).first():
        return earlier.pk
    row = _entry_of(number, said, now, by)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:  # another process wrote the same meanwhile
        return models.Entry.objects.only("pk").get(**key).pk
    audit.record(
        f"consent.{said.act}",
        actor=by,
        subject_kind="customer",
        subject_id=number,
        matter=f"{said.channel}/{said.purpose}",
        source=said.source,
    )
    return row.pk


@transaction.atomic
def record_many(said: Sequence[tuple[int, Said]], *, by: str) -> list[int | None]:
    """Add one entry of each, in sets; the same again adds nothing. Returns their numbers in that
    order; None where the person is gone. What is said has its moment and its proof."""
    now, relies_on = clock.now(), selectors.choices().relies_on
    persons = selectors.persons_now([customer for customer, _ in said])
    rows = []
    for customer, one in said:
        rules.check(one, now=now, relies_on=relies_on)
        if customer in persons:
            rows.append(_entry_of(_number_for(customer, persons[customer], one), one, now, by))
    before = _numbers_of(rows)
    models.Entry.objects.bulk_create(rows, ignore_conflicts=True)
    numbers = _numbers_of(rows)
    for row in rows:
        if _key(row) not in before:
            audit.record(
                f"consent.{row.act}", actor=by, subject_kind="customer",
                subject_id=row.customer_id, matter=f"{row.channel}/{row.purpose}",
                source=row.source,
            )  # fmt: skip
    kept = iter(rows)
    return [numbers[_key(next(kept))] if customer in persons else None for customer, _ in said]


def _number_for(customer: int, person: int, said: Said) -> int:
    """Under which number it is written, where one was merged: a refusal stays with who gave it when
    the merge is undone, and what undoes an entry with that entry; all else is the person's."""
    own = said.act == "withdrawn" and said.source in _OWN_WORD
    return customer if own or said.act == "undone" else person


def _entry_of(person: int, said: Said, now: datetime, by: str) -> models.Entry:
    return models.Entry(
        customer_id=person, channel=said.channel, purpose=said.purpose, act=said.act,
        at=said.at or now, source=said.source, proof=said.proof, recorded_at=now, by=by,
        basis=said.basis, wording_id=said.wording, reason=said.reason, undoes=said.undoes,
    )  # fmt: skip


def _numbers_of(rows: Sequence[models.Entry]) -> dict[tuple[Any, ...], int]:
    """The entries of such people by such proofs, by what makes each of them one."""
    theirs = models.Entry.objects.filter(customer_id__in={row.customer_id for row in rows})
    return {_key(row): row.pk for row in theirs.filter(proof__in={row.proof for row in rows})}


def _key(row: models.Entry) -> tuple[Any, ...]:
    return (
        row.customer_id, row.channel, row.purpose, row.act, row.at, row.source, row.proof,
    )  # fmt: skip


def set_by_hand(customer: int, matter: Matter, *, may: bool, reason: str, by: str) -> int:
    """What somebody of the shop was told, on the telephone or over the counter, and how."""
    if not reason.strip():
        raise contracts.BadConsent(
            "a change by the shop needs a reason", hint="such as: said so on the telephone"
        )
    act = "granted" if may else "withdrawn"
    said = Said(matter.channel, matter.purpose, act, "staff", reason=reason.strip())
    return record(customer, said, by=by)


def unsubscribe(link: contracts.Link, *, source: str = "one_click") -> int | None:
    """Withdraw what the link is of; None if it was refused already, or the person is gone.

    What somebody else refused, who is the same person by now, may be theirs alone again one day.
    """
    try:
        said_by_all = selectors.entries_of(link.customer)
    except contracts.NobodyThere:
        return None
    own = [one for one in said_by_all if one.customer == link.customer]
    relies_on = selectors.choices().relies_on
    if all(
        rules.standing(said, link.matter, relies_on=relies_on).state == "refused"
        for said in (said_by_all, own)
    ):
        return None
    said = Said(link.matter.channel, link.matter.purpose, "withdrawn", source)
    return record(link.customer, said, by=PERSON)


def refuse_everything(customer: int, *, source: str = "preference_page", by: str = PERSON) -> int:
    """Every channel and every purpose, those too that the shop has not thought of yet."""
    return record(customer, Said(EVERY, EVERY, "withdrawn", source), by=by)


def refuse_again(customer: int, *, proof: str) -> int | None:
    """Who was erased and is not to be written to refuses all, should they come back.

    Once: what they say after that is their own word, and another look does not overrule it.
    """
    try:
        earlier = selectors.entries_of(customer)
        if any(one.by == _ERASURE and one.proof == proof for one in earlier):
            return None
        said = Said(EVERY, EVERY, "withdrawn", "api", proof=proof)
        return record(customer, said, by=_ERASURE)
    except contracts.NobodyThere:
        return None


@transaction.atomic
def take_back(customer: int, numbers: Sequence[int], *, source: str = "preference_page") -> int:
    """Undo entries that the person made on the page; returns how many."""
    known = {one.id: one for one in selectors.entries_of(customer)}
    done = 0
    for number in numbers:
        entry = known.get(number)
        if entry is None or entry.source not in ("preference_page", "one_click"):
            raise contracts.NoSuchEntry(f"no entry {number} that this person made on the page")
        if any(one.undoes == number for one in known.values()):
            continue
        said = Said(
            entry.channel, entry.purpose, "undone", source, proof=f"entry:{number}", undoes=number
        )
        record(entry.customer, said, by=PERSON)
        done += 1
    return done


@transaction.atomic
def choose_on_page(
    customer: int, wanted: dict[Matter, bool], *, wordings: dict[Matter, int]
) -> list[int]:
    """What the switches say now, where that is other than before; returns the new entries."""
    standing = {one.matter: one for one in selectors.standings_of(customer, list(wanted))}
    made = []
    for matter, may in wanted.items():
        if _same(standing[matter], may):
            continue
        act = "granted" if may else "withdrawn"
        said = Said(
            matter.channel, matter.purpose, act, "preference_page", wording=wordings.get(matter)
        )
        made.append(record(customer, said, by=PERSON))
    return made


def _same(standing: Standing, may: bool) -> bool:
    return standing.may if may else standing.state in ("refused", "unasked", "pending")


def rely_on(
    customers: Sequence[int], matter: Matter, *, basis: str, proof: str = "", by: str
) -> int:
    """Write down for many that the shop relies on an exception; returns how many are new."""
    now = clock.now()
    said = Said(
        matter.channel, matter.purpose, "relied", "api", at=now, basis=basis, proof=proof or basis
    )
    rules.check(said, now=now, relies_on=selectors.choices().relies_on)
    found = selectors.may_be_written_to(customers, channel=matter.channel, purpose=matter.purpose)
    lacking = found.filter(pa.compute.is_in(found["why"], pa.array(["unasked", "pending"])))
    add_many(lacking["customer_id"], said, by=by)
    audit.record(
        "consent.relied_on_many", actor=by, subject_kind="customers",
        matter=str(matter), basis=basis, customers=len(lacking),
    )  # fmt: skip
    return len(lacking)


def add_many(customers: pa.Array | pa.ChunkedArray, said: Said, *, by: str) -> None:
    """The same of each of them, in sets."""
    count, now = len(customers), clock.now()
    fixed = {
        "channel": said.channel, "purpose": said.purpose, "act": said.act, "source": said.source,
        "by": by, "basis": said.basis, "proof": said.proof, "reason": said.reason,
    }  # fmt: skip
    moment = pa.timestamp("us", "UTC")
    columns = {"customer_id": customers, "at": pa.array([said.at or now] * count, moment)}
    columns["recorded_at"] = pa.array([now] * count, moment)
    columns |= {name: pa.array([value] * count, pa.string()) for name, value in fixed.items()}
    insert_missing(models.Entry, pa.table(columns))
