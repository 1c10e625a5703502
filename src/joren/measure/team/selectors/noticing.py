"""Who is told of what, what they were told, and in which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, gettext

from joren.act.deliveries import selectors as deliveries
from joren.act.deliveries.contracts import Pause
from joren.measure.channels.contracts import AREA_EVIDENCE_NAMES
from joren.measure.experiments.contracts import EVIDENCE_NAMES
from joren.measure.practices import selectors as practices
from joren.measure.practices.contracts import FIFTEEN
from joren.measure.team import models
from joren.measure.team.contracts import TOPIC_NAMES, TOPICS, Language, Notice, NoticeChoice
from joren.measure.trials.contracts import TRIAL_EVIDENCE_NAMES

_PAGES: Mapping[str, tuple[str, bool]] = {
    "review": ("review", True),
    "reviews": ("reviews", False),
    "campaign": ("campaign", True),
    "journey": ("journey", True),
    "holdout": ("holdout", True),
    "guard": ("message_guard", False),
    "trial": ("trial", True),
    "area_test": ("area_test", True),
    "import": ("data_import", True),
}
"""The page of a subject, and whether its address ends with a number."""


def notices(*, limit: int = 50) -> list[Notice]:
    """The newest first, with how many mails of each arrived, wait, and were given up."""
    counted = {
        name: Count("mails", filter=Q(mails__state=state))
        for name, state in (("n_done", "done"), ("n_waiting", "waiting"), ("n_failed", "failed"))
    }
    rows = models.Notice.objects.annotate(**counted).order_by("-pk")[:limit]
    return [
        Notice(
            row.pk, row.topic, row.about, row.detail,  # type: ignore[arg-type]  # constrained
            row.subject, row.key, row.made_at, *(getattr(row, name) for name in counted),
        )
        for row in rows
    ]  # fmt: skip


def pauses(limit: int = 50) -> list[Pause]:
    """When nobody was told anything, the newest first; of one that goes on with what waits now."""
    return [
        replace(one, mails=mails_waiting()) if one.ended_at is None else one
        for one in deliveries.pauses(limit)
    ]


def mails_waiting() -> int:
    """How many mails did not leave yet."""
    return models.NoticeMail.objects.filter(state="waiting").count()


def choices() -> dict[int, NoticeChoice]:
    """Of those who changed anything, by member."""
    return {row.member_id: _choice(row) for row in models.NoticeChoice.objects.all()}


def choice(member: int) -> NoticeChoice:
    """What one member is told of by mail: everything, until they say otherwise."""
    return choices().get(member, NoticeChoice(member))


def spoken(data: Mapping[str, Any], language: str) -> str:
    """What a chat room is told of the notice that an announcement names: heading and sentence, and
    where to look."""
    row = models.Notice.objects.filter(pk=int(data.get("notice") or 0)).first()
    return "\n".join(one for one in wording_of(row, language) if one) if row else ""


def wording_of(row: Any, language: str) -> tuple[str, str, str]:
    """Heading, sentence, and the address of the page (or "") of a notice, kept or read."""
    with translation.override(language):
        heading = gettext(TOPIC_NAMES[row.topic])
        return heading, _sentence(row), address_of(row.subject, row.key)


def address_of(subject: str, key: str) -> str:
    """Where to look, whole, where the installation knows its address."""
    if subject not in _PAGES:
        return ""
    page, numbered = _PAGES[subject]
    path = reverse(page, args=[int(key)]) if numbered else reverse(page)
    return f"{settings.JOREN_URL}{path}"


def _sentence(row: Any) -> str:
    detail = row.detail
    if row.topic == "review_overdue":
        if day := detail.get("missed"):
            return gettext("The monthly review of %(day)s was not closed.") % {"day": day}
        said = gettext("%(n)s days since the last monthly review. The next one is due.")
        if detail.get("first"):
            said = gettext("Figures have been there for %(n)s days. The first review is due.")
        return said % {"n": detail["days"]}
    if row.topic == "review_due":
        return gettext("The monthly review is held today (%(day)s).") % {"day": detail["day"]}
    if row.topic == "action_due":
        return gettext("“%(what)s” is due today (%(day)s).") % {
            "what": row.about, "day": detail["day"],
        }  # fmt: skip
    if row.topic == "import_failed":
        said = gettext("The import %(n)s (%(kind)s) did not come in.")
        return said % {"n": row.key, "kind": row.about}
    if row.topic == "verdict_reached":
        return _verdict(row)
    if row.topic == "guard_alarm":
        said = gettext(
            "“%(name)s”: refusals or reports of spam are beyond their limit (%(bad)s of %(of)s)."
        )
        name = row.about or gettext("All messages of the shop")
        return said % {"name": name, "bad": detail["bad"], "of": detail["of"]}
    if row.topic == "action_overdue":
        said = gettext("“%(what)s” was due on %(day)s and is not done.")
        return said % {"what": row.about, "day": detail["day"]}
    if row.topic == "guard_stopped":
        said = gettext(
            "“%(name)s” is held back: refusals or reports of spam are beyond its limit "
            "(%(bad)s of %(of)s)."
        )
        name = row.about or gettext("All messages of the shop")
        return said % {"name": name, "bad": detail["bad"], "of": detail["of"]}
    now, before = EVIDENCE_NAMES[detail["now"]], EVIDENCE_NAMES[detail["before"]]
    said = gettext("“%(name)s”: “%(now)s” (before: “%(before)s”).")
    return said % {"name": row.about, "now": gettext(now), "before": gettext(before)}


def _verdict(row: Any) -> str:
    names: Mapping[str, str] = (
        TRIAL_EVIDENCE_NAMES if row.subject == "trial" else AREA_EVIDENCE_NAMES  # type: ignore[assignment]  # both are words by evidence
    )
    about = row.about
    if row.subject == "trial":
        one = practices.practice(row.about)
        about = one.name or FIFTEEN[one.key][0 if get_language() == "ja" else 1]
    said, words = gettext("“%(name)s”: “%(now)s”."), names[row.detail["now"]]
    return said % {"name": about, "now": gettext(words)}


def _choice(row: models.NoticeChoice) -> NoticeChoice:
    language: Language = "en" if row.language == "en" else "ja"
    topics = tuple(one for one in TOPICS if one not in row.off)
    return NoticeChoice(row.member_id, topics, language)
