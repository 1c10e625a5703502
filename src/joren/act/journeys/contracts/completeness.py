"""Words about what a stage of customers lacks. No Django."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from joren.act.journeys.contracts.document import Stage
from joren.core.words import gettext_noop

Lack = Literal["message", "owner", "kpi", "stage"]
Remedy = Literal["begin", "publish", "write", "name_owner", "name_kpi", "name_stage"]

LACK_NAMES: Final[Mapping[Lack, str]] = {
    "message": gettext_noop("no message"),
    "owner": gettext_noop("nobody is responsible"),
    "kpi": gettext_noop("no figure to judge it by"),
    "stage": gettext_noop("it is not said for which stage it is"),
}
REMEDY_WORDS: Final[Mapping[Remedy, str]] = {
    "begin": gettext_noop("Begin a ready-made journey, or write one of your own."),
    "publish": gettext_noop("Publish or resume the journey that is there."),
    "write": gettext_noop("Add a message to the journey."),
    "name_owner": gettext_noop("Name who is responsible for the journey."),
    "name_kpi": gettext_noop("Say by which figure the journey is judged."),
    "name_stage": gettext_noop("Say for which stage the journey is."),
}


@dataclass(frozen=True)
class Gap:
    """What a stage lacks, and what to do.

    ``journeys`` are those to put right; where there is none yet, ``ready`` are the places of the
    ready-made ones that would fill the gap. Without a stage it is of journeys that name none.
    """

    stage: Stage | None
    lacks: tuple[Lack, ...]
    remedy: Remedy
    journeys: tuple[int, ...] = ()
    ready: tuple[int, ...] = ()
