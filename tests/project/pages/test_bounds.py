"""The shop sets its bounds and targets on a page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from joren.protect.audit.models import Entry
from joren.understand.economics.selectors import economics_rules
from joren.understand.ranks.contracts import RankRules
from joren.understand.ranks.selectors import rank_rules

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

RANKS: dict[str, Any] = {
    "rfm": "thresholds",
    "recency_days": ["300", "150", "80", "20"],
    "purchases": ["2", "3", "4", "6"],
    "spend": ["", "", "", ""],
    "active_days": "180",
    "settled_days": "60",
    "loyal_days": "200",
    "big_spend": "",
    "f2_days": "60",
    "vip_enter": "7.5",
    "vip_keep": "12",
    "vip_share_alarm": "50",
    "vip_share_fall": "4",
}


def test_an_admin_changes_the_bounds_and_that_is_written_down(alice_the_admin: Client) -> None:
    answer = alice_the_admin.post("/settings/ranks/", RANKS)

    assert answer.status_code == 302
    held = rank_rules()
    assert (held.rfm, held.recency_days, held.vip_enter) == ("thresholds", (300, 150, 80, 20), 750)
    assert (held.spend, held.f2_days) == (None, 60)
    assert Entry.objects.get(action="ranks.rules_changed").subject_kind == "rank_rules"


def test_what_contradicts_itself_is_refused_and_stays_as_typed(alice_the_admin: Client) -> None:
    answer = alice_the_admin.post("/settings/ranks/", {**RANKS, "loyal_days": "10"})

    assert answer.status_code == 422
    assert 'value="10"' in answer.content.decode()
    assert rank_rules() == RankRules()


@pytest.mark.parametrize("typed", ["many", "", "1e400", "2.5"])
def test_what_is_no_whole_number_is_refused(alice_the_admin: Client, typed: str) -> None:
    answer = alice_the_admin.post("/settings/ranks/", {**RANKS, "active_days": typed})

    assert answer.status_code == 422


def test_the_defaults_come_back(alice_the_admin: Client) -> None:
    alice_the_admin.post("/settings/ranks/", RANKS)

    alice_the_admin.post("/settings/ranks/", {"reset": "yes"})

    assert rank_rules() == RankRules()


def test_a_viewer_reads_the_bounds_and_changes_none(bob_the_viewer: Client) -> None:
    assert bob_the_viewer.get("/settings/ranks/").status_code == 200
    assert bob_the_viewer.post("/settings/ranks/", RANKS).status_code == 403
    assert rank_rules() == RankRules()


def test_targets_are_set(alice_the_admin: Client) -> None:
    sent = {"paid_mediums": "cpc, Display\nbanner", "payback_months": "6", "ltv_to_cac": "2.5"}

    alice_the_admin.post("/settings/economics/", sent)

    held = economics_rules()
    assert held.paid_mediums == ("banner", "cpc", "display")
    assert (held.payback_months, held.ltv_to_cac) == (6, 2.5)
    assert Entry.objects.filter(action="economics.rules_changed").count() == 1
