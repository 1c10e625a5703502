"""What errors about people's lives say to a reader, and the way out, in words to translate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_noop

PROBLEMS_PEOPLE: Final[Mapping[str, tuple[str, str]]] = {
    "NoSuchStage": (
        gettext_noop("There is no such stage of life."),
        gettext_noop("Choose one that is in use; one that is no longer wanted is retired."),
    ),
    "StagesContradict": (
        gettext_noop("Two stages would share a word, or one has no name."),
        gettext_noop("Give each stage its own names and words."),
    ),
    "StageAhead": (
        gettext_noop("A stage of life cannot begin after today."),
        gettext_noop("Write it down when it has begun."),
    ),
    "NoJourneyMapYet": (
        gettext_noop("The figures hold no journey map yet."),
        gettext_noop("Refresh the figures."),
    ),
    "TargetMeaningless": (
        gettext_noop("The target cannot be met or missed."),
        gettext_noop("Give a share above 0 and up to 100 %, within 1 to 730 days."),
    ),
    "BadSchedule": (
        gettext_noop("No file could be written by that rhythm."),
        gettext_noop("Check the day, the hour and how long files are kept."),
    ),
    "NoSuchExport": (
        gettext_noop("There is no such schedule, or no such file."),
        gettext_noop("The page of these files lists all of them."),
    ),
    "MakerMayNoMore": (
        gettext_noop("Whoever planned these files may not take personal data any more."),
        gettext_noop("Somebody who may plans them anew."),
    ),
    "FileGone": (
        gettext_noop("The file is kept no longer, or was never finished."),
        gettext_noop("The next one is written on its day."),
    ),
    "NoShiftsYet": (
        gettext_noop("The figures say nothing of shifts yet."),
        gettext_noop("Refresh the figures."),
    ),
}
