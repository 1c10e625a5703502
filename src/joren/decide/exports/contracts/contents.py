"""What a file of a segment may hold. Upper rooms enter what they know of customers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Literal, get_args

from joren.core.registry import Registry
from joren.decide.exports.contracts.labels import Encoding

Content = Literal["labels", "customers"]
"""Names for envelopes; or everybody with names, contacts and figures."""
CONTENTS: Final[tuple[Content, ...]] = get_args(Content)

Part = tuple[bytes, int]
"""Some of a file, and how many people are in it."""
Writer = Callable[[int, Encoding, str], Iterator[Part]]
"""Of a segment's number, in that encoding, taken by whom, which it writes down first."""

WRITERS: Final[Registry[Writer]] = Registry("kind of file")
