"""Stages of life: the shop's catalogue, and what is said of one customer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST

from joren.accounts import selectors as accounts
from joren.collect.life_stages import selectors, services
from joren.collect.life_stages.contracts import LifeStage, StageCount
from joren.core import clock
from joren.core.errors import BadInput, JorenError
from joren.core.ids import CustomerId
from joren.plumbing import problems
from joren.plumbing.access import caller, needs
from joren.project.pages.codes import partner
from joren.project.pages.deeds import carry_out
from joren.project.pages.tables import Column, Row, Table
from joren.project.pages.typed import whole

SOURCES: Final = {
    "hand": gettext_noop("by hand"),
    "import": gettext_noop("a customer file"),
    "live": gettext_noop("live events"),
}


def panel(customer: CustomerId, request: HttpRequest) -> dict[str, Any]:
    """In which stage somebody is, what was said, and whether whoever looks may say it.

    A marriage or a birth is of the person: whoever sees figures only reads nothing of it.
    """
    said = selectors.said_of(customer) if caller(request).may("view_personal") else ()
    known = next((one for one in said if one.stage), None)
    stage = known.stage if known else None
    return {
        "life_stage": {"name": _name(stage), "since": known.since} if known and stage else None,
        "may_say_stage": caller(request).may("edit_people"),
        "stages": [(one.number, _name(one)) for one in selectors.stages() if not one.retired],
        "today": clock.shop_day(clock.now(), accounts.business().time_zone),
        "stage_history": Table(
            "life_stage_history",
            gettext("All that was said"),
            [Column(gettext("Life stage")), Column(gettext("Since")), Column(gettext("How")),
             Column(gettext("Recorded by")), Column(gettext("When"))],
            [
                Row([_name(one.stage) if one.stage else one.said, one.since,
                     gettext(SOURCES[one.source]), one.by, one.at])
                for one in said
            ],
            file=False,
        ) if said else None,
    }  # fmt: skip


@needs("edit_people")
@require_POST
def say(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Write down that the customer is in a stage."""

    def deed() -> str:
        number, since = whole(request.POST.get("stage", "")), request.POST.get("since", "")
        if number is None:
            raise BadInput("no stage is chosen", hint="choose one of the list")
        try:
            day = date.fromisoformat(since) if since else None
        except ValueError:
            raise BadInput(f"{since!r} is no day", hint="2026-11-28") from None
        services.say_stage(CustomerId(customer_id), number, since=day, by=caller(request).name)
        return gettext("Written down.")

    return carry_out(request, deed, then="customer", args=[customer_id])


@needs("view_figures")
def life_stages(request: HttpRequest) -> HttpResponseBase:
    """The catalogue, and how many customers are in each stage."""
    if request.method == "POST":
        return _changed(request)
    return _shown(request)


@needs("change_settings")
def _changed(request: HttpRequest) -> HttpResponse:
    try:
        services.change_stages(_typed(request.POST), by=caller(request).name)
    except JorenError as refusal:
        return _shown(request, refusal=problems.told(refusal), status=422)
    messages.success(request, gettext("Saved."))
    return HttpResponseRedirect(reverse("life_stages"))


def _typed(sent: QueryDict) -> list[LifeStage]:
    """The rows of the form; the last one, without a number, is a new stage if it has a name."""
    columns = [sent.getlist(name) for name in ("number", "ja", "en", "words")]
    rows = list(zip(*columns, strict=True)) if len({len(one) for one in columns}) == 1 else []
    if not rows:
        raise BadInput("the form is not whole", hint="open the page again")
    numbers = [known for number, *_ in rows if (known := whole(number)) is not None]
    retired = {number for number in sent.getlist("retired") if number}
    return [
        LifeStage(
            max(numbers, default=0) + 1 if (known := whole(number)) is None else known,
            ja, en or ja, tuple(words.replace("、", ",").split(",")), number in retired,
        )
        for number, ja, en, words in rows
        if whole(number) is not None or ja.strip()
    ]  # fmt: skip


def _shown(request: HttpRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    counts, words = selectors.stage_counts()
    shown: dict[str, Any] = {
        "changes": caller(request).may("change_settings"),
        "counts": _counts(counts),
        "rows": [*map(_row, counts), {"number": "", "customers": None}],
        "words": Table(
            "life_stage_words",
            gettext("Words that no stage has"),
            [Column(gettext("Word")), Column(gettext("Customers"), "count")],
            [Row([one.word, one.customers]) for one in words],
            gettext("Add a word to the stage that it means. Words of fewer than three customers "
                    "are not shown."),
            file=False,
        ),
        "history": [one for one in selectors.catalogue_history() if one.changed_at][:20],
    }  # fmt: skip
    return render(request, "pages/life_stages.html", {**shown, **more}, status=status)


def _row(one: StageCount) -> dict[str, Any]:
    stage = one.stage
    return {
        "number": stage.number,
        "ja": stage.ja,
        "en": stage.en,
        "words": ", ".join(stage.words),
        "retired": stage.retired,
        "customers": one.customers,
    }


def _counts(counts: Sequence[StageCount]) -> Table:
    return Table(
        "life_stages",
        gettext("Catalogue"),
        [Column(gettext("Life stage")), Column(gettext("Customers"), "count")],
        [Row([_name(one.stage), one.customers]) for one in counts],
        file=False,
    )


def _name(stage: LifeStage | None) -> str:
    return partner(stage.ja, stage.en) if stage else ""
