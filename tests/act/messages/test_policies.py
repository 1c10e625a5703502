"""How much is written to anybody: decided, kept, tried out, and shown on its page."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from joren.act.messages import models, selectors, services
from joren.act.messages.contracts import BadPolicy, Cap, Policy, Quiet
from joren.collect.customers.contracts import NoSuchCustomer
from joren.core.errors import BadInput
from joren.protect.audit import selectors as audit
from tests.act.messages.cast import people
from tests.act.messages.test_gate import NOON, agree, an_errand, asked, noon

__all__ = ["noon"]
pytestmark = pytest.mark.django_db


def test_each_change_is_a_version_with_who_and_the_same_again_is_none() -> None:
    one = services.set_policy(Policy((Cap(1, 7),), None), by="alice")
    services.set_policy(Policy((Cap(1, 7),), None), by="alice")
    two = services.set_policy(Policy((Cap(2, 7),), Quiet(time(22), time(7))), by="bob")

    assert (one.version, two.version, selectors.policy()) == (1, 2, two)
    assert [(each.policy.version, each.changed_by) for each in selectors.policy_changes()] == [
        (2, "bob"), (1, "alice"),
    ]  # fmt: skip
    assert len(audit.entries(action="messages.policy_set").items) == 2


@pytest.mark.parametrize(
    "policy",
    [
        Policy((Cap(0, 7),)),
        Policy((Cap(1, 32),)),
        Policy((Cap(1, 7, "pigeon"),)),
        Policy((Cap(1, 7, kind="transactional"),)),
        Policy((Cap(1, 7), Cap(2, 7))),
        Policy(quiet=Quiet(time(8), time(8))),
        Policy(month_most=-1),
        Policy(costs={"pigeon": 1}),
    ],
)
def test_what_cannot_be_kept_is_refused(policy: Policy) -> None:
    with pytest.raises(BadPolicy):
        services.set_policy(policy, by="tests")

    assert selectors.policy().version == 0


def test_the_ledger_says_how_many_another_policy_would_have_put_off(noon: None) -> None:
    people([1, 2, 3])
    agree(1, 2)
    loose = Policy((), None)
    services.set_policy(loose, by="tests")
    services.ask(an_errand(), asked((1, 1, 0, None), (1, 2, 0, None), (2, 1, 0, None)))
    services.ask(an_errand("transactional", "2"), asked((1, 9, 0, None), (3, 9, 0, None)))
    models.Send.objects.filter(occurrence=2).update(asked_at=NOON - timedelta(1))

    found = services.try_policy(Policy((Cap(1, 7),), None, costs={"email": 1}))

    assert (found.now.asked, found.now.put_off) == (3, 0)
    assert (found.then.asked, found.then.put_off, found.then.reasons) == (3, 1, {"cap": 1})
    assert selectors.policy().version == 1


def test_an_empty_ledger_puts_nothing_off() -> None:
    found = services.try_policy(Policy())

    assert (found.then.asked, found.then.put_off, found.then.hours) == (0, 0, None)


def test_a_customer_s_clock_is_theirs_until_it_is_the_shop_s_again() -> None:
    people([1])

    services.set_zone(1, "Europe/Paris", by="tests")
    assert selectors.zone_of(1) == "Europe/Paris"
    services.set_zone(1, "", by="tests")

    assert selectors.zone_of(1) == ""
    with pytest.raises(BadInput):
        services.set_zone(1, "Mars/Base", by="tests")
    with pytest.raises(NoSuchCustomer):
        services.set_zone(2, "Europe/Paris", by="tests")


def test_the_page_tries_before_it_saves_and_keeps_what_was_typed(
    alice_the_admin: Client, settings: Settings
) -> None:
    settings.JOREN_CURRENCY = "JPY"
    sent = {
        "cap_channel": ["", "line"], "cap_kind": ["", "incentive"], "cap_most": ["2", "1"],
        "cap_days": ["7", "14"], "since": "22:00", "until": "07:30", "month_most": "1,000",
        "month_cost": "", "cost_line": "5",
    }  # fmt: skip
    japanese = {"accept-language": "ja"}

    tried = alice_the_admin.post("/messages/policy/", {**sent, "do": "try"}, headers=japanese)
    untouched = selectors.policy().version
    bad = alice_the_admin.post("/messages/policy/", {**sent, "month_most": "x", "do": "save"})
    saved = alice_the_admin.post("/messages/policy/", {**sent, "do": "save"})
    alice_the_admin.post(
        "/messages/policy/pace/", {"channel": "email", "domain": "gmail.com", "per_minute": "60"}
    )
    page = alice_the_admin.get("/messages/policy/", headers=japanese).content.decode()

    assert "過去28日" in tried.content.decode()
    assert (untouched, bad.status_code, saved.status_code) == (0, 422, 302)
    assert selectors.policy() == Policy(
        (Cap(2, 7), Cap(1, 14, "line", "incentive")), Quiet(time(22), time(7, 30)),
        month_most=1000, costs={"line": 5}, version=1,
    )  # fmt: skip
    assert 'value="22:00"' in page
    assert "gmail.com" in page


def test_programs_read_try_and_change_it(alice_the_admin: Client) -> None:
    body = {"caps": [{"most": 1, "days": 7}], "quiet": None, "costs": {}}
    ask = {"content_type": "application/json"}

    tried = alice_the_admin.post("/api/messages/policy/preview", body, **ask)
    changed = alice_the_admin.put("/api/messages/policy", body, **ask)
    versions = alice_the_admin.get("/api/messages/policy/versions")

    assert tried.json()["then"]["put_off"] == 0
    assert (changed.json()["version"], changed.json()["quiet"]) == (1, None)
    assert [one["version"] for one in versions.json()["items"]] == [1]
