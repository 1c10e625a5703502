"""Messages of a campaign beside each other: what they brought, and what the rest gets."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from joren.act.campaigns.contracts import Campaign
from joren.measure.experiments import selectors, services
from joren.measure.experiments.contracts import (
    VARIANT_EVIDENCE,
    NoVariants,
    VariantMetric,
    VariantTest,
)
from joren.plumbing.access import caller, needs
from joren.project.pages.deeds import carry_out
from joren.project.pages.tables import Column, Row, Table
from joren.understand.ltv.contracts import NoSnapshot


def panel(one: Campaign, names: dict[int, str]) -> dict[str, Any]:
    """For the page of a campaign that tries several messages; nothing where there is one."""
    if len(one.plan.variants) < 2:
        return {}
    try:
        test = selectors.variant_test(one.id)
    except (NoVariants, NoSnapshot):
        return {"test_waits": True}
    best = _called(test, test.best, names)
    return {
        "test": test,
        "test_table": _table(test, names),
        "test_says": gettext(VARIANT_EVIDENCE[test.evidence]),
        "test_best": best,
        "test_leads": [(_called(test, variant, names), lead) for variant, lead in test.against],
        "rest_waits": one.state == "testing",
    }


@needs("treat")
@require_POST
def send_rest(request: HttpRequest, number: int) -> HttpResponse:
    """The proven winner, or all messages in their shares, go to those who wait."""

    def deed() -> str:
        by = caller(request).name
        if request.POST.get("what") == "all":
            services.send_all(number, by=by)
            return gettext("The rest gets all messages in their shares.")
        services.send_winner(number, by=by)
        return gettext("The rest gets the winner.")

    return carry_out(request, deed, then="campaign", args=[number])


def _called(test: VariantTest, variant: int, names: dict[int, str]) -> str:
    arm = next((one for one in test.arms if one.variant == variant), None)
    return names.get(arm.template, f"{variant}") if arm else ""


def _table(test: VariantTest, names: dict[int, str]) -> Table:
    unit = test.arms[0].each.unit if test.arms else ""
    return Table(
        "variants",
        gettext("Messages beside each other"),
        [
            Column(gettext("Message")), Column(gettext("Customers"), "count"),
            Column(gettext("Buyers"), "count"), Column(gettext("Revenue"), unit),
            Column(gettext("Cost of the messages"), unit), Column(called(test.metric), unit),
        ],
        [
            Row([names.get(arm.template, f"{arm.variant}"), arm.customers, arm.buyers, arm.revenue,
                 arm.cost, arm.each])
            for arm in test.arms
        ],
        note=gettext("Everybody whom the lot gave the message counts, whether or not it arrived."),
    )  # fmt: skip


def called(metric: VariantMetric) -> str:
    """The figure by which they are compared."""
    if metric == "profit":
        return gettext("Profit per customer")
    if metric == "margin":
        return gettext("Orders' profit per customer")
    return gettext("Revenue per customer")
