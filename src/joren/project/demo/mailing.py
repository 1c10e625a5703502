"""What the demo shop sent in its past, each time with a part left out by lot.

Mails are planned, drawn, asked of the gate and kept back in the sandbox by the verbs of every shop,
at a stopped clock. What they bring is simulated once it is known whom they reached, so that the
effects that the pages measure have a truth to be held against.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from joren.act.campaigns import selectors as campaigns
from joren.act.campaigns import services as planning
from joren.act.campaigns.contracts import SOURCE, Campaign, Plan, Variant
from joren.act.messages import selectors as messages
from joren.act.messages import services as sending
from joren.collect.connectors.services import import_file
from joren.collect.customers.selectors import store_numbers
from joren.core import clock
from joren.decide.segments import selectors as segments
from joren.decide.segments import services as dividing
from joren.plumbing.warehouse import warehouse
from joren.project.demo.mailings import Mailing
from joren.project.simulation import simulate_answers

LAST_DAYS: Final = 92
"""So long before the end of its history the shop wrote: ninety days of effect are complete."""

_ZONE: Final = ZoneInfo("Asia/Tokyo")
_TEN: Final = time(10)
_AT_ONCE: Final = 5_000
_MAIL_YEN: Final = 1


def mail(one: Mailing, *, files: Path, as_of: date, seed: int, by: str) -> None:
    """Send it on its day of the past and import what it brought; what is done stays done."""
    if messages.mode("email").live:
        return  # the demo has become somebody's workshop: nothing of ours leaves it
    day = as_of - timedelta(days=LAST_DAYS - one.days_later)
    sent = datetime.combine(day, _TEN, tzinfo=_ZONE)
    with clock.stopped_at(sent.astimezone(UTC)):
        campaign = _sent(one, by=by)
    out = files / f"orders_{one.utm}.csv"
    answered = simulate_answers(
        one.answer, _mailed(campaign.id), campaign=one.utm, sent=sent,
        as_of=as_of, seed=seed, orders=files / "orders_own_shop.csv", out=out,
    )  # fmt: skip
    if answered.orders:
        import_file(out, kind="orders", store="own")


def say_prices(*, by: str) -> None:
    """A mail costs the shop a yen, so that what came of one can be told in profit."""
    policy = messages.policy()
    if not policy.costs:
        sending.set_policy(replace(policy, costs={"email": _MAIL_YEN}), by=by)


def _sent(one: Mailing, *, by: str) -> Campaign:
    campaign = next((each for each in campaigns.campaigns() if each.plan.name == one.name), None)
    if campaign is None:
        campaign = planning.plan(_plan(one, by=by), by=by)
    if campaign.state == "draft":
        campaign = planning.schedule(campaign.id, by=by)
    while planning.launch_due():
        pass
    sending.deliver_due("email")
    return campaigns.campaign(campaign.id)


def _plan(one: Mailing, *, by: str) -> Plan:
    segment = next((each for each in segments.segments() if each.name == one.segment), None)
    kept = segment or dividing.create(one.segment, one.rule, by=by)
    template = next((each for each in messages.templates() if each.content.name == one.name), None)
    written = template or sending.create(one.content, by=by)
    variant = Variant(written.id)
    return Plan(name=one.name, segment=kept.id, variants=(variant,), share=one.share)


def _mailed(campaign: int) -> list[str]:
    """The store's numbers of those for whom a mail was made."""
    found: list[str] = []
    for part in store_numbers(warehouse()).to_batches(max_chunksize=_AT_ONCE):
        told = part.to_pydict()
        number_of = dict(zip(told["customer_id"], told["store_customer_number"], strict=True))
        rows = messages.became_of(SOURCE, campaign, list(number_of))
        found += [number_of[customer] for _, customer, _, state, *_ in rows if state == "sent"]
    return found
