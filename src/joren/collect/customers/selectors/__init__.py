"""Questions about stores, customers and identities."""

from joren.collect.customers.selectors.doubles import (
    double,
    doubles,
    doubles_of,
    doubles_waiting,
    kept_apart,
)
from joren.collect.customers.selectors.facts import (
    devices_of,
    merged,
    owners_of,
    person_of,
    store_numbers,
    traits,
)
from joren.collect.customers.selectors.housing import addresses_of
from joren.collect.customers.selectors.keyring import (
    hashed_email,
    openable,
    seal_texts,
    sealed_under,
    unseal_texts,
    vault,
)
from joren.collect.customers.selectors.people import (
    an_identity_of,
    contacts_of,
    count,
    customer,
    customer_of,
    customers_among,
    everybody,
    identities_among,
    identities_of,
    identities_still_there,
    identity_ids_of,
    known_as,
    merges_of,
    newest_identity,
)
from joren.collect.customers.selectors.searching import found, search
from joren.collect.customers.selectors.stores import store, stores

__all__ = [
    "addresses_of",
    "an_identity_of",
    "contacts_of",
    "count",
    "customer",
    "customer_of",
    "customers_among",
    "devices_of",
    "double",
    "doubles",
    "doubles_of",
    "doubles_waiting",
    "everybody",
    "found",
    "hashed_email",
    "identities_among",
    "identities_of",
    "identities_still_there",
    "identity_ids_of",
    "kept_apart",
    "known_as",
    "merged",
    "merges_of",
    "newest_identity",
    "openable",
    "owners_of",
    "person_of",
    "seal_texts",
    "sealed_under",
    "search",
    "store",
    "store_numbers",
    "stores",
    "traits",
    "unseal_texts",
    "vault",
]
