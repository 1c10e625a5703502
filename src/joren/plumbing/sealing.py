"""Secrets that joren must be able to read again lie sealed in the database, never as they are.

The seal is made of the installation's own secret key: a copy of the database alone opens nothing.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from joren.core.errors import Refused


class SealBroken(Refused):
    """The secret was sealed under another secret key."""


def seal(text: str) -> str:
    return _sealer(settings.SECRET_KEY).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    try:
        return _sealer(settings.SECRET_KEY).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealBroken(
            "the secret was sealed under another JOREN_SECRET_KEY", hint="enter the secret again"
        ) from None


@lru_cache(maxsize=2)
def _sealer(key: str) -> Fernet:
    digest = hashlib.sha256(b"joren.sealing\0" + key.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
