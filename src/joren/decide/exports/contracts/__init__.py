"""Files of segments as other rooms and the faces see them. No Django."""

from joren.decide.exports.contracts.contents import CONTENTS, WRITERS, Content, Part, Writer
from joren.decide.exports.contracts.labels import (
    GETA,
    HEADS,
    Encoding,
    LabelReport,
    Unwritable,
)
from joren.decide.exports.contracts.schedules import (
    LONGEST_KEPT,
    STATES,
    BadSchedule,
    Every,
    ExportFile,
    ExportSchedule,
    FileGone,
    FileState,
    MakerMayNoMore,
    NoSuchExport,
    Rhythm,
)

__all__ = [
    "CONTENTS",
    "GETA",
    "HEADS",
    "LONGEST_KEPT",
    "STATES",
    "WRITERS",
    "BadSchedule",
    "Content",
    "Encoding",
    "Every",
    "ExportFile",
    "ExportSchedule",
    "FileGone",
    "FileState",
    "LabelReport",
    "MakerMayNoMore",
    "NoSuchExport",
    "Part",
    "Rhythm",
    "Unwritable",
    "Writer",
]
