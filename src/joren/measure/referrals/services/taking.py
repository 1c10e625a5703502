"""A list of codes and of who was referred, taken in as a set; again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.db import transaction

from joren.core import clock
from joren.core.people import people
from joren.measure.referrals import models, rules
from joren.measure.referrals.contracts import (
    SHOWN,
    BadReferrals,
    NoSuchCode,
    ReferralFault,
    ReferralRow,
    ReferralsTaken,
)
from joren.protect.audit import services as audit

_AT_ONCE = 500


def take_file(file: Path, *, by: str, store: str = "") -> ReferralsTaken:
    """A CSV in UTF-8 or CP932; ``store`` is that of rows that name none."""
    raw = file.read_bytes()
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return take(rules.rows_of(raw.decode(encoding)), by=by, store=store)
        except UnicodeDecodeError:
            continue
    raise BadReferrals(f"{file.name} is no text", hint="a CSV in UTF-8 or CP932, with a header")


@transaction.atomic
def take(rows: Iterable[ReferralRow], *, by: str, store: str = "") -> ReferralsTaken:
    """Keep whose each code is and who was referred; what is wrong stays out and is told."""
    every = [one if one.store else replace(one, store=store) for one in rows]
    known = _known(every)
    codes, pairs = dict(known.codes), dict(known.pairs)
    faults: list[ReferralFault] = []
    new_codes: list[models.Code] = []
    new_pairs: list[models.Pair] = []
    refused = repeated = 0
    said = {"said_at": clock.now(), "said_by": by}
    for number, row in enumerate(every, start=1):
        found = rules.meant(row, rules.Known(known.emails, known.numbers, codes, pairs))
        if isinstance(found, tuple):
            refused += 1
            if len(faults) < SHOWN:
                faults.append(ReferralFault(number, found[0], found[1][:200], found[2]))
        elif found.again:
            repeated += 1
        elif found.referred is not None:
            pairs[found.referred] = found.referrer
            new_pairs.append(
                models.Pair(
                    referred_id=found.referred, referrer_id=found.referrer, on=found.on, **said
                )
            )
        elif found.referrer is not None:
            codes[found.code] = found.referrer
            new_codes.append(models.Code(code=found.code, customer_id=found.referrer, **said))
    models.Code.objects.bulk_create(new_codes, batch_size=_AT_ONCE)
    models.Pair.objects.bulk_create(new_pairs, batch_size=_AT_ONCE)
    recorded = len(new_codes) + len(new_pairs)
    audit.record(
        "referrals.taken_in", actor=by, subject_kind="referrals", rows=len(every),
        recorded=recorded, refused=refused,
    )  # fmt: skip
    return ReferralsTaken(len(every), recorded, repeated, refused, tuple(faults))


@transaction.atomic
def forget_code(code: str, *, by: str) -> None:
    """Nobody has it any more; who came by it counts as referred no more."""
    gone, _ = models.Code.objects.filter(code=rules.code_of(code)).delete()
    if not gone:
        raise NoSuchCode(f"nobody has the code {code!r}", hint="joren referrals show")
    audit.record("referrals.code_forgotten", actor=by, subject_kind="referrals")


def _known(rows: Sequence[ReferralRow]) -> rules.Known:
    """Everybody and every code that the list names, in a few questions."""
    emails, numbers, asked = rules.keys_asked(rows)
    room = people()
    found = dict(room.by_email(sorted(emails))) if emails else {}
    by_number = {
        (store, number): customer
        for store, some in numbers.items()
        for number, customer in room.by_number(store, sorted(some)).items()
    }
    codes: dict[str, int] = {}
    for some in _parts(sorted(asked)):
        kept = models.Code.objects.filter(code__in=some)
        codes |= dict(kept.values_list("code", "customer_id"))
    pairs: dict[int, int | None] = {}
    for some in _parts(sorted({*found.values(), *by_number.values()})):
        rows_ = models.Pair.objects.filter(referred_id__in=some)
        pairs |= dict(rows_.values_list("referred_id", "referrer_id"))
    return rules.Known(found, by_number, codes, pairs)


def _parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))
