"""The pages of live data bar nobody and fit their screen, empty and with something on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from joren.act.deliveries import services as outgoing
from joren.collect.inbox import services as inbox
from joren.collect.products import services as products
from joren.collect.products.contracts import Pair
from joren.collect.registrations import services as registrations
from joren.collect.webhooks import models
from joren.collect.webhooks import services as webhooks
from joren.core import clock
from tests.browser.conftest import Visit
from tests.browser.test_pages import LOOKS, Barriers, in_turn, well

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = (
    "/data/live/",
    "/data/hooks/",
    "/data/outgoing/",
    "/data/registered/",
    "/data/relations/",
    "/data/first-party/",
)


def fill() -> int:
    """Something to be seen on each of them; returns the number of the generic webhook."""
    inbox.add_source("pages", kind="browser", store="own")
    one, _ = webhooks.add_endpoint("own shop", provider="shopify", store="own", secret="hush")
    till, _ = webhooks.add_endpoint("till", provider="generic", store="own")
    models.PrivacyRequest.objects.create(
        endpoint_id=one.id, key="k", kind="access", store="own", asked_at=clock.now()
    )
    models.Delivery.objects.create(
        endpoint_id=one.id, key="k", received_at=clock.now(), state="waiting", reason="no JSON"
    )
    told, _ = outgoing.add_endpoint("erp", url="https://e.example/", announcements=["figures.*"])
    outgoing.ping(told.id)
    registrations.open_programme("Kettle", slug="kettle", store="maker")
    products.relate(Pair("KETTLE-1", "complement", "CUPS-2"), by="alice")
    registrations.open_programme("Soap", slug="soap", store="maker", takes="receipts")
    return till.id


@LOOKS
def test_pages_of_live_data_bar_nobody_and_fit_their_screen(
    home: Path, visit: Visit, barriers: Barriers, width: int, dark: bool, language: str
) -> None:
    for page in in_turn(visit, PAGES, width=width, dark=dark, language=language):
        well(page, barriers)

    paths = f"/data/hooks/{fill()}/paths/"
    full = (*PAGES, paths, "/register/kettle/", "/register/soap/", "/data/")
    for page in in_turn(visit, full, width=width, dark=dark, language=language):
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true })")
        well(page, barriers)
