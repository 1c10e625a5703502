"""The verbs: say what an action cost and when it is to be read, read all at a refresh."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from joren.accounts.selectors import business
from joren.act.campaigns import selectors as campaigns
from joren.act.campaigns import services as sending
from joren.core import clock
from joren.decide.holdouts import selectors as holdouts
from joren.decide.holdouts import services as lots
from joren.decide.segments import selectors as segments
from joren.decide.segments import services as keeping
from joren.measure.experiments import models, rules, selectors
from joren.measure.experiments.contracts import (
    BY_ITSELF,
    COST_KINDS,
    USUAL_HORIZON,
    USUAL_LIFT,
    EffectPlan,
    Evidence,
    NoSuchCost,
    NotYetTargeted,
    NoWinner,
    PlanTooLate,
)
from joren.measure.experiments.selectors import planned, readings, variants
from joren.protect.audit import services as audit
from joren.understand.ltv import selectors as values


@transaction.atomic
def say_cost(number: int, *, kind: str, amount: int | None, by: str) -> None:
    """Write down what the action of a holdout cost in all, in minor units; None takes it back."""
    holdouts.effects_holdout(number)
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


@transaction.atomic
def plan(
    number: int, *, by: str, horizon_days: int = USUAL_HORIZON, looks: int = 1,
    customers: int | None = None, lift: float = USUAL_LIFT,
) -> EffectPlan:  # fmt: skip
    """Say when the effect of a holdout is to be read, before anything of it can be seen.

    Who was drawn at once comes of age on one day, so that there is one look.
    """
    one = holdouts.effects_holdout(number)
    if one.kind != "standing":
        looks, customers = 1, one.customers
    made_on = clock.shop_day(clock.now(), business().time_zone)
    wanted = EffectPlan(
        horizon_days, rules.planning.even(looks), customers or 0, lift, made_on, by
    )  # fmt: skip
    rules.planning.check(wanted)
    if selectors.result(number).days or readings.seen([number]):
        raise PlanTooLate(
            f"the effect of “{one.name}” can be seen already", hint="it is read on any day instead"
        )
    _keep_plan(number, wanted)
    audit.record(
        "effects.planned", actor=by, subject_kind="holdout", subject_id=number,
        horizon=horizon_days, looks=looks, customers=wanted.customers,
    )  # fmt: skip
    return wanted


def _keep_plan(number: int, wanted: EffectPlan) -> None:
    models.Plan.objects.update_or_create(
        holdout_id=number,
        defaults={
            "horizon_days": wanted.horizon_days, "looks": list(wanted.looks),
            "customers": wanted.customers, "lift": wanted.lift, "made_at": clock.now(),
            "made_on": wanted.made_on, "made_by": wanted.made_by,
        },
    )  # fmt: skip


def plan_by_itself(today: date) -> None:
    """One look after the usual time for what was drawn at once and nobody planned, as long as
    nobody has had that time: what is the same for all was not chosen by what came of it."""
    open_ones = [
        one for one in holdouts.holdouts()
        if one.kind == "segment" and one.treated_on and (today - one.treated_on).days < 28
    ]  # fmt: skip
    numbers = [one.id for one in open_ones]
    known = {*selectors.plans(numbers), *readings.seen(numbers)}
    for one in open_ones:
        if one.id not in known:
            usual = EffectPlan(USUAL_HORIZON, (1.0,), one.customers, USUAL_LIFT, today, BY_ITSELF)
            _keep_plan(one.id, usual)


def log_exposures() -> int:
    """Take over from the ledger who of both arms was asked for, let through and reached since the
    last time; returns how many steps were new. Again is the same."""
    return sum(
        lots.log_exposures(one.holdout, one.firsts, until=one.until)
        for one in selectors.unread_exposures()
    )


def read_effects() -> int:
    """Take the looks that are due, read every holdout by the newest figures, and keep what they
    say; again is the same."""
    snapshot = values.snapshot()
    plan_by_itself(clock.shop_day(clock.now(), business().time_zone))
    for number, look in selectors.due_looks(snapshot):
        models.Look.objects.create(
            holdout_id=number, number=look.number, share=look.share, on=look.on,
            document=planned.document_of(look),
        )  # fmt: skip
    known = set(models.Outcome.objects.values_list("holdout_id", flat=True))
    models.Outcome.objects.bulk_create(
        models.Outcome(
            holdout_id=number, on=snapshot.as_of, metric=metric, each=came.estimate,
            error=came.error,
        )
        for number, metric, came in selectors.outcomes_due(snapshot, known)
    )  # fmt: skip
    found = selectors.read_now(snapshot)
    among_all = selectors.judged([one.result for _, one in found])
    with transaction.atomic():
        models.Reading.objects.filter(document__isnull=False).update(document=None, first_days=None)
        models.Reading.objects.filter(snapshot_id=snapshot.id).delete()
        models.Reading.objects.bulk_create(
            _row(snapshot.id, footing, one, among_all[one.result.holdout_id])
            for footing, one in found
        )
    return len(found)


def look_at_variants() -> list[int]:
    """Read the messages tried beside each other whose day has come, once; a winner that is proven
    goes to the rest where its plan says so. Returns the campaigns that were read."""
    read = []
    for test in selectors.due_variants(values.snapshot()):
        with transaction.atomic():
            models.VariantLook.objects.create(
                campaign_id=test.campaign, on=test.taken_on or test.look_on, evidence=test.evidence,
                document=variants.document_of(test),
            )  # fmt: skip
            one = campaigns.campaign(test.campaign)
            if test.evidence == "proven" and one.plan.sends_winner and one.state == "testing":
                sending.send_rest(test.campaign, winner=test.best, by=BY_ITSELF)
        read.append(test.campaign)
    return read


def send_winner(campaign: int, *, by: str) -> int:
    """Send the message that is proven to bring more to the rest of the audience."""
    test = selectors.variant_test(campaign)
    if test.evidence != "proven":
        raise NoWinner(
            f"no message of “{test.name}” is proven to bring more ({test.evidence})",
            hint=f"it is read on {test.look_on}; or send all of them to the rest",
        )
    sending.send_rest(campaign, winner=test.best, by=by)
    return test.best


def send_all(campaign: int, *, by: str) -> None:
    """Send the rest all messages in their shares: nobody has to wait for what cannot be proven."""
    sending.send_rest(campaign, winner=0, by=by)


def target(number: int, *, name: str, by: str, cost: float | None = None) -> int:
    """Keep the policy that the race of a holdout says to use as a segment; returns its number."""
    found = selectors.who(number, cost=cost)
    if found.rule is None:
        raise NotYetTargeted(
            f"sending to nobody brings most at {found.cost:,.0f} per customer",
            hint="a segment of nobody is none",
        )
    kept = keeping.create(
        name,
        segments.read(found.rule),
        by=by,
        why=f"{found.use}, holdout {number}, {found.evidence}",
    )
    audit.record(
        "effects.targeted", actor=by, subject_kind="holdout", subject_id=number,
        segment=kept.id, policy=found.use, evidence=found.evidence, cost=round(found.cost),
    )  # fmt: skip
    return kept.id


def _row(snapshot: int, footing: str, read: readings.Read, evidence: Evidence) -> models.Reading:
    """The document has what it says by itself, ``evidence`` what may be said of it among all."""
    one = read.result
    each = one.realised_per_customer
    row = models.Reading(
        holdout_id=one.holdout_id, snapshot_id=snapshot, as_of=one.last, footing=footing,
        evidence=evidence, metric=one.metric, each=each.value, low=each.low, high=each.high,
        age=one.days, document=readings.document_of(one),
        first_days=readings.sums_of(read.first_days),
    )  # fmt: skip
    if one.projection:
        told = one.projection.per_customer
        row.projected, row.projected_error = told.value, one.projection.error
        row.projected_low, row.projected_high = told.low, told.high
        row.uncorrected = one.projection.uncorrected
    return row
