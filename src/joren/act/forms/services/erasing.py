"""Who signed up goes with the person: that somebody did stays, as a count of its variant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from joren.act.forms import models, rules
from joren.core.erasing import Eraser, Traces
from joren.core.words import gettext_noop

_WHAT: Final = gettext_noop("sign-ups at forms")


def _theirs(traces: Traces) -> QuerySet[models.Signup]:
    who = [rules.fingerprint(settings.SECRET_KEY, one.lower()) for one in traces.emails]
    return models.Signup.objects.filter(Q(customer_id__in=traces.customers) | Q(who__in=who))


@transaction.atomic
def _erase(traces: Traces) -> dict[str, int]:
    rows = _theirs(traces)
    models.Visit.objects.filter(pk__in=rows.values("visit")).update(visitor="")
    numbers = list(rows.values_list("pk", flat=True))
    done = models.Signup.objects.filter(pk__in=numbers).update(
        who="", pending="", customer_id=None, request=None
    )
    return {_WHAT: done}


def _export(traces: Traces) -> list[Mapping[str, Any]]:
    return [
        {
            gettext("Form"): row.form.name,
            gettext("When"): row.at.isoformat(),
            gettext("Confirmed"): row.confirmed_at.isoformat() if row.confirmed_at else "",
        }
        for row in _theirs(traces).select_related("form").order_by("pk")
    ]


ERASER: Final = Eraser(
    gettext_noop("Sign-up forms"),
    ("forms.signup", "forms.visit"),
    goes=lambda traces: {_WHAT: _theirs(traces).count()},
    erase=_erase,
    export=_export,
)
