"""Write keys: 24 random bytes, so that a plain hash gives nothing away."""

from __future__ import annotations

import hashlib


def hash_of(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
