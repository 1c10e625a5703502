"""Decide how much is written to anybody, and when; and say where somebody's clock is."""

from __future__ import annotations

from django.db import transaction

from joren.act.messages import channels, models, selectors
from joren.act.messages.contracts import Cap, Policy, PolicyPreview
from joren.act.messages.rules.policies import as_said, check_policy
from joren.act.messages.services.gate import setting as gate
from joren.collect.customers.selectors import customer as the_customer
from joren.core import clock
from joren.core.ids import CustomerId
from joren.protect.audit import services as audit


@transaction.atomic
def set_policy(policy: Policy, *, by: str) -> Policy:
    """Decide it anew. What was put off is asked again by the new one, when its time comes.

    The same once more is no change.
    """
    check_policy(policy, channels.names())
    gate.hold()  # no chunk is decided half by the one and half by the other
    before = selectors.policy()
    if before.version and as_said(before) == as_said(policy):
        return before
    said = as_said(policy)
    models.PolicyVersion.objects.create(
        number=before.version + 1, said=said, changed_at=clock.now(), changed_by=by
    )
    audit.record(
        "messages.policy_set", actor=by, subject_kind="policy", subject_id=before.version + 1,
        caps=[_in_words(cap) for cap in policy.caps], quiet=said["quiet"] or [],
        month_most=policy.month_most, month_cost=policy.month_cost,
        costs=[f"{name}={cost}" for name, cost in policy.costs.items()],
    )  # fmt: skip
    return selectors.policy()


def try_policy(policy: Policy) -> PolicyPreview:
    """What it would have made of the messages of the last weeks; nothing is changed."""
    check_policy(policy, channels.names())
    return selectors.what_it_would_do(policy)


@transaction.atomic
def set_zone(customer: int, zone: str, *, by: str) -> None:
    """Say where a customer's clock is, an IANA name; empty says that it is where the shop's is."""
    person = the_customer(CustomerId(customer)).id
    if zone:
        clock.zone(zone)
        models.LocalZone.objects.update_or_create(customer_id=person, defaults={"zone": zone})
    else:
        models.LocalZone.objects.filter(customer_id=person).delete()
    audit.record(
        "messages.zone_set", actor=by, subject_kind="customer", subject_id=person, zone=zone
    )


def _in_words(cap: Cap) -> str:
    return f"{cap.channel or '*'}/{cap.kind or '*'}: {cap.most} in {cap.days}"
