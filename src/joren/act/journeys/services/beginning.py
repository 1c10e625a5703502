"""Begin with a ready-made journey: its templates, the segments that it needs, and its draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import transaction

from joren.act.journeys import selectors
from joren.act.journeys.contracts import Journey, NoSuchJourney
from joren.act.journeys.rules import READY_MADE, ReadyJourney, ReadyMail, Words
from joren.act.journeys.services.keeping import create
from joren.act.messages import selectors as templates
from joren.act.messages import services as messages
from joren.act.messages.contracts import Content, Text
from joren.decide.segments import selectors as segments
from joren.decide.segments import services as grouping

_NOTE: Final = {
    "ja": "引用符の間にリンク（https://…）を入れるとボタンが出ます。空のままなら出ません。",
    "en": "Put a link (https://…) between the quotes and the button shows; empty, it does not.",
}


@transaction.atomic
def begin_ready(place: int, *, language: str, by: str) -> Journey:
    """Keep a ready-made journey as a draft; nothing of it is published, and no template is sent.

    What is there under the same name is taken as it is, so that once more changes nothing.
    """
    if not 0 <= place < len(READY_MADE):
        raise NoSuchJourney(
            f"there is no ready-made journey {place}", hint=f"between 0 and {len(READY_MADE) - 1}"
        )
    ready = READY_MADE[place]
    there = {one.name: one.id for one in selectors.journeys()}
    if known := _known(there, ready.called(language), ready.ja, ready.en):
        return selectors.journey(known)
    document = ready.document(
        language,
        templates=_templates(ready, language, by),
        segments=_segments(ready, language, by),
        owner=by,
    )
    return create(document, by=by)


def _templates(ready: ReadyJourney, language: str, by: str) -> dict[str, int]:
    """The template of each mail. A new one is a draft: somebody reads it before it is sent."""
    there = {one.content.name: one.id for one in templates.templates()}
    return {
        mail.key: _known(there, mail.called(language), mail.ja, mail.en)
        or messages.create(content_of(ready, mail, language), by=by, draft=True).id
        for mail in ready.mails
    }


def _segments(ready: ReadyJourney, language: str, by: str) -> dict[str, int]:
    there = {one.name: one.id for one in segments.segments()}
    ours = {one.ja: one for one in segments.READY_MADE}
    found = {}
    for name in ready.segments:
        one = ours[name]
        called, note = (one.ja, one.ja_use) if language == "ja" else (one.en, one.en_use)
        found[name] = (
            _known(there, called, one.ja, one.en)
            or grouping.create(called, one.rule, by=by, note=note).id
        )
    return found


def _known(there: Mapping[str, int], *names: str) -> int | None:
    """The number of the first of these names that is taken."""
    return next((there[name] for name in names if name in there), None)


def content_of(ready: ReadyJourney, mail: ReadyMail, language: str) -> Content:
    texts = {
        one: Text(words.subject, templates.mail_body(one, words.title, _blocks(one, words)))
        for one, words in mail.words.items()
    }
    utm = {"source": "joren", "medium": "email", "campaign": ready.key}
    return Content(mail.called(language), mail.kind, "mjml", texts, utm)


def _blocks(language: str, words: Words) -> list[str]:
    """Paragraphs, and of each slot a button that shows as soon as its link is filled in."""
    told = [f"<mj-text>{paragraph}</mj-text>" for paragraph in words.paragraphs]
    slots = [
        f"{{% comment %}}{_NOTE[language]}{{% endcomment %}}"
        f'{{% assign {slot.name} = "" %}}{{% if {slot.name} != "" %}}'
        f'<mj-button href="{{{{ {slot.name} }}}}">{slot.button}</mj-button>{{% endif %}}'
        for slot in words.slots
    ]
    return told + slots
