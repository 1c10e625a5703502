"""One phone as it is kept. Columns of them are read by ``contacts``."""

from __future__ import annotations

import re
from typing import Final

_LONGEST: Final = 25
_WIDE: Final = str.maketrans("０１２３４５６７８９＋", "0123456789+")


def phone_of(text: str) -> str | None:
    """E.164, without a country a Japanese number; None where the text is more or less than one."""
    said = text.strip().translate(_WIDE)
    if len(said) > _LONGEST or not re.fullmatch(r"\+?[\d\-－−‐ー() （）　.]+", said):
        return None
    digits = re.sub(r"\D", "", said)
    if said.startswith("+"):
        return f"+{digits}" if 8 <= len(digits) <= 15 else None
    if digits.startswith("0") and len(digits) in (10, 11):
        return f"+81{digits[1:]}"
    return f"+{digits}" if digits.startswith("81") and len(digits) in (11, 12) else None
