"""Which stage of customers is looked after, and what the others lack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from joren.act.journeys.contracts import STAGES, Document, Gap, Journey, Remedy, Send, Stage
from joren.act.journeys.rules.ready_made import READY_MADE

_Kept = tuple[Journey, Document]


def gaps(kept: Iterable[_Kept]) -> tuple[Gap, ...]:
    """Every gap, in the order of the stages: of a journey in use, and the document that counts.

    A journey looks after its stage while it runs: a draft, or a paused one, writes to nobody.
    """
    found = [*kept]
    names = {journey.name for journey, _ in found}
    by_stage = [
        gap
        for stage in STAGES
        for gap in _of_stage(stage, [one for one in found if one[1].stage == stage], names)
    ]
    lost = _numbers(one for one in found if one[1].stage is None)
    return (*by_stage, *([Gap(None, ("stage",), "name_stage", lost)] if lost else []))


def _of_stage(stage: Stage, theirs: list[_Kept], names: set[str]) -> Iterator[Gap]:
    runs = [one for one in theirs if one[0].state == "running"]
    if not runs:
        ready = tuple(
            place
            for place, one in enumerate(READY_MADE)
            if one.stage == stage and not {one.ja, one.en} & names
        )
        remedy: Remedy = "publish" if theirs else "begin"
        yield Gap(stage, ("message", "owner", "kpi"), remedy, _numbers(theirs), ready)
        return
    if not any(_writes(document) for _, document in runs):
        yield Gap(stage, ("message",), "write", _numbers(runs))
    if nobodys := _numbers(one for one in runs if not one[1].owner.strip()):
        yield Gap(stage, ("owner",), "name_owner", nobodys)
    if unjudged := _numbers(one for one in runs if not one[1].kpi.strip()):
        yield Gap(stage, ("kpi",), "name_kpi", unjudged)


def _writes(document: Document) -> bool:
    return any(isinstance(node, Send) for node in document.nodes)


def _numbers(kept: Iterable[_Kept]) -> tuple[int, ...]:
    return tuple(journey.id for journey, _ in kept)
