"""What a campaign does that cannot go on, and who goes first where there is too little room."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from joren.act.campaigns import selectors, services
from joren.act.campaigns.services import launching
from joren.act.messages import models as ledger
from joren.act.messages import services as messages
from joren.act.messages.contracts import Policy
from joren.protect.audit.models import Entry
from joren.understand.ltv.contracts import NoSnapshot
from joren.warehouse.engines.duckdb import MemoryUsedUp
from tests.act.campaigns.test_campaigns import a_plan, launch, template
from tests.refreshed_homes import CUSTOMERS

pytestmark = pytest.mark.django_db


def test_the_end_in_the_middle_is_audited_and_the_page_says_it(
    everybody: int, monkeypatch: pytest.MonkeyPatch, alice_the_admin: Client
) -> None:
    one = services.plan(a_plan(everybody), by="alice")
    services.schedule(one.id, by="alice")
    services.launch_due()

    def refuses(*_: object) -> None:
        raise NoSnapshot("the figures are gone")

    with monkeypatch.context() as patch:
        patch.setattr(launching, "worth_of", refuses)
        services.launch_due()

    page = alice_the_admin.get(f"/campaigns/{one.id}/").content.decode()
    assert "途中で終了しました" in page
    assert "下書きに戻りました" not in page
    (told,) = Entry.objects.filter(action="campaigns.stopped")
    assert told.detail["asked"] == 30


def test_what_is_missing_for_a_moment_ends_no_campaign_and_holds_up_no_other(
    everybody: int, monkeypatch: pytest.MonkeyPatch, alice_the_admin: Client
) -> None:
    first, other = (
        services.plan(replace(a_plan(everybody, template(name)), name=name), by="alice")
        for name in ("甲", "乙")
    )
    for one in (first, other):
        services.schedule(one.id, by="alice")
    services.launch_due()
    whole = launching._next_part
    wrong: list[Exception] = [MemoryUsedUp("no memory"), RuntimeError()]

    def fails(number: int) -> int:
        if number == first.id and wrong:
            raise wrong[0]
        return whole(number)

    monkeypatch.setattr(launching, "_next_part", fails)

    assert services.launch_due() == 30
    waits = selectors.campaign(first.id)
    assert (waits.state, waits.trouble) == ("sending", "no memory")
    assert "自動で再試行します" in alice_the_admin.get(f"/campaigns/{first.id}/").content.decode()
    wrong.pop(0)
    assert sum(launch()) == CUSTOMERS - 30
    assert selectors.campaign(other.id).state == "sent"
    wrong.pop(0)
    assert sum(launch()) == CUSTOMERS - 30
    assert (selectors.campaign(first.id).state, selectors.campaign(first.id).trouble) == (
        "sent", "",
    )  # fmt: skip


def test_who_has_most_to_expect_goes_first_whatever_message_they_get(everybody: int) -> None:
    messages.set_policy(Policy(quiet=None, month_most=20), by="alice")
    plan = replace(a_plan(everybody, template("甲"), template("乙")), share=0, reason="試験")
    services.schedule(services.plan(plan, by="alice").id, by="alice")

    assert launch() == [30, 30, 20]

    rows = ledger.Send.objects.exclude(state="suppressed")
    went = rows.filter(state="waiting").values_list("worth", flat=True)
    stayed = rows.filter(state="deferred").values_list("worth", flat=True)
    assert len(went) == 20
    assert min(went) >= max(stayed)
    steps = dict(ledger.Errand.objects.values_list("pk", "step"))
    assert {steps[row.errand_id] for row in rows.filter(state="waiting")} == {"1", "2"}
