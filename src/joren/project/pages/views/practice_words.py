"""What a practice is called."""

from __future__ import annotations

from joren.measure.practices.contracts import FIFTEEN, Practice
from joren.project.pages.codes import partner


def called(one: Practice) -> str:
    """One of the fifteen in the reader's language, the shop's own as it is."""
    return one.name if one.own else partner(*FIFTEEN[one.key])
