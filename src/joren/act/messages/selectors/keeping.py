"""Questions about templates and what was kept in the house."""

from __future__ import annotations

from collections.abc import Sequence

from joren.act.messages import models
from joren.act.messages.contracts import (
    Content,
    KeptBack,
    NoSuchTemplate,
    NoSuchVersion,
    NothingToSend,
    NotKept,
    Template,
    Text,
    Version,
)
from joren.act.messages.opening import opened
from joren.act.messages.rules import READY_MADE, ReadyMade


def templates(*, archived: bool = False) -> list[Template]:
    """Those in use, by name; or those that were put away."""
    rows = models.Template.objects.filter(archived_at__isnull=not archived)
    rows = rows.order_by("name", "pk")
    newest = models.TemplateVersion.objects.filter(template__in=rows)
    by_place = {(one.template_id, one.number): one for one in newest}
    return [_template(row, by_place[row.pk, row.version]) for row in rows]


def template(number: int) -> Template:
    """One template by its newest version, archived or not."""
    row = models.Template.objects.filter(pk=number).first()
    if row is None:
        raise NoSuchTemplate(f"there is no template {number}", hint="joren messages list")
    return _template(row, _version_row(number, row.version))


def versions(number: int) -> list[Version]:
    """Every version of a template, newest first."""
    rows = models.TemplateVersion.objects.filter(template_id=number).order_by("-number")
    return [_version(row) for row in rows]


def version(number: int, which: int) -> Version:
    return _version(_version_row(number, which))


def sendable(number: int) -> Version:
    """The newest version that can be sent."""
    found = template(number).sendable
    if found is None:
        raise NothingToSend(
            f"template {number} has drafts alone", hint="put a draft right and save it"
        )
    return version(number, found)


def ready_made_left(language: str) -> list[tuple[int, ReadyMade]]:
    """Those of ours that the shop has not taken yet, with their places."""
    names = set(models.Template.objects.filter(archived_at=None).values_list("name", flat=True))
    return [
        (place, one)
        for place, one in enumerate(READY_MADE)
        if not names & {one.ja, one.en, one.content(language).name}
    ]


def kept_back(*, limit: int = 50) -> list[KeptBack]:
    """What would have left, newest first."""
    return _kept_back(list(models.KeptBack.objects.order_by("-pk")[:limit]))


def kept_back_one(number: int) -> KeptBack:
    row = models.KeptBack.objects.filter(pk=number).first()
    if row is None:
        raise NotKept(f"no message {number} was kept", hint="the newest 200 are kept")
    return _kept_back([row])[0]


def kind_of(errand: models.Errand, version: int | None) -> str:
    """As what that version is sent, which decides who may get it and what it counts as; the errand
    says only what its template was when it was asked for."""
    rows = models.TemplateVersion.objects.filter(
        template_id=errand.template_id, number=version or 0
    )
    kind: str = rows.values_list("kind", flat=True).first() or errand.kind
    return kind


def _version_row(number: int, which: int) -> models.TemplateVersion:
    row = models.TemplateVersion.objects.filter(template_id=number, number=which).first()
    if row is None:
        raise NoSuchVersion(
            f"template {number} has no version {which}", hint=f"joren messages show {number}"
        )
    return row


def _template(row: models.Template, newest: models.TemplateVersion) -> Template:
    return Template(
        row.pk,
        _content(newest, row.channel),
        row.version,
        row.sendable,
        row.changed_at,
        row.archived_at is not None,
    )


def _version(row: models.TemplateVersion) -> Version:
    return Version(
        row.number,
        _content(row, row.template.channel),
        row.sendable,
        row.changed_at,
        row.changed_by,
        row.why,
    )


def _content(row: models.TemplateVersion, channel: str) -> Content:
    texts = {language: Text(**one) for language, one in row.texts.items()}
    return Content(row.name, row.kind, row.form, texts, row.utm, channel)


def _kept_back(rows: Sequence[models.KeptBack]) -> list[KeptBack]:
    return [
        KeptBack(
            row.pk, row.at, one.recipient, row.sender, one.subject, one.text, one.html,
            dict(one.headers or {}),
        )
        for row, one in zip(rows, opened(rows), strict=True)
    ]  # fmt: skip
