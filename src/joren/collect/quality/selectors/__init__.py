"""How good the facts are."""

from joren.collect.quality.selectors.building import quality_report
from joren.collect.quality.selectors.reports import (
    REPORT,
    ROOM,
    alarms,
    document_of,
    newest_report,
    report_asked,
    report_in,
    shortfalls,
    verdicts_in,
)

__all__ = [
    "REPORT",
    "ROOM",
    "alarms",
    "document_of",
    "newest_report",
    "quality_report",
    "report_asked",
    "report_in",
    "shortfalls",
    "verdicts_in",
]
