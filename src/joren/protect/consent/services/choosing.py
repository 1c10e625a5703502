"""What the shop asks about, in which words, and on which exceptions it relies."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from joren.core import clock
from joren.protect.audit import services as audit
from joren.protect.consent import contracts, models, rules, selectors
from joren.protect.consent.contracts import BASES, BadConsent, Choices, Matter


@transaction.atomic
def choose(
    *,
    by: str,
    offered: Sequence[str] | None = None,
    relies_on: Sequence[str] | None = None,
    confirm_days: int | None = None,
) -> Choices:
    """Change what is named; what is written down already stays as it is."""
    before = selectors.choices()
    asked = [str(rules.matter_named(one)) for one in offered or map(str, before.offered)]
    basis = list(before.relies_on if relies_on is None else relies_on)
    days = before.confirm_days if confirm_days is None else confirm_days
    if unknown := sorted({*basis} - {*BASES}):
        raise BadConsent(f"no exception {unknown[0]!r}", hint=f"known: {', '.join(BASES)}")
    if not 1 <= days <= 90:
        raise BadConsent(f"{days} days to confirm in", hint="1 to 90")
    models.Choice.objects.update_or_create(
        pk=1, defaults={"offered": asked, "relies_on": basis, "confirm_days": days}
    )
    audit.record(
        "consent.choices_changed", actor=by, subject_kind="consent",
        offered=asked, relies_on=basis, confirm_days=days,
    )  # fmt: skip
    return selectors.choices()


@transaction.atomic
def word(
    matter: Matter, text: str, *, language: str, by: str, scope: str = ""
) -> contracts.Wording:
    """Say what is shown to those who are asked; a changed text is another version.

    With a ``scope`` it is shown in that place alone, such as one form.
    """
    text = text.strip()
    rules.matter_named(str(matter))
    if not text or language not in ("ja", "en"):
        raise BadConsent("a wording needs a text in ja or en", hint=f"{language!r}, {len(text)}")
    before = selectors.wording(matter, language, scope=scope)
    if before is not None and before.text == text:
        return before
    models.Wording.objects.create(
        channel=matter.channel,
        purpose=matter.purpose,
        language=language,
        scope=scope,
        version=before.version + 1 if before else 1,
        text=text,
        since=clock.now(),
    )
    audit.record(
        "consent.worded", actor=by, subject_kind="consent", matter=str(matter), language=language
    )
    made = selectors.wording(matter, language, scope=scope)
    assert made is not None  # noqa: S101 (written in this transaction)
    return made
