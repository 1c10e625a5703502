"""Ready-made journeys to begin with, and the stages of customers that none looks after."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext, gettext_noop
from django.views.decorators.http import require_POST

from joren.act.journeys import selectors, services
from joren.act.journeys.contracts import LACK_NAMES, REMEDY_WORDS, Stage
from joren.core.errors import BadInput
from joren.plumbing.access import caller, needs
from joren.project.pages.codes import partner
from joren.project.pages.deeds import carry_out
from joren.project.pages.tables import Column, Row, Table
from joren.project.pages.typed import whole

STAGE_NAMES: Final[dict[Stage | None, str]] = {
    "lead": gettext_noop("Leads"),
    "first": gettext_noop("After the first order"),
    "f2": gettext_noop("Towards the second order (F2)"),
    "regular": gettext_noop("Regular customers"),
    "vip": gettext_noop("VIP"),
    "subscription": gettext_noop("Subscriptions"),
    "at_risk": gettext_noop("Before they go dormant"),
    "dormant": gettext_noop("Dormant"),
    None: gettext_noop("No stage named"),
}


def panel() -> dict[str, Any]:
    """What the list shows below the journeys that the shop has."""
    gaps = Table(
        "gaps",
        gettext("Stages that lack something"),
        [Column(gettext("Stage")), Column(gettext("Lacks")), Column(gettext("What to do"))],
        [
            Row(
                [
                    gettext(STAGE_NAMES[one.stage]),
                    "、".join(gettext(LACK_NAMES[lack]) for lack in one.lacks),
                    gettext(REMEDY_WORDS[one.remedy]),
                ]
            )
            for one in selectors.gaps()
        ],
    )
    ready = [
        {
            "place": place,
            "name": partner(one.ja, one.en),
            "why": partner(one.ja_why, one.en_why),
            "stage": gettext(STAGE_NAMES[one.stage]),
        }
        for place, one in selectors.ready_left()
    ]
    return {"ready": ready, "gaps": gaps if gaps.rows else None}


@needs("treat")
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Keep a ready-made journey and its messages as drafts."""
    text = request.POST.get("place", "")

    def deed() -> str:
        if (place := whole(text)) is None:
            raise BadInput("no ready-made journey is chosen", hint="choose one of the list")
        language = "ja" if (get_language() or "ja").startswith("ja") else "en"
        made = services.begin_ready(place, language=language, by=caller(request).name)
        return gettext(
            "“%(name)s” is a draft, and so are its messages: read them, then publish."
        ) % {"name": made.name}

    return carry_out(request, deed, then="journeys")
