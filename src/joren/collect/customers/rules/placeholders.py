"""Contacts that name nobody: what is typed where an e-mail or a phone is asked for and none is had.

As SQL of DuckDB over contacts as they are kept, and of one key.
"""

from __future__ import annotations

import re
from typing import Final

MOST_NUMBERS: Final = 20
"""So many customer numbers of one store may come with a contact in one import: a family has some,
a shop that types the same thing for everybody has hundreds."""

_LOCAL: Final = r"(no[-_.]?reply|do[-_.]?not[-_.]?reply|dummy)(\+.*)?@.*"
_COUNTRY: Final = r"^(\+81|\+)0*"
_ZEROS: Final = "[5789]00{7,}"


def nobodys_email(email: str) -> str:
    """noreply@, donotreply@, dummy@: whoever gives it is not reached by it."""
    return f"regexp_full_match(lower({email}), '{_LOCAL}')"


def nobodys_phone(phone: str) -> str:
    """One digit all along, or a mobile's first two and then zeros: 0000000000, 09000000000."""
    digits = f"regexp_replace({phone}, '{_COUNTRY}', '')"
    one = f"replace({digits}, left({digits}, 1), '') = '' AND length({phone}) >= 10"
    zeros = f"regexp_full_match({digits}, '{_ZEROS}')"
    return f"({one} OR {zeros})"


def names_nobody(key: str) -> bool:
    """The same of one key: ``e:`` and an e-mail, ``p:`` and a phone."""
    kind, _, contact = key.partition(":")
    if kind == "e":
        return re.fullmatch(_LOCAL, contact.lower()) is not None
    if kind != "p":
        return False
    digits = re.sub(_COUNTRY, "", contact)
    one = len(set(digits)) <= 1 and len(contact) >= 10
    return one or re.fullmatch(_ZEROS, digits) is not None
