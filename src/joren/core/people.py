"""How a lower floor asks about people, whom an upper room keeps: it enters here where they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from joren.core.erasing import Traces
from joren.core.registry import Registry

Find = Callable[[Sequence[str]], Mapping[str, int]]
FindInStore = Callable[[str, Sequence[str]], Mapping[str, int]]
Met = tuple[int, str, int, date | None]
"""An identity's number, key and customer, and the day on which it was met, where it is known."""


@dataclass(frozen=True)
class People:
    """``everybody``, ``merged`` and ``many`` are SQL of both databases, to stand behind FROM in
    brackets.

    The first gives (customer_id) of each, the second (customer_id, into_id) of those who were found
    to be somebody else, the third (n), how many there are; ``mailboxes`` gives (customer_id,
    token), by which one can tell whether the e-mail address of somebody is the one that it was. The
    finders answer the customers of some addresses or numbers, as they were written there; whom
    nobody knows is left out. ``traces`` are those of some customers, None where none of them is
    there; ``newer`` answers those whose number is higher; ``key`` writes down an address, phone or
    number as ``Traces.keys`` do, "" where it is none.
    """

    everybody: str
    merged: str
    many: str
    mailboxes: str
    by_email: Find
    by_number: FindInStore
    traces: Callable[[Sequence[int]], Traces | None]
    newer: Callable[[int, int], Sequence[Met]]
    key: Callable[[str, str], str]


PEOPLE: Final[Registry[People]] = Registry("room of people")
CUSTOMERS: Final = "customers"


def people() -> People:
    """The one room that keeps them."""
    return PEOPLE[CUSTOMERS]


def numbers_known() -> str:
    """SQL of both databases, to stand behind WITH: known (customer_id, person_id), every number of
    those who ever had several, that of now among them, with who they are now."""
    return f"""
        moved(customer_id, person_id) AS ({moved()}),
        known(customer_id, person_id) AS (
            SELECT customer_id, person_id FROM moved UNION SELECT person_id, person_id FROM moved
        )
    """


def moved() -> str:
    """SQL of both databases, to stand behind FROM in brackets: (customer_id, person_id) of those
    who were found to be somebody else, with whom they are now, however often they moved."""
    merged = people().merged
    return f"""
        WITH RECURSIVE up(customer_id, into_id) AS (
            SELECT m.customer_id, m.into_id FROM ({merged}) AS m
            UNION ALL
            SELECT up.customer_id, m.into_id
            FROM up JOIN ({merged}) AS m ON m.customer_id = up.into_id
        )
        SELECT up.customer_id, up.into_id AS person_id FROM up
        WHERE NOT EXISTS (SELECT 1 FROM ({merged}) AS m WHERE m.customer_id = up.into_id)
    """
