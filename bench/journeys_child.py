"""The step of ``bench journeys``, in a process of its own: its time is of the tick alone."""

from __future__ import annotations

import sys
import time
from unittest import mock

from bench import gate_child  # it sets Django up

from django.db import connection  # isort: skip

from joren.act.journeys import models, services
from joren.act.journeys.rules import read
from joren.act.messages import services as messages
from joren.act.messages.contracts import Content, Text
from joren.act.messages.models import Send, Template
from joren.core import clock


def main(enrolments: int) -> None:
    with mock.patch.object(clock, "now", return_value=gate_child.NOON):
        _stand_at_the_message(enrolments)
        begun = time.perf_counter()
        ticked = services.tick()
        gate_child._say(enrolments, begun, f"{ticked.passed:,} passed")
    left = models.Enrolment.objects.filter(due_at__lte=gate_child.NOON).count()
    asked = Send.objects.filter(errand_id__gt=3).count()
    if (left, asked) != (0, enrolments):
        sys.exit(f"{left:,} still stand there, and {asked:,} are in the ledger")


def _stand_at_the_message(enrolments: int) -> None:
    """All of them, one in ten held out, on a journey that nobody else is on."""
    Template.objects.update(archived_at=gate_child.NOON)  # the gate's, which says nothing
    text = Text("新着のお知らせ", "{{ customer.name }}さま\n{{ unsubscribe_url }}\n")
    template = messages.create(Content("mail", "brand", "text", {"ja": text}), by="bench")
    document = read(
        {
            "name": "bench", "holdout": 0, "no_holdout_why": "bench", "start": "mail",
            "triggers": [{"kind": "event", "event": "Order Completed"}],
            "nodes": [
                {"id": "mail", "do": "send", "template": template.id, "then": "pause"},
                {"id": "pause", "do": "wait", "minutes": 1440, "then": "end"},
            ],
        }
    )  # fmt: skip
    kept = services.publish(services.create(document, by="bench").id, by="bench", why="bench")
    version = models.Version.objects.get(journey_id=kept.id)
    now = gate_child._at(gate_child.NOON)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journeys_enrolment (journey_id, version_id, customer_id, occurrence, node,"
            " standing, due_at, lot, muted, steps, began_at, entered_at, cause)"
            f" SELECT %s, %s, customer_id, 1, 0, 'active', {now}, lot, %s, 0, {now}, {now}, '{{}}'"
            " FROM bench_due WHERE customer_id <= %s",
            [kept.id, version.pk, False, enrolments],
        )
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main(int(sys.argv[2]))
