"""What an action cost, where unknown is not nothing."""

from __future__ import annotations

from collections.abc import Mapping

from joren.measure.experiments.contracts import (
    A_CHANNEL_WITHOUT_COST,
    MESSAGES_UNSAID,
    NOBODY_SAID_COST,
    EffectCost,
)


def cost_of(sent: int, ledger: int | None, said: Mapping[str, int]) -> EffectCost:
    """Messages by the ledger unless somebody said what they cost, and all else that was said.

    ``ledger`` is None where the cost of a channel is not known, and where other tools sent them.
    """
    if "messages" in said:
        return EffectCost(sent, ledger, said, sum(said.values()))
    if sent and ledger is None:
        return EffectCost(sent, None, said, None, A_CHANNEL_WITHOUT_COST)
    if not sent and not said:
        return EffectCost(0, None, said, None, NOBODY_SAID_COST)
    if ledger is None:
        return EffectCost(sent, None, said, None, MESSAGES_UNSAID)
    return EffectCost(sent, ledger, said, ledger + sum(said.values()))
