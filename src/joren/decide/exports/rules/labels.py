"""How a name and a postal code stand on an envelope, and what CP932 cannot write."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from joren.decide.exports.contracts.labels import GETA, Encoding

_HONOURED: Final = ("様", "さま", "殿", "御中", "先生")
_ALIKE: Final = str.maketrans({
    "〜": "～", "−": "－", "‖": "∥", "—": "―", "¢": "￠", "£": "￡", "¬": "￢", "\u00a0": " ",
    "–": "－", "¥": "￥",
})  # fmt: skip
"""Signs that CP932 has under another number: what Windows itself would write."""
_FORMULA: Final = re.compile(r"^[=+\-@\t\r]")


def recipient(name: str) -> str:
    """The name as one is addressed, 様 once."""
    name = " ".join(name.split())
    if not name or name.endswith(_HONOURED):
        return name
    return f"{name} 様"


def postal_code(text: str) -> str:
    """1500001, 〒150-0001 and full-width signs as 150-0001; anything else as it was written."""
    plain = unicodedata.normalize("NFKC", text).strip()
    digits = re.sub(r"[〒\s\-‐−ー－]", "", plain)
    return f"{digits[:3]}-{digits[3:]}" if re.fullmatch(r"[0-9]{7}", digits) else plain


def fitted(text: str, encoding: Encoding) -> tuple[str, str]:
    """The text as the encoding can write it, and the characters that it cannot."""
    text = unicodedata.normalize("NFC", text)
    if encoding == "utf-8":
        return text, ""
    text = text.translate(_ALIKE)
    missing = "".join(sign for sign in dict.fromkeys(text) if not _writable(sign))
    for sign in missing:
        text = text.replace(sign, GETA)
    return text, missing


def harmless(text: str) -> str:
    """So that no spreadsheet takes a stranger's text for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def _writable(sign: str) -> bool:
    try:
        sign.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True
