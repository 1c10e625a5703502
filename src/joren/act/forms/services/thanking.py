"""What a form says to whoever has confirmed."""

from __future__ import annotations

from django.utils.translation import gettext

from joren.act.forms import models, selectors
from joren.protect.consent.contracts import Entry, Thanks


def thanks_for(entry: Entry) -> Thanks | None:
    """The thanks and the gift of the version that they signed up at."""
    row = models.Signup.objects.filter(request=entry.id).first()
    if row is None:
        return None
    content = selectors.version(row.form_id, row.version).content
    return Thanks(gettext("Thank you: it is confirmed"), content.thanks, content.gift)
