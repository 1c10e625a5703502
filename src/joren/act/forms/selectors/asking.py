"""Forms, their versions, and what they show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from joren.act.forms import contracts, models, rules
from joren.act.forms.contracts import Content, Counted, State, Variant
from joren.protect.consent import selectors as consents
from joren.protect.consent.contracts import SHOWN, Matter

ASKED: Final = Matter("email", "marketing")


def forms(*, archived: bool = False) -> tuple[contracts.Form, ...]:
    """All that are in use, by name; or those that were put away."""
    rows = models.Form.objects.order_by("name", "pk")
    rows = rows.filter(state="archived") if archived else rows.exclude(state="archived")
    return _read(list(rows))


def form(slug: str) -> contracts.Form:
    row = models.Form.objects.filter(slug=slug).first()
    if row is None:
        raise contracts.NoSuchForm(f"there is no form {slug!r}", hint="joren forms list")
    return _read([row])[0]


def by_number(number: int) -> contracts.Form:
    row = models.Form.objects.filter(pk=number).first()
    if row is None:
        raise contracts.NoSuchForm(f"there is no form {number}", hint="joren forms list")
    return _read([row])[0]


def version(form_id: int, number: int) -> contracts.Version:
    row = models.FormVersion.objects.filter(form_id=form_id, number=number).first()
    if row is None:
        raise contracts.NoSuchForm(f"the form has no version {number}", hint="its page lists them")
    return _version(row)


def versions(form_id: int) -> tuple[contracts.Version, ...]:
    """Newest first."""
    rows = models.FormVersion.objects.filter(form_id=form_id).order_by("-number")
    return tuple(_version(row) for row in rows)


def live_content(slug: str) -> tuple[contracts.Form, Content]:
    """The form and what visitors see of it; refused where it takes no sign-ups."""
    found = form(slug)
    if found.state != "live" or found.live is None:
        raise contracts.FormClosed(f"{slug} takes no sign-ups", hint="ask the shop")
    return found, version(found.id, found.live).content


def counted(form_ids: Sequence[int]) -> Mapping[int, Counted]:
    """Visitors, sign-ups and confirmations of each, of all its rounds."""
    seen = dict(
        models.Visit.objects.filter(form_id__in=form_ids)
        .values_list("form_id")
        .annotate(n=Count("pk"))
    )
    signed = {
        number: (n, yes)
        for number, n, yes in models.Signup.objects.filter(form_id__in=form_ids)
        .values_list("form_id")
        .annotate(n=Count("pk"), yes=Count("pk", filter=Q(confirmed_at__isnull=False)))
    }
    return {
        number: Counted(seen.get(number, 0), *signed.get(number, (0, 0))) for number in form_ids
    }


def wording_scope(slug: str) -> str:
    """Under which name the ledger of consents keeps the words of a form."""
    return f"form:{slug}"


def consent_shown(content: Content, slug: str, language: str) -> tuple[int | None, str]:
    """The number under which the words that are shown are kept, and the words; None: they are not
    kept yet, as those of a draft and the usual ones of a shop that has none of its own."""
    if content.consent:
        kept = consents.wording_of(ASKED, content.consent, language, scope=wording_scope(slug))
        return None if kept is None else kept.id, content.consent
    own = consents.wording(ASKED, language)
    if own is not None:
        return own.id, own.text
    return None, usual_words(language)


def usual_words(language: str) -> str:
    """What is shown where neither the form nor the shop has words of its own."""
    with translation.override(language):
        return gettext(SHOWN[str(ASKED)])


def words(content: Content, variant: Variant, slug: str, language: str) -> dict[str, Any]:
    """What a variant says, for a page and for its preview."""
    wording, consent = consent_shown(content, slug, language)
    return {
        "content": content,
        "variant": variant,
        "blocks": rules.blocks_of(variant.body),
        "consent": consent,
        "wording": wording,
        "months": tuple(range(1, 13)),
    }


def address_of(slug: str) -> str:
    """Where visitors sign up."""
    return f"{settings.JOREN_URL}{reverse('form_page', args=[slug])}"


def snippet_of(slug: str) -> str:
    """What a page of the shop carries in the place where the form is to stand."""
    script = f"{settings.JOREN_URL}{reverse('form_script')}"
    return f'<script src="{script}" data-form="{slug}" async></script>'


def _read(rows: Sequence[models.Form]) -> tuple[contracts.Form, ...]:
    wanted = Q(pk__in=[])
    for row in rows:
        wanted |= Q(form_id=row.pk, number=row.version)
    contents = {
        one.form_id: rules.read(one.content) for one in models.FormVersion.objects.filter(wanted)
    }
    since = {
        (one.form_id, one.number): one.since
        for one in models.Round.objects.filter(form_id__in=[row.pk for row in rows])
    }
    return tuple(
        contracts.Form(
            row.pk,
            row.slug,
            row.name,
            row.store,
            cast("State", row.state),
            row.version,
            row.live,
            row.round,
            since.get((row.pk, row.round)),
            row.made_at,
            row.changed_at,
            contents[row.pk],
        )
        for row in rows
    )


def _version(row: models.FormVersion) -> contracts.Version:
    return contracts.Version(
        row.number, rules.read(row.content), row.changed_at, row.changed_by, row.why
    )
