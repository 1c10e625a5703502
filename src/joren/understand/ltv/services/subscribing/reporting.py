"""The report on contracts: small tables of sums, the model's curve beside what was seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np

from joren.core.figures import Figure
from joren.science.arrays import Floats
from joren.science.clv.choosing import Standing
from joren.science.clv.renewal_choosing import rate_limits
from joren.science.inference import proportion_interval
from joren.understand.ltv.contracts import (
    CandidateMarks,
    Composition,
    ContractMonth,
    RenewalCutoff,
    RenewalPoint,
    SubscriptionReport,
    TenureOutlook,
    reasons,
)
from joren.understand.ltv.rules import contract_runs as runs
from joren.understand.ltv.rules import contract_tables, thresholds
from joren.understand.ltv.rules.contract_runs import USUAL_DAYS
from joren.understand.ltv.services.gathering import Gathered
from joren.understand.ltv.services.reporting.models import NORMAL, parameters
from joren.understand.ltv.services.subscribing import judging
from joren.understand.ltv.services.subscribing.composing import ONE, Composed
from joren.understand.ltv.services.subscribing.concluding import Subscribed
from joren.understand.ltv.services.subscribing.judging import Learned

CURVE: Final = 24
"""Renewals that the curve shows at least, where contracts have got so far or a model knows."""
LONGEST: Final = 60
_COUNTED: Final = ("running", "late", "paused", "ended", "at_risk")
_MONEY: Final = ("renewals_365d", "revenue_365d", "profit_365d")


def nothing(gathered: Gathered, composed: Composed) -> SubscriptionReport:
    """Of a shop without contracts."""
    return SubscriptionReport(
        snapshot_id=gathered.snapshot_id,
        as_of=gathered.as_of_text,
        currency=gathered.currency,
        model="",
        why=reasons.NO_CONTRACT,
        usual_days=USUAL_DAYS,
        figures={},
        curve=(),
        months=(),
        tenures=(),
        candidates=(),
        history=(),
        parameters=(),
        composition=_composition(gathered, composed),
    )


def report(gathered: Gathered, subscribed: Subscribed, composed: Composed) -> SubscriptionReport:
    """The document of this snapshot."""
    learned, contracts = subscribed.learned, subscribed.contracts
    rows = gathered.warehouse.engine.rows
    model = learned.choice.candidate if learned.ahead is not None else ""
    fitted = None if learned.ahead is None else learned.ahead.fitted
    (totals,) = rows(contract_tables.totals(contracts, at_risk=thresholds.AT_RISK))
    return SubscriptionReport(
        snapshot_id=gathered.snapshot_id,
        as_of=gathered.as_of_text,
        currency=gathered.currency,
        model=model,
        why=judging.why(learned),
        usual_days=subscribed.followed.usual[gathered.as_of],
        figures=_figures(gathered, totals, model, learned.why),
        curve=_curve(gathered, learned, model),
        months=_months(rows(runs.months(contracts)), gathered.as_of),
        tenures=tuple(
            _tenure(gathered, row, model) for row in rows(contract_tables.by_number(contracts))
        ),
        candidates=_candidates(gathered, learned.choice.standings),
        history=tuple(reversed(_history(learned))),
        parameters=() if fitted is None else parameters(model, fitted),
        composition=_composition(gathered, composed),
    )


def _figures(
    gathered: Gathered, totals: Mapping[str, Any], model: str, why: str
) -> dict[str, Figure]:
    day = gathered.as_of_text
    found = {}
    for name in _COUNTED:
        count = totals[name]
        unknown = not model and name == "at_risk"
        found[f"contracts_{name}"] = Figure(
            f"contracts_{name}",
            None if unknown else count,
            "contracts",
            n=totals["contracts"],
            as_of=day,
            model=model if name == "at_risk" else "",
            why=why if unknown else "",
        )
    for name in _MONEY:
        unit = "ratio" if name == "renewals_365d" else gathered.currency
        n = totals[f"{name}_n"]
        lacking = (
            ""
            if n
            else why
            or (reasons.UNKNOWN_COST if name == "profit_365d" else reasons.NEVER_RENEWED_PAID)
        )
        value = totals[f"{name}_total"] if n else None
        found[f"contract_{name}"] = Figure(
            f"contract_{name}", value, unit, n, as_of=day, model=model, why=lacking
        )
    return found


def _curve(gathered: Gathered, learned: Learned, model: str) -> tuple[RenewalPoint, ...]:
    """Each running number that was seen, and up to CURVE what the model says."""
    seen = learned.observed
    renewed, lost = np.zeros(LONGEST + 1), np.zeros(LONGEST + 1)
    if seen is not None:
        inside = seen.period <= LONGEST
        places = seen.period[inside].astype(np.intp)
        renewed[places], lost[places] = seen.renewed[inside], seen.lost[inside]
    reached = np.flatnonzero(renewed + lost > 0)
    size = max(int(reached.max(initial=0)), CURVE if learned.ahead is not None else 0)
    numbers = np.arange(1, size + 1)
    due = (renewed + lost)[1 : size + 1]
    limits = proportion_interval(renewed[1 : size + 1], np.maximum(due, 1), thresholds.LEVEL)
    told = _told(learned, numbers)
    return tuple(
        RenewalPoint(
            number=int(number),
            due=int(due[place]),
            observed=_observed(gathered, renewed[number], due[place], limits, place),
            model=_modelled(gathered, model, told, place, learned.why),
            survival=_survival(gathered, model, told, place, learned.why),
        )
        for place, number in enumerate(numbers)
    )


_Told = tuple[Floats, Floats, Floats, Floats]


def _told(learned: Learned, numbers: Any) -> _Told | None:
    if learned.ahead is None:
        return None
    fitted = learned.ahead.fitted
    low, high = rate_limits(fitted, numbers, NORMAL)
    return fitted.retention(numbers), low, high, fitted.survival(numbers)


def _observed(gathered: Gathered, made: float, due: float, limits: Any, place: int) -> Figure:
    name, day = "renewal_rate", gathered.as_of_text
    if not due:
        return Figure(name, None, "share", 0, as_of=day, why=reasons.NONE_DUE)
    low, high = float(limits.low[place]), float(limits.high[place])
    level = thresholds.LEVEL
    return Figure(name, float(made / due), "share", int(due), low, high, level, day, "Wilson")


def _modelled(gathered: Gathered, model: str, told: _Told | None, place: int, why: str) -> Figure:
    name, day = "renewal_rate", gathered.as_of_text
    if told is None:
        return Figure(name, None, "share", as_of=day, why=why)
    rate, low, high, _ = (float(one[place]) for one in told)
    if not np.isfinite(low + high):
        return Figure(name, rate, "share", as_of=day, model=model, why=reasons.NO_LIMITS)
    return Figure(
        name, rate, "share", None, low, high, thresholds.LEVEL, day, model,
        reasons.LIMITS_OF_PARAMETERS,
    )  # fmt: skip


def _survival(gathered: Gathered, model: str, told: _Told | None, place: int, why: str) -> Figure:
    value = None if told is None else float(told[3][place])
    day = gathered.as_of_text
    lacking = why if told is None else ""
    return Figure("contract_survival", value, "share", as_of=day, model=model, why=lacking)


def _months(rows: list[dict[str, Any]], as_of: date) -> tuple[ContractMonth, ...]:
    """Every month from the first to that of the as-of day, also where nothing changed."""
    counted = {row["month"]: row for row in rows}
    if not counted:
        return ()
    months, month, running = [], min(counted), 0
    while month <= as_of:
        row = counted.get(month, {"started": 0, "ended": 0})
        running += row["started"] - row["ended"]
        months.append(ContractMonth(month, row["started"], row["ended"], running))
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return tuple(months)


def _tenure(gathered: Gathered, row: Mapping[str, Any], model: str) -> TenureOutlook:
    n, day = row["contracts"], gathered.as_of_text

    def mean(name: str, of: str, unit: str) -> Figure:
        count, total = row[f"{of}_n"], row[f"{of}_total"]
        value = total / count if count else None
        return Figure(name, value, unit, count, as_of=day, model=model)

    return TenureOutlook(
        number=row["number"],
        contracts=n,
        p_cancel=mean("contract_p_cancel", "p_cancel", "share"),
        renewals_365d=mean("contract_renewals_365d", "renewals_365d", "ratio"),
        renewals_5y=mean("contract_renewals_5y", "renewals_5y", "ratio"),
        lifetime_days=mean("contract_lifetime", "lifetime_days", "days"),
        revenue_365d=mean("contract_revenue_365d", "revenue_365d", gathered.currency),
    )


def _composition(gathered: Gathered, composed: Composed) -> Composition:
    told, day, money = composed.parts, gathered.as_of_text, gathered.currency
    sums = (
        ()
        if told is None
        else (
            ("contract_renewals_365d", told.contract_orders, "ratio"),
            ("other_orders_365d", told.other_orders, "ratio"),
            ("contract_revenue_365d", told.contract_revenue, money),
            ("other_revenue_365d", told.other_revenue, money),
        )
    )
    return Composition(
        way=composed.choice.candidate if told is not None else ONE,
        why=composed.why,
        scale=composed.scale,
        parts=tuple(
            Figure(name, float(part.sum()), unit, int(part.size), as_of=day)
            for name, part, unit in sums
        ),
        candidates=_candidates(gathered, composed.choice.standings),
        history=composed.history,
    )


def _candidates(
    gathered: Gathered, standings: Sequence[Standing[str, Any]]
) -> tuple[CandidateMarks, ...]:
    day = gathered.as_of_text
    return tuple(
        CandidateMarks(
            one.candidate, one.candidate, None, one.score, one.behind,
            Figure("total_error", one.error, "share", as_of=day), one.verdict,
        )
        for one in standings
    )  # fmt: skip


def _history(learned: Learned) -> list[RenewalCutoff]:
    return [
        RenewalCutoff(
            cutoff=cutoff.isoformat(),
            last=last.isoformat(),
            due=int(mark.weights.sum()),
            foretold=mark.window.predicted,
            made=int(mark.window.actual),
            error=Figure("bias", mark.window.error, "share", as_of=cutoff.isoformat()),
        )
        for (cutoff, last), mark in zip(learned.cutoffs, learned.choice.marks, strict=True)
    ]
