"""The keys of personal data, from the environment or the home, and what they open."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings

from joren.collect.customers import models, rules
from joren.collect.customers.contracts.sealed import SEALED, bound_to

KEYS_FILE: Final = "personal-keys"
CONTACTS: Final = ("name", "name_kana", "email", "phone", "postal_code")
"""What is sealed of a customer, as one text, in this order."""

_LATE: Final = 2.0  # seconds

BETWEEN: Final = "\x1f"


def keys_text() -> str:
    """The keys as they stand now: another process may have added one to the file."""
    given: str = settings.JOREN_PERSONAL_KEYS
    if given:
        return given
    file = Path(settings.JOREN_HOME) / KEYS_FILE
    return file.read_text() if file.exists() else ""


def vault() -> rules.Vault:
    """The keys of this home and database; refuses where they do not belong together."""
    text = keys_text()
    sealed = models.Keyring.objects.values_list("sealed", flat=True).first()
    if sealed is None:
        # A new database: whoever comes first makes the key of its tokens.
        made = rules.wrapped(rules.read_keys(text), rules.new_key())
        row, _ = models.Keyring.objects.get_or_create(pk=1, defaults={"sealed": made})
        sealed = row.sealed
    return _vault(text, sealed)


@lru_cache(maxsize=8)
def _vault(text: str, sealed: str) -> rules.Vault:
    return rules.vault_of(rules.read_keys(text), sealed)


def opened(rows: pa.Table, *, by: rules.Vault | None = None) -> pa.Table:
    """The rows of customers with their contacts in place of what is sealed."""
    ids, sealed = rows["id"].to_pylist(), rows["sealed"].to_pylist()
    plain = pa.array((by or vault()).unseal(ids, sealed) if ids else [], pa.string())
    rows = rows.drop_columns("sealed")
    parts = pc.split_pattern(pc.if_else(pc.equal(plain, ""), BETWEEN * 4, plain), BETWEEN)
    for place, name in enumerate(CONTACTS):
        rows = rows.append_column(name, pc.list_element(parts, place))
    return rows


def as_one(contacts: Mapping[str, pa.Array | pa.ChunkedArray]) -> list[str]:
    """The contacts of each row as one text, "" where there is none."""
    columns = [
        pc.replace_substring(pc.fill_null(contacts[name], ""), BETWEEN, "") for name in CONTACTS
    ]
    texts: list[str] = pc.binary_join_element_wise(*columns, BETWEEN).to_pylist()
    nothing = BETWEEN * 4
    return ["" if text == nothing else text for text in texts]


def contacts_in(rows: Sequence[models.Customer]) -> list[dict[str, str]]:
    """The contacts of some rows."""
    if not rows:
        return []
    ids = [row.pk for row in rows]
    table = pa.table({"id": pa.array(ids, pa.int64()), "sealed": [row.sealed for row in rows]})
    found: list[dict[str, str]] = opened(table).drop_columns("id").to_pylist()
    return found


def keys_in(rows: Sequence[models.Identity]) -> list[str]:
    """The keys of some identities as they were before they were sealed."""
    hidden = [row for row in rows if row.sealed]
    plain = vault().unseal([row.pk for row in hidden], [row.sealed for row in hidden])
    known = dict(zip((row.pk for row in hidden), plain, strict=True))
    return [known.get(row.pk, row.key) for row in rows]


def seal_texts(keys: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Texts of rows of other rooms, each bound to its row's own key."""
    return vault().seal([bound_to(key) for key in keys], texts) if keys else []


def unseal_texts(keys: Sequence[str], sealed: Sequence[str]) -> list[str]:
    """The texts again."""
    return vault().unseal([bound_to(key) for key in keys], sealed) if keys else []


def seal_body(key: str, body: bytes) -> tuple[str, bytes]:
    """Under which key, and the bytes as they are kept, of a row that is known by that text.

    By the keys as they were at most two seconds ago, for bodies come with every request. What a key
    seals that is no longer the first is opened all the same, and sealed anew later.
    """
    return _LATELY.vault().seal_body(bound_to(key), body)


def unseal_body(key: str, sealed: str, body: bytes) -> bytes:
    """What was sent; a row of before lies as it came."""
    if not sealed:
        return body
    late = _LATELY.vault()
    known = late if sealed.removesuffix(".") in late.keys else vault()
    return known.unseal_body(bound_to(key), sealed, body)


class _Lately:
    def __init__(self) -> None:
        self._known: tuple[float, tuple[str, str], rules.Vault] | None = None

    def vault(self) -> rules.Vault:
        here = (str(settings.JOREN_HOME), settings.JOREN_PERSONAL_KEYS)
        known, now = self._known, time.monotonic()
        if known is None or now > known[0] or here != known[1]:
            known = self._known = (now + _LATE, here, vault())
        return known[2]


_LATELY: Final = _Lately()


def hashed_email(address: str) -> str:
    """An address as a room may keep it to find it again."""
    return hashed_key(f"e:{address.strip().lower()}")


def mailbox_tokens(addresses: Sequence[str]) -> list[str]:
    """By which one can tell whether a customer's e-mail address is one of these still."""
    return [token or "" for token in vault().tokens([one.lower() for one in addresses])]


def hashed_texts(texts: Sequence[str]) -> list[str]:
    """Texts of other rooms as they may be kept to find equal ones; "" stays ""."""
    tokens = vault().tokens([f"v:{text}" if text else None for text in texts])
    return [token or "" for token in tokens]


def hashed_key(key: str) -> str:
    """An identity's key as it lies in the database: a store's number as it is, else a token."""
    return key if key.startswith("n:") else f"{key[0]}:~{vault().token(key)}"


def sealed_under() -> dict[str, int]:
    """How many rows each key at hand has sealed; under "" those of keys that are not."""
    known = rules.read_keys(keys_text())
    counts = dict.fromkeys((*known, ""), 0)
    for rows in (
        models.Customer.objects.exclude(sealed=""),
        models.Identity.objects.exclude(sealed=""),
        models.Address.objects.exclude(sealed=""),
        models.Placeholder.objects.all(),
        *(other.model.objects.exclude(sealed="") for other in SEALED.values()),
        models.Keyring.objects.all(),
    ):
        total = rows.count()
        for name in known:
            found = rows.filter(sealed__startswith=f"{name}.").count()
            counts[name], total = counts[name] + found, total - found
        counts[""] += total
    return counts


def openable() -> bool:
    """Whether anything is sealed, and then opens: the key of the hashes and one row of each key.

    Refuses where it does not.
    """
    sealed = models.Keyring.objects.values_list("sealed", flat=True).first()
    if sealed is None:
        return False
    keys = _vault(keys_text(), sealed)
    for name in keys.keys:
        rows = models.Customer.objects.filter(sealed__startswith=f"{name}.")
        contacts_in(list(rows[:1]))
    return True
