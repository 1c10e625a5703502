"""Questions about ready-made journeys, and about the stages that none looks after."""

from __future__ import annotations

from joren.act.journeys.contracts import Gap
from joren.act.journeys.rules import READY_MADE, ReadyJourney
from joren.act.journeys.rules import gaps as found
from joren.act.journeys.selectors.keeping import journeys, versions_in


def ready_left() -> list[tuple[int, ReadyJourney]]:
    """Those of ours that the shop has not begun yet, with their places."""
    names = {one.name for one in journeys()}
    return [(place, one) for place, one in enumerate(READY_MADE) if not names & {one.ja, one.en}]


def gaps() -> tuple[Gap, ...]:
    """What the stages lack: of a journey that was published its version counts, not the draft."""
    versions = versions_in(["running", "paused"])
    published = {one.journey: one.document for one, newest in versions if newest}
    return found((one, published.get(one.id, one.draft)) for one in journeys())
