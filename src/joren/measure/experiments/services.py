"""The verbs: say what an action cost, read all effects at a refresh."""

from __future__ import annotations

from django.db import transaction

from joren.core import clock
from joren.decide.holdouts import selectors as holdouts
from joren.measure.experiments import models, selectors
from joren.measure.experiments.contracts import COST_KINDS, NoSuchCost, Result
from joren.measure.experiments.selectors import readings
from joren.protect.audit import services as audit
from joren.understand.ltv import selectors as values


@transaction.atomic
def say_cost(number: int, *, kind: str, amount: int | None, by: str) -> None:
    """Write down what the action of a holdout cost in all, in minor units; None takes it back."""
    holdouts.holdout(number)
    if kind not in COST_KINDS:
        raise NoSuchCost(f"there are no costs of {kind!r}", hint=", ".join(COST_KINDS))
    if amount is not None and amount < 0:
        raise NoSuchCost(f"a cost of {amount}", hint="0 or more, in minor units")
    if amount is None:
        models.Cost.objects.filter(holdout_id=number, kind=kind).delete()
    else:
        models.Cost.objects.update_or_create(
            holdout_id=number, kind=kind,
            defaults={"amount": amount, "said_at": clock.now(), "said_by": by},
        )  # fmt: skip
    audit.record(
        "effects.cost_said", actor=by, subject_kind="holdout", subject_id=number, kind=kind,
        amount=amount,
    )  # fmt: skip


def read_effects() -> int:
    """Read every holdout by the newest figures and keep what it says; again is the same."""
    snapshot = values.snapshot()
    found = selectors.read_now(snapshot)
    with transaction.atomic():
        models.Reading.objects.filter(document__isnull=False).update(document=None)
        models.Reading.objects.filter(snapshot_id=snapshot.id).delete()
        models.Reading.objects.bulk_create(
            _row(snapshot.id, footing, one) for footing, one in found
        )
    return len(found)


def _row(snapshot: int, footing: str, one: Result) -> models.Reading:
    each = one.realised_per_customer
    return models.Reading(
        holdout_id=one.holdout_id, snapshot_id=snapshot, as_of=one.last, footing=footing,
        evidence=one.evidence, metric=one.metric, each=each.value, low=each.low, high=each.high,
        document=readings.document_of(one),
    )  # fmt: skip
