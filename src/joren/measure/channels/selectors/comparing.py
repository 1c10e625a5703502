"""Every channel beside the others: what was spent, and what a yen brought."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from joren.act.campaigns.contracts import SOURCE as CAMPAIGN
from joren.act.journeys.contracts import SOURCE as JOURNEY
from joren.act.messages import selectors as messages
from joren.measure.channels.contracts import YEAR, AreaTest, ChannelRow
from joren.measure.channels.rules import telling
from joren.measure.channels.rules.telling import Gain
from joren.measure.channels.selectors import keeping
from joren.measure.channels.selectors.areas import teller_of
from joren.measure.channels.selectors.reading import apart
from joren.measure.experiments import selectors as experiments
from joren.measure.experiments.contracts import Result
from joren.understand.economics import selectors as economics
from joren.understand.economics.contracts import NoEconomicsYet
from joren.warehouse import Snapshot

SEVERAL = "several"
"""An action that used more than one channel belongs to none alone."""


def compared(snapshot: Snapshot) -> tuple[ChannelRow, ...]:
    """Best per yen first; what was not measured by lot has a spend and no effect."""
    gains = [*_of_messages(experiments.results()), *_of_areas(keeping.area_tests(), snapshot)]
    return telling.rows_of(
        gains, [*_imported(snapshot), *_said(snapshot)],
        (*messages.channel_names(), SEVERAL), teller_of(snapshot),
    )  # fmt: skip


def _of_messages(results: Iterable[Result]) -> list[Gain]:
    """Campaigns and journeys with a part left out, by the channel that they used."""
    sent = [one for one in results if one.action.kind in ("campaign", "journey")]
    channels = {
        source: messages.channels_of(
            source, [one.action.number for one in sent if one.action.number is not None
                     and one.action.kind == source],
        )
        for source in (CAMPAIGN, JOURNEY)
    }  # fmt: skip
    return [
        _gain(one, used)
        for one in sent
        if (used := channels[one.action.kind].get(one.action.number or 0))
    ]


def _gain(one: Result, used: Sequence[str]) -> Gain:
    """What the action brought before its cost. In profit it was told after it."""
    channel = used[0] if len(used) == 1 else SEVERAL
    realised, cost = one.realised, one.cost.total
    added = (cost or 0) if one.metric == "profit" else 0
    limits = (realised.value, realised.low, realised.high)
    before = [None if each is None else each + added for each in limits]
    metric = "revenue" if one.metric == "revenue" else "profit"
    if one.evidence in ("broken", "not_yet", "too_small"):
        before = [None, None, None]
    return Gain(channel, metric, before[0], before[1], before[2], cost)  # type: ignore[arg-type]  # of the three limits none is left out


def _of_areas(tests: Iterable[AreaTest], snapshot: Snapshot) -> list[Gain]:
    """Tests by lot only: a comparison with areas that somebody chose proves nothing."""
    found = []
    for one in tests:
        if one.by_lot:
            said = apart(one, snapshot)
            gain = said.gain
            found.append(
                Gain(one.text.channel, said.metric, gain.value, gain.low, gain.high, said.cost)
            )
    return found


def _imported(snapshot: Snapshot) -> list[tuple[str, int]]:
    """By source, of the last twelve full months (Economics)."""
    try:
        report = economics.economics_report(snapshot)
    except NoEconomicsYet:
        return []
    return [(one.source, one.spend) for one in report.channels if one.source and one.spend]


def _said(snapshot: Snapshot) -> list[tuple[str, int]]:
    """The part of what was said that lies in the last 365 days."""
    until = snapshot.as_of.toordinal()
    since = (snapshot.as_of - YEAR).toordinal() + 1
    every = [
        (one.channel, telling.within(one.first.toordinal(), one.last.toordinal(), one.amount,
                                     since, until))
        for one in keeping.spends()
    ]  # fmt: skip
    return [(channel, amount) for channel, amount in every if amount]
