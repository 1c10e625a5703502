"""Questions about practices, what shows them, and audits."""

from joren.measure.practices.selectors.keeping import (
    audits,
    decisions,
    measured,
    practice,
    practices,
    removable,
    standing,
)
from joren.measure.practices.selectors.showing import evidence, evidence_of, folder, path_of

__all__ = [
    "audits",
    "decisions",
    "evidence",
    "evidence_of",
    "folder",
    "measured",
    "path_of",
    "practice",
    "practices",
    "removable",
    "standing",
]
