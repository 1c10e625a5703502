"""Personal data as it lies in the database: sealed, and found again by keyed hashes.

AES-256-GCM seals all contact fields of a row as one text, bound to the row's number: it opens under
no other. A keyed BLAKE2b hash (a *token*) is equal where the text is, and tells nothing without the
key but that. A column is sealed in one pass, two microseconds a row.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode, urlsafe_b64decode
from binascii import Error as NotBase64
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from struct import iter_unpack
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from joren.collect.customers.contracts import BadKeys, WrongKey
from joren.collect.customers.rules.texts import grams_column

_NONCE: Final = 12
_BOUND: Final = 8
_KEY: Final = 32
_START: Final = "\x02"
"""Stands before the first sign of a name, so that names that begin so are found by a pair."""


@dataclass(frozen=True)
class Vault:
    """``keys`` by name, the first seals; ``hashing`` is the key of the tokens."""

    keys: Mapping[str, bytes]
    hashing: bytes

    @property
    def current(self) -> str:
        """The name of the key that seals."""
        return next(iter(self.keys))

    @cached_property
    def _ciphers(self) -> dict[str, AESGCM]:
        return {name: AESGCM(key) for name, key in self.keys.items()}

    def seal(self, ids: Sequence[int], texts: Sequence[str | None]) -> list[str]:
        """Each text bound to its row; nothing stays nothing."""
        seal, head = self._ciphers[self.current].encrypt, f"{self.current}."
        nonces = _parted(os.urandom(_NONCE * len(ids)), _NONCE)
        bounds = _parted(np.asarray(ids, "<i8").tobytes(), _BOUND)
        return [
            head + b2a_base64(nonce + seal(nonce, text.encode(), bound), newline=False).decode()
            if text
            else ""
            for nonce, bound, text in zip(nonces, bounds, texts, strict=True)
        ]

    def unseal(self, ids: Sequence[int], sealed: Sequence[str]) -> list[str]:
        """The texts again. Those under the key that seals are opened in one pass."""
        head = f"{self.current}."
        begin, open_one = len(head), self._ciphers[self.current].decrypt
        bounds = _parted(np.asarray(ids, "<i8").tobytes(), _BOUND)
        try:
            return [
                open_one((raw := a2b_base64(text[begin:]))[:_NONCE], raw[_NONCE:], bound).decode()
                if text.startswith(head)
                else self._opened(bound, text)
                for bound, text in zip(bounds, sealed, strict=True)
            ]
        except (InvalidTag, ValueError):
            raise _does_not_open(self.current) from None

    def seal_body(self, row: int, body: bytes) -> tuple[str, bytes]:
        """Under which key, as a row's ``sealed`` says it, and the body as it is kept: as bytes."""
        nonce = os.urandom(_NONCE)
        sealed = self._ciphers[self.current].encrypt(nonce, body, _bound(row))
        return f"{self.current}.", nonce + sealed

    def unseal_body(self, row: int, sealed: str, body: bytes) -> bytes:
        """The body again."""
        return self._decrypted(_bound(row), sealed.removesuffix("."), lambda: body)

    def _opened(self, bound: bytes, text: str) -> str:
        if not text:
            return ""
        name, _, body = text.partition(".")
        return self._decrypted(bound, name, lambda: a2b_base64(body)).decode()

    def _decrypted(self, bound: bytes, name: str, read: Callable[[], bytes]) -> bytes:
        try:
            raw = read()
            return self._ciphers[name].decrypt(raw[:_NONCE], raw[_NONCE:], bound)
        except KeyError:
            raise WrongKey(
                f"personal data is sealed under the key {name!r}, which is not at hand",
                hint="put the key back: JOREN_PERSONAL_KEYS, or personal-keys in the home",
            ) from None
        except (InvalidTag, ValueError):
            raise _does_not_open(name) from None

    def token(self, text: str) -> str:
        """The hash of one text."""
        return blake2b(text.encode(), key=self.hashing, digest_size=12).hexdigest()

    def tokens(self, texts: Iterable[str | None]) -> list[str | None]:
        """``token`` of each; nothing stays nothing."""
        keyed = blake2b(key=self.hashing, digest_size=12)  # a copy has taken the key in already

        def hashed(text: str) -> str:
            one = keyed.copy()
            one.update(text.encode())
            return one.hexdigest()

        return [hashed(text) if text else None for text in texts]

    def hidden_keys(self, keys: pa.Array) -> pa.Array:
        """Identities' keys as they lie in the database: their kind, and the hash of the whole."""
        hashed = pa.array(self.tokens(keys.to_pylist()), pa.string())
        return pc.binary_join_element_wise(pc.utf8_slice_codeunits(keys, 0, 1), hashed, ":~")

    def grams(self, *names: Any) -> pa.Array:
        """The pairs of characters of each row's searchable texts, as short tokens with spaces."""
        marked = [
            pc.if_else(pc.equal(name, ""), "", pc.binary_join_element_wise(_START, name, ""))
            for name in (pc.fill_null(name, "") for name in names)
        ]
        pairs = pc.split_pattern(grams_column(*marked), " ")
        pairs = pa.concat_arrays([pairs])
        coded = pc.dictionary_encode(pairs.values)
        short = pa.array([self._short(pair) for pair in coded.dictionary.to_pylist()], pa.string())
        hashed = short.take(coded.indices)
        return pc.binary_join(pa.ListArray.from_arrays(pairs.offsets, hashed), " ")

    def pairs(self, text: str, *, begins: bool) -> list[str]:
        """The tokens of one searchable text; ``begins`` where a name shall begin so."""
        marked = _START + text if begins else text
        places = range(len(marked) - 1)
        return sorted({self._short(marked[place : place + 2]) for place in places})

    def _short(self, pair: str) -> str:
        if not pair:
            return ""
        return blake2b(pair.encode(), key=self.hashing, digest_size=5, person=b"pair").hexdigest()


def _does_not_open(name: str) -> WrongKey:
    return WrongKey(
        f"the key {name!r} does not open what was sealed under that name",
        hint="put the key back: JOREN_PERSONAL_KEYS, or personal-keys in the home",
    )


def _bound(row: int) -> bytes:
    return row.to_bytes(_BOUND, "little", signed=True)


def _parted(whole: bytes, size: int) -> Iterator[bytes]:
    """So many bytes at a time."""
    return (part for (part,) in iter_unpack(f"{size}s", whole))


def read_keys(text: str) -> dict[str, bytes]:
    """``NAME:BASE64 …`` as keys by name, in their order."""
    keys: dict[str, bytes] = {}
    for word in text.replace(",", " ").split():
        name, _, body = word.partition(":")
        try:
            key = urlsafe_b64decode(body + "=" * (-len(body) % 4))
        except (NotBase64, ValueError):
            key = b""
        if len(key) != _KEY or not name.isalnum():
            raise BadKeys(
                f"the key {name[:20]!r} of personal data is no NAME:KEY with 32 bytes of Base64",
                hint="joren keys new makes one",
            )
        keys[name] = key
    if not keys:
        raise BadKeys("there is no key for personal data", hint="joren keys new makes one")
    return keys


def new_key() -> bytes:
    """A key by chance."""
    return os.urandom(_KEY)


def wrapped(keys: Mapping[str, bytes], hashing: bytes) -> str:
    """The key of the tokens, sealed under the current key: it lies in the database."""
    (sealed,) = Vault(keys, b"-").seal([0], [b64encode(hashing).decode()])
    return sealed


def vault_of(keys: Mapping[str, bytes], sealed: str) -> Vault:
    """The vault whose key of the tokens was ``wrapped``."""
    (text,) = Vault(keys, b"-").unseal([0], [sealed])
    return Vault(keys, b64decode(text))
