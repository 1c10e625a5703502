"""What this room keeps of a person, gives to them, and forgets: messages and their ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext, gettext_noop

from joren.act.messages import models
from joren.act.messages.contracts import REASON_NAMES, STATE_NAMES
from joren.act.messages.opening import opened
from joren.collect.customers import selectors as people
from joren.core.erasing import Eraser, Traces

_TABLES: Final = (
    "act_messages.keptback", "act_messages.letter", "act_messages.send", "act_messages.suppression",
    "act_messages.localzone", "act_messages.feedback",
    "act_messages.returned",
)  # fmt: skip
_SENT: Final = gettext_noop("messages in the ledger")
_STOPPED: Final = gettext_noop("addresses that nothing is sent to")
_CLOCKS: Final = gettext_noop("clocks of people")
_HEARD: Final = gettext_noop("what became of messages")
_RETURNED: Final = gettext_noop("notices that came back by mail")
_LETTERS: Final = gettext_noop("letters")
_KEPT: Final = gettext_noop("messages kept in the house")


def _kept(traces: Traces) -> QuerySet[models.KeptBack]:
    """With their data in it, or to their address."""
    words = [*traces.emails, *(people.hashed_email(one) for one in traces.emails)]
    theirs = Q(customer_id__in=traces.customers) | Q(recipient__in=words)
    return models.KeptBack.objects.filter(theirs)


def _letters(traces: Traces) -> QuerySet[models.Letter]:
    return models.Letter.objects.filter(customer_id__in=traces.customers)


def _theirs(traces: Traces) -> dict[str, QuerySet[Any]]:
    mine = Q(customer_id__in=traces.customers)
    return {
        _KEPT: _kept(traces),
        _LETTERS: _letters(traces),
        _HEARD: models.Feedback.objects.filter(
            Q(send_id__in=models.Send.objects.filter(mine).values("pk"))
            | Q(
                state="stranger",
                number__in=[people.key_of("line", one) for one in traces.line_ids],
            )
        ),
        _RETURNED: models.Returned.objects.filter(
            Q(recipient__in=[people.hashed_email(one) for one in traces.emails])
            | Q(send_id__in=models.Send.objects.filter(mine).values("pk"))
        ),
        _SENT: models.Send.objects.filter(mine),
        _STOPPED: models.Suppression.objects.filter(mine),
        _CLOCKS: models.LocalZone.objects.filter(mine),
    }


def _goes(traces: Traces) -> dict[str, int]:
    return {name: rows.count() for name, rows in _theirs(traces).items()}


def _erase(traces: Traces) -> dict[str, int]:
    return {name: rows.delete()[0] for name, rows in _theirs(traces).items()}


def _export(traces: Traces) -> list[Mapping[str, Any]]:
    sent = _theirs(traces)[_SENT].order_by("pk").values_list("asked_at", "state", "reason")
    kept, letters = list(_kept(traces).order_by("pk")), list(_letters(traces).order_by("pk"))
    times = [*(row.at for row in kept), *(row.at for row in letters)]
    return [
        {gettext("When"): at, gettext("Subject"): one.subject, gettext("Body"): one.text}
        for at, one in zip(times, [*opened(kept), *opened(letters)], strict=True)
    ] + [
        {
            gettext("When"): at,
            gettext("State"): gettext(STATE_NAMES[state]),
            gettext("Why"): gettext(REASON_NAMES[reason]) if REASON_NAMES.get(reason) else reason,
        }
        for at, state, reason in sent
    ]


ERASER: Final = Eraser(gettext_noop("Messages"), _TABLES, goes=_goes, erase=_erase, export=_export)
