"""Who is the same person, and how their texts are compared: pure rules over columns."""

from joren.collect.customers.rules.addresses import PARTS, alike, parted
from joren.collect.customers.rules.doubles import (
    BITS,
    CONFIDENCE,
    LIKELIHOODS,
    LIKELY,
    MOST_ALIKE,
    OTHER_BIRTHDAY,
    POINTS,
    VERY_LIKELY,
    evidence_in,
    likelihood,
    likelihood_named,
)
from joren.collect.customers.rules.grouping import NOBODY, Ints, groups, groups_apart, parts_of
from joren.collect.customers.rules.placeholders import (
    MOST_NUMBERS,
    names_nobody,
    nobodys_email,
    nobodys_phone,
)
from joren.collect.customers.rules.secrets import (
    Vault,
    new_key,
    read_keys,
    vault_of,
    wrapped,
)
from joren.collect.customers.rules.speech import languages, zones
from joren.collect.customers.rules.texts import (
    grams,
    grams_column,
    phone_tail,
    phone_tail_column,
    searchable,
    searchable_column,
)
from joren.collect.customers.rules.traits import age_bands, genders

__all__ = [
    "BITS",
    "CONFIDENCE",
    "LIKELIHOODS",
    "LIKELY",
    "MOST_ALIKE",
    "MOST_NUMBERS",
    "NOBODY",
    "OTHER_BIRTHDAY",
    "PARTS",
    "POINTS",
    "VERY_LIKELY",
    "Ints",
    "Vault",
    "age_bands",
    "alike",
    "evidence_in",
    "genders",
    "grams",
    "grams_column",
    "groups",
    "groups_apart",
    "languages",
    "likelihood",
    "likelihood_named",
    "names_nobody",
    "new_key",
    "nobodys_email",
    "nobodys_phone",
    "parted",
    "parts_of",
    "phone_tail",
    "phone_tail_column",
    "read_keys",
    "searchable",
    "searchable_column",
    "vault_of",
    "wrapped",
    "zones",
]
