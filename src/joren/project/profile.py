"""Which figures a business of its kind looks at first (A7), from the rooms that have them."""

from __future__ import annotations

from dataclasses import replace

from joren.core.figures import Figure
from joren.understand.cohorts.contracts import CohortReport
from joren.understand.economics.contracts import EconomicsReport
from joren.understand.ltv.contracts import SubscriptionReport, ValueReport
from joren.understand.ranks.contracts import RankReport


def kpis(
    paying: EconomicsReport,
    worth: ValueReport,
    standing: RankReport,
    following: CohortReport,
    contracts: SubscriptionReport,
) -> tuple[Figure, ...]:
    """The figures that the profile names, in its order."""
    whole = paying.whole
    known = {
        **{one.name: one for one in worth.totals},
        **standing.figures,
        **contracts.figures,
        "renewal_rate": contracts.curve[0].observed if contracts.curve else None,
        "retention": following.figures.get("retention_3"),
        "mean_order": paying.profile.whole.mean_order,
        "new_customers": Figure(
            "new_customers", whole.new_customers, "customers", as_of=worth.as_of
        ),
        "cac": whole.cac,
        "ltv_cac": whole.ltv_cac,
        "payback_months": whole.payback_months,
        "ad_dependence": replace(paying.dependence.new_customers, name="ad_dependence"),
    }
    found = (known.get(name) for name in paying.profile.kpis)
    return tuple(one for one in found if one is not None)
