"""Words that find a person. They stay in the session; an address carries a token in their place.

Addresses stay in a browser's history, in a proxy's log and in whatever link is passed on, so a
name, an e-mail or a phone must not be in one.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

from django.http import HttpRequest
from django.utils.crypto import get_random_string

from joren.collect.customers import selectors as people
from joren.collect.orders import selectors as facts
from joren.core.ids import IdentityId
from joren.plumbing.access import caller
from joren.plumbing.warehouse import warehouse
from joren.protect.audit import services as audit

ASKED: Final = "find"
"""What an address calls the token."""

FOUND: Final = 1_000
"""So many people that words find are looked at; more words find fewer."""

KEPT: Final = 20
LONGEST: Final = 200
_KEY: Final = "searches"


def begin(request: HttpRequest) -> str:
    """Keep the words that were typed and write the search down: their token, "" without words."""
    words = request.POST.get("q", "").strip()[:LONGEST]
    if not words:
        return ""
    audit.record("customers.searched", actor=caller(request).name, subject_kind="customers")
    return keep(request, words)


def found(words: str, *, limit: int = FOUND) -> list[int]:
    """Whoever the words find, those first who ordered under such a number."""
    ids = dict.fromkeys([*_who_ordered(words), *people.found(words, limit=limit)])
    return list(islice(ids, limit))


def note_seen(request: HttpRequest, ids: Iterable[int]) -> None:
    """Write down whose names a list showed to whom."""
    if listed := sorted(ids):
        audit.record(
            "customers.listed", actor=caller(request).name, subject_kind="customers",
            customers=listed,
        )  # fmt: skip


def _who_ordered(number: str) -> list[int]:
    identities = facts.identities_with_order(warehouse(), number)
    owners = {people.customer_of(IdentityId(identity)) for identity in identities}
    return sorted(owner for owner in owners if owner is not None)


def keep(request: HttpRequest, words: str) -> str:
    """The token under which this session knows the words; of many searches the newest stay."""
    kept: dict[str, str] = request.session.get(_KEY, {})
    known = next((token for token, one in kept.items() if one == words), None)
    token = known or get_random_string(8)
    rest = [(name, one) for name, one in kept.items() if name != token]
    request.session[_KEY] = dict([*rest[-(KEPT - 1) :], (token, words)])
    return token


def words_of(request: HttpRequest) -> str | None:
    """The words of the address's token, "" if it has none, None if nobody knows them any more."""
    token = request.GET.get(ASKED, "")
    # Whoever may not see a name may not find out either whether somebody has it.
    if not token or not caller(request).may("view_personal"):
        return None if token else ""
    kept: dict[str, str] = request.session.get(_KEY, {})
    return kept.get(token)
