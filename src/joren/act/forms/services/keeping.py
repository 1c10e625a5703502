"""Keep forms: each save is a version, and visitors see the one that was published."""

from __future__ import annotations

import secrets
from typing import Final

from django.db import IntegrityError, transaction

from joren.act.forms import contracts, models, rules, selectors
from joren.act.forms.contracts import BadForm, Content, Form, FormRefused, NoSuchForm
from joren.collect.inbox.contracts import BY_FORMS
from joren.collect.inbox.services import add_source, allow_property
from joren.core import clock
from joren.protect.audit import services as audit
from joren.protect.consent import services as consents

_LANGUAGES: Final = ("ja", "en")
_PROPERTIES: Final = {"choice": "choice", "birth_month": "birth_month"}


@transaction.atomic
def create(slug: str, name: str, content: Content, *, store: str, by: str) -> Form:
    """Keep a new form as a draft."""
    slug, content = rules.slug_of(slug.strip()), rules.read(rules.plain(content))
    name = _named(name)
    if not store.strip():
        raise BadForm("a form belongs to a store", hint="the store that its people come from")
    if models.Form.objects.filter(slug=slug).exists():
        raise BadForm(f"the address {slug} is taken", hint="choose another")
    source, _ = add_source(f"{BY_FORMS}{slug}"[:200], kind="server", store=store.strip(), by=by)
    now = clock.now()
    try:
        with transaction.atomic():
            row = models.Form.objects.create(
                slug=slug,
                name=name,
                store=store.strip(),
                source_id=source.id,
                state="draft",
                salt=secrets.token_hex(16),
                version=0,
                made_at=now,
                changed_at=now,
            )
    except IntegrityError:
        raise BadForm(f"the address {slug} is taken", hint="choose another") from None
    _add(row, content, by=by, why="")
    audit.record("forms.created", actor=by, subject_kind="form", subject_id=row.pk)
    return selectors.form(slug)


def begin_ready_made(key: str, *, slug: str, store: str, language: str, by: str) -> Form:
    """A draft from a form that joren brings."""
    ready = next((one for one in rules.READY_MADE if one.key == key), None)
    if ready is None:
        known = ", ".join(one.key for one in rules.READY_MADE)
        raise NoSuchForm(f"there is no ready-made form {key!r}", hint=f"known: {known}")
    name = ready.ja if language == "ja" else ready.en
    return create(slug, name, ready.content(language), store=store, by=by)


@transaction.atomic
def revise(slug: str, content: Content, *, by: str, name: str = "", why: str = "") -> Form:
    """Keep a new version. Visitors see it once it is published."""
    row = _held(slug)
    content = rules.read(rules.plain(content))
    row.name = _named(name or row.name)
    before = models.FormVersion.objects.get(form=row, number=row.version)
    if before.content == rules.plain(content):
        row.save(update_fields=["name"])
        return selectors.form(slug)
    _add(row, content, by=by, why=why)
    audit.record(
        "forms.revised", actor=by, subject_kind="form", subject_id=row.pk, version=row.version
    )
    return selectors.form(slug)


@transaction.atomic
def publish(slug: str, *, by: str) -> Form:
    """Show the newest version from now on. Other variants than before begin another round, since
    their visitors cannot be compared."""
    row = _held(slug)
    content = selectors.version(row.pk, row.version).content
    now = clock.now()
    live = None if row.live is None else selectors.version(row.pk, row.live).content
    if live is None or rules.differs(live, content):
        row.round += 1
        models.Round.objects.create(form=row, number=row.round, version=row.version, since=now)
    row.live, row.state, row.changed_at = row.version, "live", now
    row.save()
    if content.consent:
        spoken = _LANGUAGES if content.language == "auto" else (content.language,)
        for language in spoken:
            consents.word(
                selectors.ASKED, content.consent, language=language, by=by,
                scope=selectors.wording_scope(slug),
            )  # fmt: skip
    for name in _PROPERTIES:
        if name in content.asks:
            allow_property(name, by=by)
    audit.record(
        "forms.published", actor=by, subject_kind="form", subject_id=row.pk, version=row.version,
        round=row.round,
    )  # fmt: skip
    return selectors.form(slug)


@transaction.atomic
def pause(slug: str, *, by: str) -> Form:
    """Take no sign-ups for now; said again, nothing changes."""
    row = _held(slug)
    if row.state == "draft":
        raise FormRefused(f"{slug} was never published", hint="publish it first")
    if row.state == "live":
        _set(row, "paused")
        audit.record("forms.paused", actor=by, subject_kind="form", subject_id=row.pk)
    return selectors.form(slug)


@transaction.atomic
def archive(slug: str, *, by: str) -> Form:
    """Put it away: its page closes, its results stay."""
    row = _held(slug)
    _set(row, "archived")
    audit.record("forms.archived", actor=by, subject_kind="form", subject_id=row.pk)
    return selectors.form(slug)


def _set(row: models.Form, state: contracts.State) -> None:
    row.state, row.changed_at = state, clock.now()
    row.save(update_fields=["state", "changed_at"])


def _add(row: models.Form, content: Content, *, by: str, why: str) -> None:
    row.version += 1
    row.changed_at = clock.now()
    row.save()
    models.FormVersion.objects.create(
        form=row,
        number=row.version,
        content=rules.plain(content),
        changed_at=row.changed_at,
        changed_by=by,
        why=why.strip()[:200],
    )


def _held(slug: str) -> models.Form:
    row = models.Form.objects.select_for_update().filter(slug=slug).first()
    if row is None:
        raise NoSuchForm(f"there is no form {slug!r}", hint="joren forms list")
    if row.state == "archived":
        raise FormRefused(f"{slug} was put away", hint="make another, with its texts")
    return row


def _named(name: str) -> str:
    if not name.strip() or len(name) > 100:
        raise BadForm("a form has a name", hint="at most 100 characters, for the shop alone")
    return name.strip()
