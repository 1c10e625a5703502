"""Who was erased and comes back is somebody new; where the shop chose so, they have refused all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from joren.core import clock
from joren.core.people import Met, people
from joren.protect.consent.services import refuse_again
from joren.protect.erasure import models, rules

_AT_ONCE: Final = 20_000
_SETTLED: Final = timedelta(7)
"""Identities get their numbers in blocks before they are written, and an import may write its own
long after live events wrote higher ones: below those met so long ago none is still to come."""


def refuse_the_returned() -> int:
    """Look at whom nobody looked at before, and again at those of the last days; returns how many
    had been erased with that choice."""
    kept = _kept()
    if not kept.exists():  # whoever is asked for later is looked for among all since the watch
        return 0
    watch, _ = models.Watch.objects.get_or_create(pk=1)
    before = (clock.now() - _SETTLED).date()
    after, settling, found = watch.identity_id, True, 0
    while new := people().newer(after, _AT_ONCE):
        found += _refused(new, kept)
        for number, _, _, met_on in new:
            if settling := settling and (met_on is None or met_on < before):
                watch.identity_id = number
            else:
                break
        watch.save(update_fields=["identity_id"])
        after = new[-1][0]
    return found


def refuse_who_arrive(arrived: Iterable[Sequence[tuple[str, int]]]) -> int:
    """The same at the door, of keys and customers that are written now: nobody is written to before
    the next night. Returns how many."""
    kept = _kept()
    if not kept.exists():
        return 0
    return sum(
        _refused_among(some[start : start + _AT_ONCE], kept)
        for some in arrived
        for start in range(0, len(some), _AT_ONCE)
    )


def _kept() -> QuerySet[models.Proof]:
    return models.Proof.objects.filter(request__suppress=True, request__state="done")


def _refused(new: Sequence[Met], kept: QuerySet[models.Proof]) -> int:
    return _refused_among([(key, customer) for _, key, customer, _ in new], kept)


@transaction.atomic
def _refused_among(keys: Iterable[tuple[str, int]], kept: QuerySet[models.Proof]) -> int:
    secret = settings.SECRET_KEY
    digests = {rules.digest(key, secret=secret): customer for key, customer in keys}
    known = kept.filter(digest__in=digests).values_list("digest", flat=True)
    back = {digests[one] for one in known}
    refused = [refuse_again(customer, proof="erased before") for customer in sorted(back)]
    return sum(one is not None for one in refused)
