"""Write a plan down, change it while nobody has got anything, let it go, call it off."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from django.db import IntegrityError, transaction

from joren.act.campaigns import models, rules, selectors
from joren.act.campaigns.contracts import (
    OPEN,
    SOURCE,
    BadCampaign,
    Campaign,
    CampaignNameTaken,
    CampaignUnderWay,
    NoSuchCampaign,
    Plan,
)
from joren.act.messages import selectors as messages
from joren.act.messages import services as sending
from joren.act.messages.contracts import TRANSACTIONAL
from joren.core import clock
from joren.decide.segments import selectors as segments
from joren.protect.audit import services as audit


def plan(wanted: Plan, *, by: str) -> Campaign:
    """Keep it as a draft."""
    wanted = _checked(wanted)
    return _kept(models.Campaign(made_by=by, salt=secrets.token_hex(16)), wanted, by, "planned")


@transaction.atomic
def change(number: int, wanted: Plan, *, by: str) -> Campaign:
    """Another plan in place of the one before; what was scheduled is a draft again."""
    row = _held(number)
    _refuse_begun(row)
    return _kept(row, _checked(wanted), by, "changed")


@transaction.atomic
def schedule(number: int, *, by: str) -> Campaign:
    """Let it go at its moment, or now where it has none."""
    row = _held(number)
    _refuse_begun(row)
    wanted = selectors.read(row).plan
    _checked(wanted)
    for one in wanted.variants:
        messages.sendable(one.template)  # refuses what is a draft
    audience = segments.size(segments.rule_of(segments.segment(wanted.segment)))
    if not audience:
        raise BadCampaign("nobody belongs to the segment now", hint="widen its rule")
    row.state, row.trouble, row.changed_at = "scheduled", "", clock.now()
    row.send_at = row.send_at or clock.now()
    row.save()
    _told(row, by, "scheduled", audience=audience)
    return selectors.read(row)


@transaction.atomic
def call_off(number: int, *, by: str) -> Campaign:
    """End it. What has left has left; what waits or was put off does not leave any more."""
    row = _held(number)
    if row.state == "cancelled":
        raise CampaignUnderWay(f"“{row.name}” was called off", hint="plan a new one")
    errands = messages.errands_of(SOURCE, number)
    kept = sending.cancel(errands, None, reason="paused") if errands else 0
    row.state, row.changed_at, row.done_at = "cancelled", clock.now(), clock.now()
    row.trouble = ""
    row.save()
    _told(row, by, "called_off", taken_back=kept)
    return selectors.read(row)


@transaction.atomic
def send_rest(number: int, *, winner: int, by: str) -> Campaign:
    """Send that message (from 1 on) to the rest of the audience; 0: all of them, in their shares.

    Whether it is the better one is no question of this room: ``measure.experiments`` asks it.
    """
    row = _held(number)
    if row.state != "testing":
        raise CampaignUnderWay(f"nobody waits for “{row.name}”", hint="joren campaigns show")
    if not 0 <= winner <= len(row.variants):
        raise BadCampaign(f"no message {winner}", hint=f"1 to {len(row.variants)}, or 0")
    row.state, row.winner, row.asked_until = "sending", winner, 0
    row.worth_until = row.worth_as_of = None
    row.rest_begun_at = row.changed_at = clock.now().replace(microsecond=0)
    row.save()
    _told(row, by, "rest_sent", winner=winner)
    return selectors.read(row)


def _held(number: int) -> models.Campaign:
    """The row, locked until the end of the transaction."""
    row = models.Campaign.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise NoSuchCampaign(f"there is no campaign {number}", hint="joren campaigns list")
    return row


def _checked(wanted: Plan) -> Plan:
    wanted = replace(wanted, name=" ".join(wanted.name.split()), reason=wanted.reason.strip())
    rules.check(wanted)
    segments.segment(wanted.segment)
    contents = [messages.template(one.template).content for one in wanted.variants]
    if wanted.bound and any(one.kind == TRANSACTIONAL for one in contents):
        raise BadCampaign(
            "a budget of its own for a transactional message",
            hint="such a message is asked about no budget; choose another template",
        )
    unknown = {one.channel for one in contents} - {*messages.policy().costs}
    if wanted.most_cost is not None and unknown:
        raise BadCampaign(
            f"nobody has said what a message by {min(unknown)} costs",
            hint="say it in the policy, or give a number of messages instead of an amount",
        )
    return wanted


def _kept(row: models.Campaign, wanted: Plan, by: str, what: str) -> Campaign:
    for name, value in _columns(wanted).items():
        setattr(row, name, value)
    row.state, row.trouble, row.changed_at = "draft", "", clock.now()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise CampaignNameTaken(
            f"there is a campaign “{row.name}” already", hint="choose another name"
        ) from None
    _told(row, by, what)
    return selectors.read(row)


def _columns(wanted: Plan) -> Mapping[str, Any]:
    return {
        "name": wanted.name, "segment_id": wanted.segment,
        "variants": [asdict(one) for one in wanted.variants], "send_at": wanted.send_at,
        "expires_hours": wanted.expires_hours, "share": wanted.share, "reason": wanted.reason,
        "test_share": wanted.test_share, "look_days": wanted.look_days,
        "sends_winner": wanted.sends_winner, "own_hour": wanted.own_hour,
        "usual_part": wanted.usual_part, "their_clock": wanted.their_clock,
        "most": wanted.most, "most_cost": wanted.most_cost,
    }  # fmt: skip


def _refuse_begun(row: models.Campaign) -> None:
    if row.state not in OPEN:
        raise CampaignUnderWay(f"“{row.name}” has begun", hint="plan a new one")


def _told(row: models.Campaign, by: str, what: str, **more: int) -> None:
    audit.record(
        f"campaigns.{what}", actor=by, subject_kind="campaign", subject_id=row.pk,
        segment=row.segment_id, share=row.share, **more,
    )  # fmt: skip
