"""Are the arms as large as they were drawn, and if not: since when, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from joren.core.words import gettext_noop

ArmsGroup = Literal["stage", "stratum", "day", "store", "source"]
ARMS_GROUP_NAMES: Final[Mapping[ArmsGroup, str]] = {
    "stage": gettext_noop("Stage"),
    "stratum": gettext_noop("Decile of value"),
    "day": gettext_noop("Day of the draw"),
    "store": gettext_noop("Store of the first order"),
    "source": gettext_noop("Where they came from"),
}
STAGES: Final = (
    gettext_noop("drawn by lot"), gettext_noop("in the log"), gettext_noop("counted today"),
)  # fmt: skip

ArmsCause = Literal[
    "in_two_arms", "assigned_unevenly", "lost_on_the_way", "in_some_groups", "everywhere"
]


@dataclass(frozen=True)
class ArmsCount:
    """Both arms of one group, and p of such counts under the shares that were drawn."""

    group: ArmsGroup
    name: str
    treated: int
    held_out: int
    p: float


@dataclass(frozen=True)
class ArmsLikely:
    """A likely cause, and the stage or the groups where it shows."""

    cause: ArmsCause
    group: ArmsGroup
    where: tuple[str, ...]


@dataclass(frozen=True)
class ArmsCheck:
    """Sample ratio mismatch of one holdout. ``blocks``: no effect of it is shown as one."""

    p: float | None  # None: one arm has nobody yet
    blocks: bool
    in_both: int
    counts: tuple[ArmsCount, ...]
    likely: tuple[ArmsLikely, ...]
