"""How much of a machine one message may take."""

from __future__ import annotations

from typing import Final

MEMORY: Final = 384 * 2**20
"""Bytes of a child process; Python and the libraries are in it."""

SECONDS: Final = 3
"""For one message, which takes some hundredths."""
