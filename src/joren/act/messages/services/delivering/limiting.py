"""How fast messages may leave, by whoever runs the shop."""

from __future__ import annotations

import re
from typing import Final

from django.db import transaction

from joren.accounts.selectors import business
from joren.act.messages import models, selectors
from joren.act.messages.channels import names
from joren.act.messages.contracts import BadPace, Pace
from joren.core import clock
from joren.protect.audit import services as audit

_DOMAIN: Final = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


@transaction.atomic
def set_pace(
    scope: str, *, per_minute: int | None, warm_first: int | None = None, by: str
) -> dict[str, Pace]:
    """Limit everything (``*``), a channel, or a domain of a channel (``email:gmail.com``).

    ``warm_first`` begins a warm-up today, with so many messages. Neither: the limit goes.
    """
    channel, _, domain = scope.partition(":")
    if (
        (scope != "*" and channel not in names())
        or (":" in scope and not _DOMAIN.fullmatch(domain))
        or any(one is not None and not 0 < one <= 10**6 for one in (per_minute, warm_first))
    ):
        raise BadPace(
            f"no messages leave by {scope!r}, {per_minute} a minute",
            hint=f"*, {', '.join(names())}, or a domain such as email:gmail.com; 1 to 1,000,000",
        )
    if per_minute is None and warm_first is None:
        models.Pace.objects.filter(pk=scope).delete()
    else:
        today = clock.shop_day(clock.now(), business().time_zone) if warm_first else None
        models.Pace.objects.update_or_create(
            pk=scope,
            defaults={
                "per_minute": per_minute, "warm_first": warm_first, "warm_since": today,
                "filled_at": None,
            },
        )  # fmt: skip
    audit.record(
        "messages.pace_set", actor=by, subject_kind="pace", subject_id=scope,
        per_minute=per_minute, warm_first=warm_first,
    )  # fmt: skip
    return selectors.paces()
