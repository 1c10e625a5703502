"""Questions about files of segments."""

from joren.decide.exports.selectors.kept import (
    export_files,
    export_schedule,
    export_schedules,
    folder,
    path_of,
)
from joren.decide.exports.selectors.labels import encoded, label_lines, label_report

__all__ = [
    "encoded",
    "export_files",
    "export_schedule",
    "export_schedules",
    "folder",
    "label_lines",
    "label_report",
    "path_of",
]
