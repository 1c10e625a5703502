"""Who was erased and comes back is looked at, however late what brings them is written."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from joren.collect.customers import models
from joren.collect.orders.services import recovering
from joren.core import clock
from joren.protect.consent.contracts import Matter, Said
from joren.protect.consent.selectors import may_be_written_to, standings_of
from joren.protect.consent.services import record
from joren.protect.erasure import services
from joren.protect.erasure.models import Watch
from tests.collect.customers.arriving import keep
from tests.project.erasing.shop import come_back, open_shop

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_file_that_is_written_after_higher_numbers_hides_nobody(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    erased, _ = open_shop(tmp_path)
    services.erase_person(services.ask(erased, "erasure", by="t", suppress=True), by="t")
    keep_people = recovering.keep_people

    def keep_later(*given: Any, **said: Any) -> None:
        """The file's identities have their numbers; now somebody else gets higher ones."""
        monkeypatch.undo()
        (tmp_path / "live").mkdir()
        keep(tmp_path / "live", {"email": "taro@example.com"})
        assert services.refuse_the_returned() == 0
        keep_people(*given, **said)

    monkeypatch.setattr(recovering, "keep_people", keep_later)
    hanako = come_back(tmp_path)

    assert services.refuse_the_returned() == 0  # they had refused all before anybody looked
    assert standings_of(hanako, [Matter("email", "marketing")])[0].state == "refused"


def test_who_comes_back_by_day_is_not_written_to_before_the_night(
    home: Path, tmp_path: Path
) -> None:
    erased, other = open_shop(tmp_path)
    services.erase_person(services.ask(erased, "erasure", by="t", suppress=True), by="t")

    hanako = come_back(tmp_path)

    may = may_be_written_to([hanako, other], channel="email", purpose="marketing")
    why = dict(zip(may["customer_id"].to_pylist(), may["why"].to_pylist(), strict=True))
    assert why[hanako] == "refused"
    assert why[other] != "refused"


def test_what_they_say_after_it_holds_and_old_ones_are_not_looked_at_for_ever(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    erased, _ = open_shop(tmp_path)
    services.erase_person(services.ask(erased, "erasure", by="t", suppress=True), by="t")
    hanako = come_back(tmp_path)
    assert services.refuse_the_returned() == 0
    assert Watch.objects.get().identity_id < models.Identity.objects.latest("pk").pk

    record(hanako, Said("email", "marketing", "granted", "staff", at=clock.now()), by="t")
    later = clock.now() + timedelta(days=9)
    monkeypatch.setattr(clock, "now", lambda: later)

    assert [services.refuse_the_returned() for _ in range(2)] == [0, 0]
    assert Watch.objects.get().identity_id == models.Identity.objects.latest("pk").pk
