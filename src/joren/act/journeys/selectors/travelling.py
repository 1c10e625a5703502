"""Questions about those who are on the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Max, Min, Q, Sum

from joren.act.journeys import models
from joren.act.journeys.contracts import (
    SOURCE,
    STEPS,
    AtNode,
    Became,
    Before,
    Document,
    Journey,
    Moving,
    Overview,
    Passed,
    Queue,
    Traveller,
    Version,
)
from joren.act.journeys.rules import targets
from joren.act.journeys.selectors.keeping import journey, journeys, version_by_id, versions
from joren.act.messages import selectors as messages
from joren.act.messages.contracts import OPEN
from joren.core.ids import CustomerId
from joren.protect.consent.selectors import circle_of

_SIZE = 50


def overviews(*, ended: bool = False) -> list[Overview]:
    """Every journey with how many are on it, and what became of the others."""
    return _overviews(journeys(ended=ended))


def overview(number: int) -> Overview:
    """One of them."""
    return _overviews([journey(number)])[0]


def _overviews(kept: list[Journey]) -> list[Overview]:
    of_these = models.Enrolment.objects.filter(journey_id__in=[one.id for one in kept])
    rows = of_these.values_list("journey_id", "standing").annotate(
        n=Count("pk"), held=Count("pk", filter=Q(lot__isnull=False))
    )
    by_journey: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    held: dict[int, int] = defaultdict(int)
    for one_of, standing, number, left_out in rows:
        by_journey[one_of][standing] += number
        held[one_of] += left_out
    return [
        Overview(
            one,
            active=by_journey[one.id]["active"],
            held_out=held[one.id],
            done=by_journey[one.id]["done"],
            goal=by_journey[one.id]["goal"],
            left=by_journey[one.id]["left"],
            sent=sum(
                n
                for (_, state, _), n in messages.counts_of(SOURCE, one.id).items()
                if state == "sent"
            ),
        )
        for one in kept
    ]


def at_nodes(version: Version) -> list[AtNode]:
    """Of each node of a version who stands there, and how many passed each of its ways."""
    active = models.Enrolment.objects.filter(version_id=version.id, due_at__isnull=False)
    standing = {
        node: (number - held, held)
        for node, number, held in active.values_list("node").annotate(
            n=Count("pk"), held=Count("pk", filter=Q(lot__isnull=False))
        )
    }
    tallied = models.Tally.objects.filter(version_id=version.id).values_list("node", "way")
    gone = {(node, way): number for node, way, number in tallied.annotate(n=Sum("number"))}
    return [
        AtNode(
            node.id,
            *standing.get(place, (0, 0)),
            tuple(gone.get((place, way), 0) for way in range(len(targets(node)))),
        )
        for place, node in enumerate(version.document.nodes)
    ]


def queues(version: Version) -> dict[str, Queue]:
    """Of each node at which somebody stands when the first and the last of them go on."""
    active = models.Enrolment.objects.filter(version_id=version.id, due_at__isnull=False)
    found = active.values_list("node").annotate(first=Min("due_at"), last=Max("due_at"))
    names = [node.id for node in version.document.nodes]
    return {names[node]: Queue(names[node], first, last) for node, first, last in found}


def before(number: int, now: datetime) -> Before:
    """What a change of its state would touch now."""
    kept = journey(number)
    counted = messages.counts_of(SOURCE, number)
    return Before(
        active=models.Enrolment.objects.filter(journey_id=number, due_at__isnull=False).count(),
        messages=sum(n for (_, state, _), n in counted.items() if state in OPEN),
        overdue=overdue(number, now),
        moving=tuple(moving(kept, kept.draft)),
    )


def became(number: int, travellers: Sequence[Traveller]) -> dict[int, list[Became]]:
    """By the number of the entry what became of the messages that were asked for on it."""
    rows = messages.became_of(SOURCE, number, [one.customer for one in travellers])
    found: dict[int, list[Became]] = defaultdict(list)
    for step, _, occurrence, state, reason, _ in rows:
        found[occurrence // STEPS].append(Became(step.rpartition("/")[0], state, reason))
    return found


def people_at(journey: int, node: str, *, after: int = 0, limit: int = _SIZE) -> list[Traveller]:
    """Some who stand at the node of that name, in whatever version, in the order of entry."""
    places = Q(pk__in=[])
    for one in versions(journey):
        names = [each.id for each in one.document.nodes]
        if node in names:
            places |= Q(version_id=one.id, node=names.index(node))
    rows = models.Enrolment.objects.filter(places, due_at__isnull=False, pk__gt=after)
    return _travellers(list(rows.order_by("pk")[:limit]))


def of_customer(customer: CustomerId) -> list[Traveller]:
    """Every entry of a customer, also under numbers that they had before, newest first."""
    rows = models.Enrolment.objects.filter(customer_id__in=circle_of(customer)).order_by(
        "-entered_at", "-pk"
    )
    return _travellers(list(rows[:_SIZE]))


def passed(enrolment: int) -> list[Passed]:
    """The nodes that somebody passed on one entry, in their order; way -1 is away."""
    rows = list(models.Passage.objects.filter(enrolment_id=enrolment).order_by("step"))
    documents = {one: version_by_id(one).document for one in {row.version_id for row in rows}}
    return [
        Passed(row.step, documents[row.version_id].nodes[row.node].id, row.way, row.at)
        for row in rows
    ]


def overdue(journey: int, now: datetime) -> int:
    """How many have something due that was not done, or were answered during a pause."""
    late = Q(due_at__lte=now) | Q(due_at__isnull=False, answered_at__isnull=False)
    return models.Enrolment.objects.filter(late, journey_id=journey).count()


def moving(journey: Journey, to: Document) -> list[Moving]:
    """Who is on the way on which version and node, and whether ``to`` has a node of that name."""
    there = {node.id for node in to.nodes}
    rows = models.Enrolment.objects.filter(journey_id=journey.id, due_at__isnull=False)
    counted = rows.values_list("version_id", "node").annotate(n=Count("pk"))
    known = {one.id: one for one in versions(journey.id)}
    found = []
    for version, node, number in counted.order_by("version_id", "node"):
        name = known[version].document.nodes[node].id
        found.append(Moving(known[version].number, name, number, name if name in there else None))
    return found


def _travellers(rows: list[models.Enrolment]) -> list[Traveller]:
    known = {one: version_by_id(one) for one in {row.version_id for row in rows}}
    return [
        Traveller(
            row.pk,
            CustomerId(row.customer_id),
            known[row.version_id].number,
            row.occurrence,
            known[row.version_id].document.nodes[row.node].id,
            row.standing,  # type: ignore[arg-type]  # the constraint keeps it to these
            row.entered_at,
            row.due_at,
            row.lot is not None,
        )
        for row in rows
    ]


def put_aside() -> dict[str, int]:
    """How many signals joren failed at, by what it failed with."""
    failed = models.Signal.objects.exclude(fault="").values_list("fault")
    return dict(failed.annotate(n=Count("pk")).order_by("fault"))
