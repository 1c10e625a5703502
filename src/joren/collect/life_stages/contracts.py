"""Words about stages of life. No Django."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from joren.core.errors import BadInput, NotFound

Source = Literal["hand", "import", "live"]

TOLD: Final = ("life_stage", "life_stage_since")
"""Columns by which files and live events say it of somebody."""

LONGEST: Final = 60
"""Characters of a stage's name, and of what was said."""

MOST: Final = 60
"""Stages that a catalogue has at most."""

FEWEST: Final = 3
"""Of so many people a word that no stage has is shown: of fewer it might tell who said it."""


@dataclass(frozen=True)
class LifeStage:
    """One stage of the shop's catalogue. ``words`` are further ones by which files call it."""

    number: int
    ja: str
    en: str
    words: tuple[str, ...] = ()
    retired: bool = False  # whoever is in it stays there, and nobody is put there by hand


@dataclass(frozen=True)
class Catalogue:
    """The stages as they stood from a moment on, and who set them; None: joren came with them."""

    stages: tuple[LifeStage, ...]
    changed_at: datetime | None
    changed_by: str


@dataclass(frozen=True)
class StageSaid:
    """What somebody said of a customer's life. ``stage`` is None where no stage has the word.

    ``since`` is when it began, where that was said, and else the day on which it was heard.
    """

    said: str
    stage: LifeStage | None
    since: date
    at: datetime
    source: Source
    by: str


@dataclass(frozen=True)
class StageCount:
    """How many customers are in a stage now."""

    stage: LifeStage
    customers: int


@dataclass(frozen=True)
class WordCount:
    """A word that no stage has, and how many customers stand at it."""

    word: str
    customers: int


STAGES: Final = (
    LifeStage(1, "学生", "Student", ("student",)),
    LifeStage(2, "新社会人", "First job", ("first_job", "new_graduate")),
    LifeStage(3, "結婚", "Marriage", ("marriage", "married", "newlywed")),
    LifeStage(4, "出産", "Birth of a child", ("birth", "newborn")),
    LifeStage(5, "子育て", "Parenting", ("parenting", "family")),
    LifeStage(6, "独立・空の巣", "Children have left", ("empty_nest", "子育て終了")),
    LifeStage(7, "シニア", "Senior", ("senior", "retired", "退職")),
)
"""What joren comes with."""


class NoSuchStage(NotFound):
    """The catalogue has no stage of that number or word."""


class StagesContradict(BadInput):
    """Two stages would have one word, or one would have none."""


class StageAhead(BadInput):
    """A stage of life cannot be said to have begun after today."""
