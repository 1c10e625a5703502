"""From sums to a report: shares, means and how sure they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from joren.core.figures import Figure
from joren.science.inference import Sums, mean_interval, proportion_interval
from joren.understand.ranks.contracts import (
    CPM_GROUPS,
    STAGES,
    STEPS,
    WINDOWS,
    Alarm,
    Edges,
    FirstMonth,
    ParetoPoint,
    RankGroup,
    RankMovement,
    RankReport,
    RankRules,
    RfmCell,
    Survival,
    SurvivalStep,
    VipBounds,
    VipStanding,
    reasons,
)
from joren.understand.ranks.rules import counting

LEVEL = 0.95

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Scene:
    """What every figure of one report has in common."""

    as_of: date
    currency: str
    rules: RankRules
    edges: Edges
    vip: VipBounds

    def rate(self, name: str, k: int, n: int, why: str) -> Figure:
        """A share of people who might have done otherwise: with Wilson's interval."""
        if n == 0:
            return self._unknown(name, "share", why)
        limits = proportion_interval(k, n, LEVEL)
        return Figure(
            name,
            k / n,
            "share",
            n,
            float(limits.low),
            float(limits.high),
            LEVEL,
            self.as_of.isoformat(),
            "Wilson",
        )

    def part(self, name: str, part: int, whole: int, n: int, why: str) -> Figure:
        """A share of what there is: counted, so without an interval."""
        if whole <= 0:
            return self._unknown(name, "share", why)
        return Figure(name, part / whole, "share", n, as_of=self.as_of.isoformat())

    def mean(self, name: str, unit: str, n: int, total: int, squares: float, why: str) -> Figure:
        """A mean per customer; the interval needs two of them."""
        if n == 0:
            return self._unknown(name, unit, why)
        value, day = total / n, self.as_of.isoformat()
        if n == 1:
            return Figure(name, value, unit, 1, as_of=day)
        limits = mean_interval(Sums(n, total, squares), LEVEL)
        low, high = float(limits.low), float(limits.high)
        return Figure(name, value, unit, n, low, high, LEVEL, day, "Student's t")

    def _unknown(self, name: str, unit: str, why: str) -> Figure:
        return Figure(name, None, unit, 0, as_of=self.as_of.isoformat(), why=why)


def report(
    scene: Scene,
    *,
    rfm: Sequence[Row],
    deciles: Sequence[Row],
    pareto: Sequence[Row],
    cpm: Sequence[Row],
    stages: Sequence[Row],
    steps: Sequence[Row],
    first_months: Sequence[Row],
    vip: Row,
    compared: RankReport | None,
    movement: RankMovement | None,
) -> RankReport:
    """The room's whole report, from small rows of sums."""
    curve = counting.pareto(pareto)
    survivals = tuple(_survival(scene, steps, window) for window in WINDOWS)
    standing = _vip(scene, vip, compared, new=movement is None)
    by_stage = _groups(scene, "stage", list(STAGES), stages)
    return RankReport(
        as_of=scene.as_of,
        currency=scene.currency,
        customers=sum(group.customers for group in by_stage),
        rules=scene.rules,
        edges=scene.edges,
        figures=_headline(scene, by_stage, curve, survivals, standing),
        rfm=tuple(
            RfmCell(row["rfm_r"], row["rfm_f"], row["rfm_m"], row["customers"], row["revenue"])
            for row in rfm
        ),
        deciles=_groups(scene, "decile", list(range(1, 11)), deciles, cumulate=True),
        pareto=curve,
        cpm=_groups(scene, "cpm", list(CPM_GROUPS), cpm),
        stages=by_stage,
        survival=survivals,
        first_months=tuple(_first_month(scene, row) for row in first_months),
        vip=standing,
        movement=movement,
    )


def _groups(
    scene: Scene, by: str, codes: Sequence[object], rows: Sequence[Row], *, cumulate: bool = False
) -> tuple[RankGroup, ...]:
    """One group per code, also where nobody is in it."""
    nobody = dict.fromkeys(
        ("customers", "revenue", "revenue_squares", "purchases", "purchase_squares"), 0
    )
    found = {row[by]: row for row in rows}
    customers = sum(row["customers"] for row in rows)
    revenue = sum(row["revenue"] for row in rows)
    groups = []
    so_far = 0
    for code in codes:
        row = found.get(code, nobody)
        so_far += row["revenue"]
        groups.append(
            _group(scene, str(code), row, customers, revenue, so_far if cumulate else None)
        )
    return tuple(groups)


def _group(
    scene: Scene, code: str, row: Row, customers: int, revenue: int, so_far: int | None
) -> RankGroup:
    n = row["customers"]
    no_revenue, nobody = reasons.NO_REVENUE, reasons.NOBODY_IN_GROUP
    spent = (n, row["revenue"], row["revenue_squares"])
    bought = (n, row["purchases"], row["purchase_squares"])
    return RankGroup(
        code=code,
        customers=n,
        revenue=row["revenue"],
        purchases=row["purchases"],
        customer_share=scene.part("group_customer_share", n, customers, customers, nobody),
        revenue_share=scene.part("decile_revenue_share", row["revenue"], revenue, n, no_revenue),
        cumulative_share=None
        if so_far is None
        else scene.part("decile_revenue_share", so_far, revenue, n, no_revenue),
        mean_purchases=scene.mean("group_mean_purchases", "orders", *bought, nobody),
        mean_revenue=scene.mean("group_mean_revenue", scene.currency, *spent, nobody),
    )


def _survival(scene: Scene, rows: Sequence[Row], window: int) -> Survival:
    by_visit = {row["visit"]: row for row in rows}
    first = by_visit.get(1, {}).get(f"waited_{window}", 0)
    return Survival(
        window,
        tuple(
            _step(scene, k, by_visit.get(k, {}), window=window, first=first)
            for k in range(1, STEPS + 1)
        ),
    )


def _step(scene: Scene, k: int, row: Row, *, window: int, first: int) -> SurvivalStep:
    return SurvivalStep(
        k=k,
        reached=scene.rate(
            "fk_reached",
            row.get(f"reached_{window}", 0),
            first,
            reasons.FIRST_TOO_NEW.format(window),
        ),
        onward=scene.rate(
            "f2_rate" if k == 1 else "fk_onward",
            row.get(f"onward_{window}", 0),
            row.get(f"waited_{window}", 0),
            reasons.STEP_TOO_NEW.format(k, window),
        ),
    )


def _first_month(scene: Scene, row: Row) -> FirstMonth:
    return FirstMonth(
        row["month"],
        row["customers"],
        {
            window: scene.rate(
                "f2_rate",
                row[f"onward_{window}"],
                row[f"waited_{window}"],
                reasons.MONTH_TOO_NEW.format(window),
            )
            for window in WINDOWS
        },
    )


def _vip(scene: Scene, row: Row, compared: RankReport | None, *, new: bool) -> VipStanding:
    share = scene.part(
        "vip_share",
        row["vip_sales"],
        row["sales"],
        row["vips"],
        reasons.NO_REVENUE_THIS_YEAR,
    )
    before = compared.vip.share_of_sales.value if compared else None
    return VipStanding(
        customers=row["vips"],
        bounds=scene.vip,
        entered=None if new else row["entered"],
        left=None if new else row["left"],
        share_of_sales=share,
        compared_with=compared.as_of if compared else None,
        share_before=before,
        alarms=_alarms(scene.rules, share.value, before),
    )


def _alarms(rules: RankRules, share: float | None, before: float | None) -> tuple[Alarm, ...]:
    alarms: list[Alarm] = []
    if share is not None and share * 10_000 > rules.vip_share_alarm:
        alarms.append("concentrated")
    if (
        share is not None
        and before is not None
        and (before - share) * 10_000 >= rules.vip_share_fall
    ):
        alarms.append("falling")
    return tuple(alarms)


def _headline(
    scene: Scene,
    stages: Sequence[RankGroup],
    curve: Sequence[ParetoPoint],
    survivals: Sequence[Survival],
    vip: VipStanding,
) -> dict[str, Figure]:
    customers = sum(group.customers for group in stages)
    lapsed = sum(group.customers for group in stages if group.code == "lapsed")
    f2 = next(one for one in survivals if one.window == scene.rules.f2_days).steps[0].onward
    top = [point for point in curve if point.customers * 5 <= customers]
    best = top[-1] if top else None
    return {
        "active_share": scene.part(
            "active_share", customers - lapsed, customers, customers, reasons.NOBODY_YET
        ),
        "f2_rate": f2,
        "top_fifth_revenue_share": Figure(
            "top_fifth_revenue_share",
            best.share if best else None,
            "share",
            best.customers if best else 0,
            as_of=scene.as_of.isoformat(),
            why="" if best and best.share is not None else reasons.TOO_FEW_WITH_REVENUE,
        ),
        "vip_share": vip.share_of_sales,
    }
