"""Somebody signs up: written down at once, and handed on by ``settling`` whatever happens."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.db import IntegrityError, transaction

from joren.act.confirmations import services as confirmations
from joren.act.confirmations.contracts import NothingAsked, TooManyMails, TooSoon
from joren.act.forms import models, rules, selectors
from joren.act.forms.contracts import Answers, BadSignup, Content, Form, Shown
from joren.act.forms.services.visiting import known_as
from joren.collect.registrations.services import count_try
from joren.core import clock
from joren.plumbing import outbox
from joren.plumbing.sealing import seal
from joren.protect.consent import selectors as consents
from joren.protect.consent import services as consenting

ANNOUNCED: Final = "forms.signed_up"


def sign_up(slug: str, answers: Answers, shown: Shown, *, source: str = "") -> bool:
    """Write down that somebody wants the news; False where the address did so before.

    ``source`` is the address that a form came from; a program has none, and no limit of its own.
    Whoever is not confirmed yet gets another mail, within the limits, and the answer says neither.
    """
    form, live = selectors.live_content(slug)
    if source:
        count_try(source, room="form", of=slug)
    content = _content(form, live, shown)
    said = rules.answered(content, answers)
    who = rules.fingerprint(settings.SECRET_KEY, said.email)
    seen = _seen(content, slug, shown)
    earlier = models.Signup.objects.filter(form_id=form.id, who=who).first()
    if earlier is not None:
        _again(earlier, form, said, seen)
        return False
    now = clock.now()
    try:
        with transaction.atomic():
            row = models.Signup.objects.create(
                form_id=form.id,
                who=who,
                **seen,
                visit=_visit(form, shown),
                by_program=not source,
                at=now,
                asked_at=now,
            )
            row.pending = _pending(row, form, said)
            row.save(update_fields=["pending"])
            outbox.put(ANNOUNCED, form=slug, signup=row.pk, variant=row.variant)
    except IntegrityError:  # the same address at the same moment
        return False
    return True


def _content(form: Form, live: Content, shown: Shown) -> Content:
    """What the visitor saw, also where another version was published meanwhile."""
    if shown.version == form.live:
        return live
    if not 1 <= shown.version <= form.version:
        raise BadSignup(f"the form has no version {shown.version}", hint="load the page again")
    return selectors.version(form.id, shown.version).content


def _seen(content: Content, slug: str, shown: Shown) -> dict[str, Any]:
    """What they agreed to, as it is kept with the sign-up."""
    return {
        "version": shown.version, "variant": content.variant(shown.variant).key,
        "language": shown.language, "wording": shown.wording or _kept(content, slug, shown),
    }  # fmt: skip


def _kept(content: Content, slug: str, shown: Shown) -> int:
    """The number of the words that they saw; kept, where they were not."""
    wording, text = selectors.consent_shown(content, slug, shown.language)
    if shown.wording == 0 and not content.consent:
        text = selectors.usual_words(shown.language)  # the shop may have found others since
    elif wording is not None:
        return wording
    scope, language = selectors.wording_scope(slug), shown.language
    try:
        kept = consenting.word(selectors.ASKED, text, language=language, by="joren", scope=scope)
    except IntegrityError:  # somebody else signed up first at the same moment
        found = consents.wording_of(selectors.ASKED, text, language, scope=scope)
        if found is None:
            raise
        kept = found
    return kept.id


def _visit(form: Form, shown: Shown) -> models.Visit | None:
    if not shown.visitor:
        return None
    visits = models.Visit.objects.filter(
        form_id=form.id, visitor=known_as(shown.visitor), variant=shown.variant
    )
    return visits.order_by("-round").first()


def _pending(row: models.Signup, form: Form, said: Answers) -> str:
    place = {"list_id": form.slug, "name": form.name, "variant": row.variant}
    key = f"form:{form.id}:{row.pk}"
    fact, new = rules.messages(said, place, key=key, at=row.at)
    return seal(json.dumps({"email": said.email, "messages": fact, "if_new": new}))


def _again(row: models.Signup, form: Form, said: Answers, seen: Mapping[str, Any]) -> None:
    if row.pending:
        return  # the first is not handed on yet
    if row.customer_id is not None and row.request is not None:
        known = consents.may_be_written_to(
            [row.customer_id], channel=selectors.ASKED.channel, purpose=selectors.ASKED.purpose
        ).to_pylist()
        if known and known[0]["why"] == "granted":
            return
        same = all(getattr(row, name) == seen[name] for name in ("wording", "language", "version"))
        if same and _mailed_again(row.request):
            return
    # What they have seen now is what they are asked about: it need not be what they saw before.
    for name, value in seen.items():
        setattr(row, name, value)
    row.asked_at = clock.now()
    row.pending = _pending(row, form, said)
    row.save(update_fields=[*seen, "asked_at", "pending"])


def _mailed_again(request: int) -> bool:
    """Another mail of the same request, or none by the limits; False where nothing is asked any
    more: it lapsed, or was refused since."""
    try:
        confirmations.send(request, by="form")
    except (TooManyMails, TooSoon):
        return True
    except NothingAsked:
        return False
    return True
