"""Word of mouth: who was brought by whom, and what they are worth."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST

from joren.collect.customers import selectors as people
from joren.measure.referrals import selectors, services
from joren.measure.referrals.contracts import (
    ReferralGroup,
    ReferralReport,
    ReferralsTaken,
)
from joren.plumbing.access import caller, needs
from joren.project import showing
from joren.project.pages.charts import Chart, bars
from joren.project.pages.deeds import carry_out
from joren.project.pages.sections import Section, of_the_latest, show
from joren.project.pages.sent_files import sent_csv
from joren.project.pages.tables import Column, Linked, Row, Table
from joren.understand.ltv import selectors as values
from joren.warehouse import Snapshot

_TITLE: Final = gettext_noop("Word of mouth")
_MOST: Final = 50
GROUPS: Final = {
    "referred": gettext_noop("Referred"),
    "others": gettext_noop("Came otherwise since then"),
}


@needs("view_figures")
@of_the_latest(_TITLE)
def referrals(request: HttpRequest, snapshot: Snapshot) -> HttpResponseBase:
    """How many, what they are worth, and who brings them."""
    return _page(request, snapshot)


def _page(
    request: HttpRequest, snapshot: Snapshot, done: ReferralsTaken | None = None
) -> HttpResponseBase:
    said = selectors.report(snapshot)
    sections = _sections(said) if said.referred or said.not_bought else []
    if sections and caller(request).may("view_personal"):
        sections.append(_referrers(snapshot, said))
    faults = [] if done is None else [
        (one.row, one.column, one.value, showing.reason(one.reason)) for one in done.faults
    ]  # fmt: skip
    return show(
        request, "pages/referrals.html", sections, said=said, done=done, faults=faults,
        stores=[one.name for one in people.stores()], may_import=caller(request).may("import"),
    )  # fmt: skip


def _sections(said: ReferralReport) -> list[Section]:
    cautions = [
        gettext(
            "Not an experiment: who is brought by a friend may have been another customer from the "
            "beginning."
        )
    ]
    if said.not_bought:
        cautions.append(
            gettext("A list says of %(n)s that they were referred, and they have not bought yet.")
            % {"n": f"{said.not_bought:,}"}
        )
    if said.by_unknown:
        cautions.append(
            gettext("Of %(n)s referred customers nobody knows by whom.")
            % {"n": f"{said.by_unknown:,}"}
        )
    return [
        Section(
            gettext("What referred customers are worth"),
            gettext("Beside those who came otherwise since the first referred one came."),
            cautions=cautions,
            figures=(said.share, said.difference),
            tables=[_groups(said)],
            name="groups",
        ),
        Section(
            gettext("Who brings others"),
            gettext(
                "By the tenth to which they belong today, the first being that with most revenue."
            ),
            figures=(said.referrers, said.with_brought),
            charts=[_chart(said)] if any(one.referred for one in said.deciles) else [],
            name="deciles",
        ),
    ]


def _groups(said: ReferralReport) -> Table:
    columns = [
        Column(gettext("How they came")), Column(gettext("Customers"), "count"),
        Column(gettext("Of them here for a year"), "count"),
        Column(gettext("Revenue of the first year")), Column(gettext("Its 95% interval")),
        Column(gettext("Came again")), Column(gettext("Its 95% interval")),
        Column(gettext("Expected revenue of the next year")),
    ]  # fmt: skip
    return Table(
        "groups", gettext("Referred and others"), columns, [_group(one) for one in said.groups]
    )


def _group(one: ReferralGroup) -> Row:
    return Row(
        [
            gettext(GROUPS[one.group]), one.customers, one.matured, one.revenue_first_year,
            showing.interval(one.revenue_first_year), one.repeat_rate,
            showing.interval(one.repeat_rate), one.revenue_expected,
        ],
        thin=not one.matured,
    )  # fmt: skip


def _deciles(said: ReferralReport) -> Table:
    columns = [
        Column(gettext("Decile"), "count"), Column(gettext("Customers"), "count"),
        Column(gettext("Of them brought somebody"), "count"),
        Column(gettext("Brought"), "count"), Column(gettext("Brought by 100 customers"), "count"),
        Column(gettext("Revenue of those they brought"), said.currency),
    ]  # fmt: skip
    rows = [
        Row([one.decile, one.customers, one.referrers, one.referred, round(one.per_hundred, 2),
             one.brought])
        for one in said.deciles
    ]  # fmt: skip
    return Table("deciles", gettext("Referrers by value"), columns, rows)


def _chart(said: ReferralReport) -> Chart:
    rows = [
        {"decile": str(one.decile), "brought": round(one.per_hundred, 2)} for one in said.deciles
    ]
    words = gettext("Bars: how many customers were brought by each 100 of a decile.")
    form = bars(rows, x="decile", y="brought", x_title=gettext("Decile"))
    return Chart("referrers", gettext("Brought by 100 customers"), words, form, _deciles(said))


def _referrers(snapshot: Snapshot, said: ReferralReport) -> Section:
    columns = [
        Column(gettext("Customer")), Column(gettext("Codes")), Column(gettext("Brought"), "count"),
        Column(gettext("Revenue of those they brought"), said.currency),
        Column(gettext("Own revenue"), said.currency),
    ]  # fmt: skip
    rows = [
        Row([Linked(str(one.customer), reverse("customer", args=[one.customer])),
             ", ".join(one.codes) or None, one.referred, one.brought, one.own])
        for one in selectors.referrers(snapshot, limit=_MOST)
    ]  # fmt: skip
    table = Table("referrers", gettext("Those who brought most"), columns, rows)
    return Section(gettext("Those who brought most"), tables=[table], name="referrers")


@needs("import")
@require_POST
def take_in(request: HttpRequest) -> HttpResponseBase:
    """Take a list in, and say what stayed out."""
    with sent_csv(request) as file:
        done = services.take_file(
            file, by=caller(request).name, store=request.POST.get("store", "")
        )
    return _page(request, values.snapshot(), done)


@needs("import")
@require_POST
def forget(request: HttpRequest) -> HttpResponse:
    """Take a code from whoever has it."""

    def deed() -> str:
        services.forget_code(request.POST.get("code", ""), by=caller(request).name)
        return gettext("Nobody has the code any more.")

    return carry_out(request, deed, then="referrals")
