"""What was done under a holdout, and what that cost."""

from __future__ import annotations

from collections.abc import Mapping

from joren.act.campaigns import selectors as campaigns
from joren.act.campaigns.contracts import SOURCE as CAMPAIGN
from joren.act.journeys import selectors as journeys
from joren.act.journeys.contracts import SOURCE as JOURNEY
from joren.act.messages import selectors as messages
from joren.decide.holdouts.contracts import Holdout
from joren.decide.segments import selectors as segments
from joren.measure.experiments import models
from joren.measure.experiments.contracts import EffectAction, EffectCost
from joren.measure.experiments.rules import cost_of


def actions(of: list[Holdout]) -> dict[int, EffectAction]:
    """What was done under each: a campaign or a journey of joren, or something else."""
    numbers = [one.id for one in of]
    sent, walked = campaigns.under(numbers), journeys.under(numbers)
    names = {one.id: one.name for one in [*segments.segments(), *segments.segments(archived=True)]}
    return {one.id: _action(one, sent, walked, names) for one in of}


def costs(of: Mapping[int, EffectAction]) -> dict[int, EffectCost]:
    """What each cost, by number of the holdout."""
    said: dict[int, dict[str, int]] = {number: {} for number in of}
    for row in models.Cost.objects.filter(holdout_id__in=list(of)).order_by("kind"):
        said[row.holdout_id][row.kind] = row.amount
    return {
        number: cost_of(*_ledger(number, action), said[number]) for number, action in of.items()
    }


def _ledger(holdout: int, action: EffectAction) -> tuple[int, int | None]:
    """Of a journey only what was asked for while people were drawn by that holdout."""
    if action.number is None:
        return 0, None
    if action.kind == "journey":
        since, until = journeys.drawn_by(holdout)
        return messages.cost_of(JOURNEY, action.number, since=since, until=until)
    return messages.cost_of(CAMPAIGN, action.number) if action.kind == "campaign" else (0, None)


def _action(
    one: Holdout, sent: Mapping[int, tuple[int, str]], walked: Mapping[int, tuple[int, str]],
    segment_names: Mapping[int, str],
) -> EffectAction:  # fmt: skip
    if one.id in sent:
        return EffectAction("campaign", *sent[one.id])
    if one.id in walked:
        return EffectAction("journey", *walked[one.id])
    if one.kind == "global":
        return EffectAction("everything", None, one.name)
    if one.segment_id is not None:
        return EffectAction("segment", one.segment_id, segment_names.get(one.segment_id, one.name))
    return EffectAction("standing", None, one.name)
