"""Keep templates. Each save is a version; what is sent is the newest that nothing is wrong with."""

from __future__ import annotations

from typing import Final

from django.db import IntegrityError, transaction

from joren.act.messages import channels, models, selectors
from joren.act.messages.contracts import (
    FORMS,
    KINDS,
    LANGUAGES,
    SENDERS_OF,
    UTM,
    BadTemplate,
    BrokenTemplate,
    Content,
    NoSuchTemplate,
    Template,
    TemplateInUse,
    TemplateNameTaken,
    shape_of,
)
from joren.act.messages.services.previewing import check
from joren.core import clock
from joren.protect.audit import services as audit

_LONGEST_NAME: Final = 100
_LONGEST_TEXT: Final = 300_000
_LONGEST_WHY: Final = 200


def create(content: Content, *, by: str, draft: bool = False, why: str = "") -> Template:
    """Keep a new template; one that is broken is refused, unless it is kept as a draft."""
    sendable = _sendable(content, draft=draft)
    with transaction.atomic():
        row = models.Template(name=content.name, channel=content.channel, changed_at=clock.now())
        _add(row, content, sendable=sendable, by=by, why=why)
        audit.record("messages.created", actor=by, subject_kind="template", subject_id=row.pk)
    return selectors.template(row.pk)


def revise(
    number: int, content: Content, *, by: str, draft: bool = False, why: str = ""
) -> Template:
    """Keep a new version. A draft leaves what is sent as it is."""
    selectors.template(number)
    # Outside of the transaction, which would hold SQLite's only writer while a child works.
    sendable = _sendable(content, draft=draft)
    with transaction.atomic():
        row = _held(number)
        if row.channel != content.channel:
            raise BadTemplate(
                f"this template is for {row.channel}, and not for {content.channel}",
                hint="make another template for the other channel",
            )
        row.name = content.name
        _add(row, content, sendable=sendable, by=by, why=why)
        if sendable:  # what is listed by kind; the gate asks the version itself
            models.Errand.objects.filter(template=row).update(kind=content.kind)
        audit.record(
            "messages.revised", actor=by, subject_kind="template", subject_id=number,
            version=row.version, sendable=sendable,
        )  # fmt: skip
    return selectors.template(number)


def take_back(number: int, version: int, *, by: str) -> Template:
    """Make an older version the newest, as a version of its own."""
    older = selectors.version(number, version)
    return revise(
        number, older.content, by=by, draft=not older.sendable, why=f"version {version} again"
    )


@transaction.atomic
def archive(number: int, *, by: str) -> Template:
    """Put a template away; its versions stay. One that something sends is not."""
    row = _held(number)
    if senders := tuple(name for of in SENDERS_OF.values() for name in of(number)):
        refused = TemplateInUse(
            f"“{row.name}” is sent by {', '.join(senders[:5])}",
            hint="let these send another template, or end them, first",
        )
        refused.senders = senders
        raise refused
    row.archived_at = clock.now()
    row.save()
    audit.record("messages.archived", actor=by, subject_kind="template", subject_id=number)
    return selectors.template(number)


@transaction.atomic
def restore(number: int, *, by: str) -> Template:
    """Take a template back into use."""
    row = models.Template.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise NoSuchTemplate(f"there is no template {number}", hint="joren messages list")
    row.archived_at = None
    _save(row)
    audit.record("messages.restored", actor=by, subject_kind="template", subject_id=number)
    return selectors.template(number)


def _sendable(content: Content, *, draft: bool) -> bool:
    """Whether the version can be sent. A broken one is refused, unless it is to be a draft."""
    _check_frame(content)
    if draft:
        return False
    faults = check(content)
    if any(fault.grave for fault in faults):
        raise BrokenTemplate(faults)
    return True


def _check_frame(content: Content) -> None:
    if not content.name.strip() or len(content.name) > _LONGEST_NAME:
        raise BadTemplate(
            "a template needs a name", hint=f"at most {_LONGEST_NAME} characters, such as ようこそ"
        )
    for what, value, known in (
        ("kind", content.kind, KINDS),
        ("form", content.form, FORMS),
        ("channel", content.channel, channels.names()),
    ):
        if value not in known:
            raise BadTemplate(f"there is no {what} {value!r}", hint=f"known: {', '.join(known)}")
    if content.form not in (fits := shape_of(content.channel).forms):
        raise BadTemplate(
            f"{content.channel} takes no {content.form}", hint=f"write it in {', '.join(fits)}"
        )
    if unknown := sorted(content.texts.keys() - set(LANGUAGES)):
        raise BadTemplate(f"no language {unknown[0]!r}", hint=f"known: {', '.join(LANGUAGES)}")
    if unknown := sorted(content.utm.keys() - set(UTM)):
        raise BadTemplate(f"no tag {unknown[0]!r}", hint=f"known: {', '.join(UTM)}")
    for text in content.texts.values():
        size = len(text.subject) + len(text.body)
        if size > _LONGEST_TEXT:
            raise BadTemplate(
                f"the text has {size:,} characters", hint=f"at most {_LONGEST_TEXT:,}"
            )


def _add(row: models.Template, content: Content, *, sendable: bool, by: str, why: str) -> None:
    row.version += 1
    row.changed_at = clock.now()
    if sendable:
        row.sendable = row.version
    _save(row)
    models.TemplateVersion.objects.create(
        template=row,
        number=row.version,
        name=content.name,
        kind=content.kind,
        form=content.form,
        texts={
            language: {"subject": one.subject, "body": one.body}
            for language, one in content.texts.items()
        },
        utm=dict(content.utm),
        sendable=sendable,
        changed_at=row.changed_at,
        changed_by=by,
        why=why.strip()[:_LONGEST_WHY],
    )


def _held(number: int) -> models.Template:
    row = models.Template.objects.select_for_update().filter(pk=number, archived_at=None).first()
    if row is None:
        raise NoSuchTemplate(f"there is no template {number} in use", hint="joren messages list")
    return row


def _save(row: models.Template) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise TemplateNameTaken(
            f"there is a template “{row.name}” already", hint="choose another name"
        ) from None
