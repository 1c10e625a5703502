"""Who was erased and comes back is somebody new; where the shop chose so, they have refused all."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import transaction

from joren.core.people import people
from joren.protect.consent.services import refuse_again
from joren.protect.erasure import models, rules

_AT_ONCE: Final = 20_000


def refuse_the_returned() -> int:
    """Look at whom nobody looked at before; returns how many had been erased with that choice."""
    kept = models.Proof.objects.filter(request__suppress=True, request__state="done")
    watch, _ = models.Watch.objects.get_or_create(pk=1)
    found = 0
    while new := people().newer(watch.identity_id, _AT_ONCE):
        digests = {
            rules.digest(key, secret=settings.SECRET_KEY): customer for _, key, customer in new
        }
        known = kept.filter(digest__in=digests) if kept.exists() else kept.none()
        with transaction.atomic():
            back = {digests[one] for one in known.values_list("digest", flat=True)}
            for customer in sorted(back):
                refuse_again(customer, proof="erased before")
            watch.identity_id = new[-1][0]
            watch.save(update_fields=["identity_id"])
        found += len(back)
    return found
