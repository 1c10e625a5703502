"""Decisions and last touch in a shop with figures: counted once, shown where it is wanted."""

from __future__ import annotations

import pytest
from django.test import Client

from joren.measure.touches import models, selectors, services
from joren.measure.touches.contracts import BadLastTouch, NoTouchesYet
from joren.warehouse import Warehouse

pytestmark = pytest.mark.django_db


def test_a_refresh_counts_once_however_often(refreshed_shop: Warehouse) -> None:
    with pytest.raises(NoTouchesYet):
        selectors.report()

    services.count_touches()
    services.count_touches()

    counted = selectors.report()
    ways = {one.way: one for one in counted.decisions}
    assert models.TouchReading.objects.count() == 1
    assert not counted.events
    assert counted.orders > 0
    assert ways["f1_f2"].entered == 80
    assert ways["f1_f2"].decided > 0


def test_last_touch_is_shown_only_where_it_is_wanted(
    refreshed_shop: Warehouse, alice_the_admin: Client
) -> None:
    page = alice_the_admin
    services.count_touches()
    before = page.get("/decisions/").content.decode()

    page.post("/decisions/last-touch/", {"shown": "on", "days": "14"})

    rule = selectors.last_touch_rule()
    assert (rule.shown, rule.days, rule.opens) == (True, 14, False)
    assert "直近1年の各注文の前14日間のクリック" not in before
    assert "直近1年の各注文の前14日間のクリック" in page.get("/decisions/").content.decode()
    assert page.get("/decisions/?format=csv&table=last-touch").status_code == 200
    assert page.get("/api/last-touch").json()["items"] == []
    assert page.get("/api/decisions").json()["items"][3]["way"] == "f1_f2"
    told = page.put("/api/last-touch/rule", {"shown": False}, content_type="application/json")
    assert (told.json()["shown"], told.json()["days"]) == (False, 14)
    with pytest.raises(BadLastTouch):
        services.set_last_touch(by="alice", days=0)
