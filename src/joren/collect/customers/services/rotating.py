"""Another key for personal data: what is sealed is sealed anew, some thousand rows at a time.

Killed, it goes on where it was when it is asked for again; meanwhile everything opens, since each
row says which key sealed it.
"""

from __future__ import annotations

import base64
import os
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import router, transaction

from joren.collect.customers import contracts, models, rules
from joren.collect.customers.contracts.sealed import SEALED, SealedRows, bound_to
from joren.collect.customers.selectors.keyring import (
    KEYS_FILE,
    keys_text,
    sealed_under,
    vault,
)
from joren.protect.audit import services as audit

_AT_ONCE: Final = 5_000
_BODIES_AT_ONCE: Final = 100
_OWN: Final = (
    *(
        SealedRows(model, lambda row: row.pk)
        for model in (models.Customer, models.Identity, models.Address)
    ),
    SealedRows(models.Placeholder, lambda row: bound_to(row.key)),
)

Progress = Callable[[int], None]


def key_line(name: str) -> str:
    """A new key as it is written in the file, or in JOREN_PERSONAL_KEYS."""
    return f"{name}:{base64.urlsafe_b64encode(rules.new_key()).decode()}"


def rotate_keys(*, by: str, on_progress: Progress | None = None) -> int:
    """Seal everything under the first key; returns how many rows had another.

    Where all lies under it already, a key is made and put before the others, unless the keys are
    those of the environment: then whoever looks after it puts one there first.
    """
    if _settled():
        _add_key()
    keys = vault()
    done = _wrap_again(keys)
    for rows in (*_OWN, *SEALED.values()):
        last = -(2**62)
        while (part := _seal_again(rows, keys, after=last))[0]:
            last, done = part[1], done + part[0]
            if on_progress is not None:
                on_progress(done)
    audit.record(
        "customers.keys_rotated", actor=by, subject_kind="keys", key=keys.current, rows=done
    )
    return done


def _settled() -> bool:
    """Is all that there is under the first key?"""
    current = vault().current
    return all(name == current or not rows for name, rows in sealed_under().items())


def _add_key() -> None:
    if settings.JOREN_PERSONAL_KEYS:
        raise contracts.NoNewKey(
            "everything is sealed under the first key of JOREN_PERSONAL_KEYS",
            hint="joren keys new; put that one before the others everywhere, and ask again",
        )
    known = rules.read_keys(keys_text())
    number = len(known) + 1
    while f"k{number}" in known:
        number += 1
    file = Path(settings.JOREN_HOME) / KEYS_FILE
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(f"{key_line(f'k{number}')}\n{file.read_text()}")
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)  # at once: nobody reads half of it


def _wrap_again(keys: rules.Vault) -> int:
    """The key of the hashes stays what it is, under the new key."""
    return (
        models.Keyring.objects.exclude(sealed__startswith=f"{keys.current}.")
        .filter(pk=1)
        .update(sealed=rules.wrapped(keys.keys, keys.hashing))
    )


def _seal_again(table: SealedRows, keys: rules.Vault, *, after: int) -> tuple[int, int]:
    """How many, and the last of them."""
    model, at_once = table.model, _BODIES_AT_ONCE if table.body else _AT_ONCE
    with transaction.atomic(using=router.db_for_write(model)):
        old = model.objects.exclude(sealed="").exclude(sealed__startswith=f"{keys.current}.")
        rows = list(old.select_for_update().filter(pk__gt=after).order_by("pk")[:at_once])
        if table.body:
            _bodies_again(table, keys, rows)
        else:
            _texts_again(table, keys, rows)
    return len(rows), rows[-1].pk if rows else after


def _texts_again(table: SealedRows, keys: rules.Vault, rows: Sequence[Any]) -> None:
    bound = [table.bound_to(row) for row in rows]
    plain = keys.unseal(bound, [row.sealed for row in rows])
    for row, text in zip(rows, keys.seal(bound, plain), strict=True):
        row.sealed = text
    table.model.objects.bulk_update(rows, ["sealed"], batch_size=500)


def _bodies_again(table: SealedRows, keys: rules.Vault, rows: Sequence[Any]) -> None:
    for row in rows:
        number = table.bound_to(row)
        plain = keys.unseal_body(number, row.sealed, bytes(getattr(row, table.body)))
        sealed, body = keys.seal_body(number, plain)
        table.model.objects.filter(pk=row.pk).update(**{"sealed": sealed, table.body: body})
