"""What may be planned, which orders and stretches get the practice, and lists of who got it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from joren.core.listed import lines_of
from joren.measure.trials.contracts import (
    COLUMNS,
    LEVEL,
    LONGEST,
    LONGEST_HORIZON,
    LONGEST_PERIOD,
    MOST_ROWS,
    NO_DAY,
    NOT_YES_OR_NO,
    SAYS_NOBODY,
    TRIAL_METRICS,
    TRIAL_UNITS,
    UNKNOWN_PERSON,
    UNKNOWN_STORE,
    BadExposures,
    BadTrial,
    ExposureRow,
    Period,
    TrialPlan,
)
from joren.science.inference import fewest_deals

_YES: Final = ("yes", "true", "1", "y", "はい", "有", "あり")
_NO: Final = ("no", "false", "0", "n", "いいえ", "無", "なし")
_ODD: Final = (np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9),
               np.uint64(0x94D049BB133111EB))  # fmt: skip


def check(plan: TrialPlan, *, today: date, stores: int) -> None:
    """Refuse what cannot be, and what could never be read."""
    if plan.unit not in TRIAL_UNITS:
        raise BadTrial(f"{plan.unit!r} is no unit", hint=", ".join(TRIAL_UNITS))
    if plan.metric not in TRIAL_METRICS:
        raise BadTrial(f"{plan.metric!r} is no metric", hint=", ".join(TRIAL_METRICS))
    if plan.metric == "repeat" and not plan.by_people:
        raise BadTrial(
            "who buys again is counted by customer, and stretches have none",
            hint="order by order, or customer by customer",
        )
    if plan.last < plan.first:
        raise BadTrial(f"it ends on {plan.last}, before it begins", hint="a later day")
    if plan.first <= today:
        raise BadTrial(
            f"it begins on {plan.first}, and a lot comes before", hint="a day after today"
        )
    if (plan.last - today).days > LONGEST:
        raise BadTrial(f"{plan.last} is too far away", hint=f"within {LONGEST} days")
    if not 1 <= plan.horizon_days <= LONGEST_HORIZON:
        raise BadTrial(f"{plan.horizon_days} days after", hint=f"from 1 to {LONGEST_HORIZON}")
    if plan.by_people:
        return
    if not 2 <= plan.period_days <= LONGEST_PERIOD:
        raise BadTrial(
            f"stretches of {plan.period_days} days", hint=f"from 2 to {LONGEST_PERIOD} days"
        )
    if not 0 <= plan.washout_days < plan.period_days:
        raise BadTrial(
            f"{plan.washout_days} of {plan.period_days} days do not count",
            hint="fewer than the stretch has",
        )
    pairs = pairs_in(plan) * (stores if plan.unit == "store" else 1)
    if pairs < needed():
        raise BadTrial(
            f"it has {pairs} pairs of stretches, which could never be told from chance",
            hint=f"{needed()} pairs: a later end, shorter stretches, or more stores",
        )


def needed() -> int:
    """So many pairs can be dealt in enough ways."""
    return (fewest_deals(LEVEL) - 1).bit_length()


def pairs_in(plan: TrialPlan) -> int:
    """Full pairs of stretches between the first and the last day."""
    return ((plan.last - plan.first).days + 1) // (2 * plan.period_days)


def periods(plan: TrialPlan, salt: str, stores: Sequence[int]) -> tuple[Period, ...]:
    """The stretches in pairs, one of each by lot; days after the last full pair are not in it."""
    if plan.by_people:
        return ()
    pairs, length = pairs_in(plan), timedelta(days=plan.period_days)
    found = []
    for row, store in enumerate(stores if plan.unit == "store" else (None,)):
        for pair in range(pairs):
            coin = _coin(salt, f"{store or ''}/{pair}")
            for place in range(2):
                first = plan.first + length * (2 * pair + place)
                found.append(
                    Period(
                        store, first, first + timedelta(days=plan.washout_days),
                        first + length - timedelta(days=1), row * pairs + pair, place == coin,
                    )
                )  # fmt: skip
    return tuple(found)


def drawn(orders: NDArray[np.int64], salt: str) -> NDArray[np.bool_]:
    """Which orders get it: half of them by a hash of salt and number (splitmix64)."""
    seed = np.uint64(int(hashlib.blake2b(salt.encode(), digest_size=8).hexdigest(), 16))
    with np.errstate(over="ignore"):
        mixed = orders.view(np.uint64) ^ seed
        mixed = mixed + _ODD[0]
        mixed = (mixed ^ (mixed >> np.uint64(30))) * _ODD[1]
        mixed = (mixed ^ (mixed >> np.uint64(27))) * _ODD[2]
        mixed = mixed ^ (mixed >> np.uint64(31))
    return np.asarray(mixed >> np.uint64(63), dtype=np.bool_)


def rows_of(text: str) -> list[ExposureRow]:
    """The lines of a CSV with a header."""
    lines = lines_of(
        text, COLUMNS, one_of=("order_number", "email", "customer_number"),
        hint="it needs order_number with store, or email, or customer_number",
        most=MOST_ROWS, refusal=BadExposures,
    )  # fmt: skip
    return [ExposureRow(**{**line, "given": line["given"] or "yes"}) for line in lines]


@dataclass(frozen=True)
class Known:
    """What is known of stores and people that a list names."""

    stores: Mapping[str, int]
    emails: Mapping[str, int]
    numbers: Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Meant:
    """What a line says; of an order its store's number and its own."""

    customer: int | None
    store: int
    order_number: str
    given: bool
    on: date | None


def meant(row: ExposureRow, known: Known) -> Meant | tuple[str, str, str]:
    """What the line means, or the column, value and reason for which it stays out."""
    word = row.given.strip().lower()
    if word not in (*_YES, *_NO):
        return "given", row.given, NOT_YES_OR_NO
    on = None
    if row.on:
        try:
            on = date.fromisoformat(row.on.replace("/", "-"))
        except ValueError:
            return "on", row.on, NO_DAY
    if row.order_number:
        if row.store not in known.stores:
            return "store", row.store, UNKNOWN_STORE
        return Meant(None, known.stores[row.store], row.order_number, word in _YES, on)
    if not (row.email or row.customer_number):
        return "order_number", "", SAYS_NOBODY
    who = (
        known.emails.get(row.email.lower())
        if row.email
        else known.numbers.get((row.store, row.customer_number))
    )
    if who is None:
        column = "email" if row.email else "customer_number"
        return column, row.email or row.customer_number, UNKNOWN_PERSON
    return Meant(who, 0, "", word in _YES, on)


def _coin(salt: str, of: str) -> int:
    return hashlib.blake2b(f"{salt}/{of}".encode(), digest_size=1).digest()[0] & 1
