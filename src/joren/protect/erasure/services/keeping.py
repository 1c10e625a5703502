"""How long what is kept: said by the shop, carried out each night, written down."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction

from joren.core import clock
from joren.core.erasing import RETENTIONS
from joren.core.errors import BadInput
from joren.protect.audit import services as audit
from joren.protect.erasure import contracts, models
from joren.protect.erasure.selectors.keeping import days_of

_LONGEST: Final = 36_500


@transaction.atomic
def keep_for(name: str, days: int | None, *, by: str) -> None:
    """Keep a kind for so many days; None for ever."""
    if name not in RETENTIONS:
        raise contracts.NoSuchKind(f"nothing called {name!r}", hint=", ".join(RETENTIONS))
    least, most = RETENTIONS[name].least, RETENTIONS[name].most
    if not least <= (_LONGEST if days is None else days) <= (most or _LONGEST):
        end = f"at most {most}" if most else "or for ever"
        said = "for ever" if days is None else f"{days} days"
        raise BadInput(f"{said} for {name}", hint=f"at least {least} days, {end}")
    models.Rule.objects.update_or_create(pk=name, defaults={"days": days})
    audit.record(
        "privacy.retention_changed", actor=by, subject_kind="retention", subject_id=name, days=days
    )


def purge(*, by: str) -> dict[str, int]:
    """Remove what is old, kind by kind; each kind's run is written down.

    Where one fails the others go on, and what it raised is raised in the end.
    """
    gone: dict[str, int] = {}
    failed: list[Exception] = []
    for name, one in RETENTIONS.items():
        days = days_of(name)
        if days is None:
            continue
        now = clock.now()
        try:
            gone[name] = one.purge(now - timedelta(days=days))
        except Exception as error:  # whatever it was, what others keep is old all the same
            failed.append(error)
            continue
        with transaction.atomic():
            models.Rule.objects.update_or_create(
                pk=name,
                defaults={"last_run": now, "last_count": gone[name]},
                create_defaults={"days": days, "last_run": now, "last_count": gone[name]},
            )
            if gone[name]:
                audit.record(
                    "privacy.purged", actor=by, subject_kind="retention", subject_id=name,
                    rows=gone[name], days=days,
                )  # fmt: skip
    if failed:
        raise failed[0]
    return gone
