"""Letters and messages that were kept: what lies sealed of them, under the keys of personal data.

A row of before is plain until the next sweep seals it, and is read as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from joren.act.messages import models
from joren.collect.customers import selectors as people


@dataclass(frozen=True)
class Opened:
    """What a message says, and to whom."""

    recipient: str
    subject: str
    text: str
    html: str | None = None
    headers: Mapping[str, Any] | None = None


def opened(rows: Sequence[models.Letter] | Sequence[models.KeptBack]) -> list[Opened]:
    """Of each row what it says."""
    hidden = [row for row in rows if row.sealed]
    texts = people.unseal_texts([row.key for row in hidden], [row.sealed for row in hidden])
    known = {row.key: text for row, text in zip(hidden, texts, strict=True)}
    return [Opened(**json.loads(known[row.key])) if row.sealed else _plain(row) for row in rows]


def closed(keys: Sequence[str], told: Sequence[Opened]) -> list[str]:
    """The same as it is kept, each bound to the row of that key."""
    texts = [json.dumps(one.__dict__, ensure_ascii=False) for one in told]
    return people.seal_texts(keys, texts)


def _plain(row: models.Letter | models.KeptBack) -> Opened:
    if isinstance(row, models.Letter):
        return Opened(row.recipient, row.subject, row.text)
    return Opened(row.recipient, row.subject, row.text, row.html, row.headers)
