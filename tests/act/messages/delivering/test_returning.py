"""Where notices of a mail return, and for which address it left."""

from __future__ import annotations

import pytest
from pytest_django.fixtures import Settings

from joren.act.messages import models, selectors, services
from joren.collect.customers import selectors as people
from tests.act.messages.delivering.ledger import an_errand, waiting, willing
from tests.act.messages.delivering.wire import Wire

pytestmark = pytest.mark.django_db


def test_it_is_noted_for_which_address_each_leaves_and_where_notices_return(
    mail: Wire, settings: Settings
) -> None:
    settings.JOREN_RETURN_PATH = "bounces+*@mail.shop.example"
    willing([1, 2])
    numbers = waiting(an_errand(), [1, 2])

    services.deliver_some("email")

    paths = [one.returns_to for _, one in mail.asked]
    assert paths == [selectors.return_path(number) for number in numbers]
    assert all(path.startswith("bounces+") for path in paths)
    noted = models.Send.objects.order_by("customer_id").values_list("address", flat=True)
    assert list(noted) == people.mailbox_tokens([f"c{one}@shop.example" for one in (1, 2)])
