"""Who may be the same person: what speaks for it, and how loudly. A person decides.

Each kind of evidence is weak by itself: it would join families, or namesakes who live close by. The
points order a list; they are no probabilities, and nothing is ever merged because of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, get_args

from joren.collect.customers.contracts import Confidence, Evidence, Kind, Likelihood
from joren.core.errors import BadInput

BITS: Final[dict[Evidence, int]] = {
    "email_alike": 1,  # the same but for dots, +tags and letter case
    "name_birthday": 2,
    "name_postal": 4,
    "phone_nameless": 8,  # one phone, and no name that speaks against it
    "phone_shared": 16,  # one phone, two names
    "family_postal": 32,  # one family name in one postal code, two given names
}
POINTS: Final[dict[Evidence, int]] = {
    "email_alike": 60,
    "name_birthday": 60,
    "name_postal": 50,
    "phone_nameless": 50,
    "phone_shared": 25,
    "family_postal": 10,
}
OTHER_BIRTHDAY: Final = 40
"""Points that two different birthdays take away."""

LIKELIHOODS: Final[tuple[Likelihood, ...]] = get_args(Likelihood)
VERY_LIKELY: Final = 70
LIKELY: Final = 40
MOST_ALIKE: Final = 8
"""What more people than so many have in common speaks for nobody: a shop's phone, a dormitory."""


def evidence_in(bits: int) -> tuple[Evidence, ...]:
    """The kinds of evidence in one number."""
    return tuple(name for name, bit in BITS.items() if bits & bit)


def likelihood_named(text: str) -> Likelihood | None:
    """The likelihood of that name; "" is any."""
    for name in LIKELIHOODS:
        if name == text:
            return name
    if text:
        raise BadInput(f"no likelihood {text!r}", hint=f"known: {', '.join(LIKELIHOODS)}")
    return None


def likelihood(evidence: Iterable[Evidence], score: int) -> Likelihood:
    """The score in a word. Whom only a family name and a postal code join is a household."""
    if set(evidence) <= {"family_postal"}:
        return "household"
    if score >= VERY_LIKELY:
        return "very_likely"
    return "likely" if score >= LIKELY else "perhaps"


CONFIDENCE: Final[dict[Kind, Confidence]] = {
    "number": "certain",
    "user": "certain",
    "line": "certain",
    "email": "good",  # a household may share it
    "phone": "fair",  # with the name that answers it; alone it is the weakest
}
