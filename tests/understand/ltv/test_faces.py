"""The report in the terminal, as CSV and through the API."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
import typer
from ninja.testing import TestClient
from typer.testing import CliRunner

from joren.core.ids import CustomerId
from joren.plumbing.warehouse import warehouse
from joren.understand.ltv import commands, selectors, services
from joren.understand.ltv.api import router
from joren.understand.ltv.contracts import CUSTOMER_VALUES, NoSnapshot, NoValue
from joren.understand.ltv.rules.tabular import TABLES, NoSuchTable
from tests.understand.ltv.facts import written
from tests.understand.ltv.test_report import built
from tests.understand.ltv.test_values import AS_OF, OPENED, a_repeating_shop

app = typer.Typer()
app.command()(commands.report_value)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse with a shop and one snapshot."""
    shop = a_repeating_shop(tmp_path_factory.mktemp("kept"), customers=120)
    house = shop.open()
    built(shop, house, AS_OF.isoformat())
    return house.lake.root


@pytest.fixture
def refreshed(kept: Path, home: Path) -> None:
    """The shop and its snapshot in this test's own warehouse."""
    shutil.copytree(kept, home / "warehouse")


def printed(*words: str) -> str:
    result = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_the_terminal_shows_money_as_people_write_it(refreshed: None) -> None:
    shown = printed()

    assert "Revenue to date" in shown
    assert "¥" in shown
    assert "Back-test, 26 weeks after 2025-12-30" in shown


def test_json_is_the_whole_report(refreshed: None) -> None:
    report = json.loads(printed("--json"))

    assert report["as_of"] == AS_OF.isoformat()
    assert {"totals", "groups", "backtest", "formula", "movement"} <= set(report)


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_csv_with_a_header(refreshed: None, name: str) -> None:
    text = printed("--csv", name)
    client = TestClient(router)

    assert client.get(f"/tables/{name}").content.decode() == text.replace("\n", "\r\n")
    rows = list(csv.reader(StringIO(text)))
    assert all(len(row) == len(rows[0]) for row in rows)


def test_a_table_that_does_not_exist_names_those_that_do(refreshed: None) -> None:
    with pytest.raises(NoSuchTable) as refused:
        printed("--csv", "nothing")

    assert "totals" in refused.value.hint


def test_the_api_answers_with_the_same_report(refreshed: None) -> None:
    client = TestClient(router)

    assert client.get("").json() == json.loads(printed("--json"))


def test_before_the_first_refresh_it_says_what_to_do(home: Path) -> None:
    with pytest.raises(NoSnapshot) as refused:
        printed()

    assert refused.value.hint == "joren refresh"


def test_a_young_shop_is_shown_without_a_backtest(home: Path) -> None:
    shop = a_repeating_shop(home, customers=50, weeks=10)
    written(warehouse(), shop)
    built(shop, warehouse(), (OPENED + timedelta(weeks=10)).isoformat())

    assert "Back-test: not yet (needs 1" in printed()


def test_a_customer_without_a_purchase_has_no_value(refreshed: None) -> None:
    with pytest.raises(NoValue, match="customer 999"):
        selectors.value_of(CustomerId(999), selectors.snapshot())
    assert selectors.value_of(CustomerId(1), selectors.snapshot())["customer_id"] == 1


def test_the_revenue_that_is_predicted_of_a_customer_has_an_interval(refreshed: None) -> None:
    worth = [services.worth_of(CustomerId(n), selectors.snapshot()) for n in range(1, 41)]

    for one in worth:
        # Both are 0 of somebody who hardly comes back: the mean is then above them.
        assert 0 <= one["revenue_365d_low"] <= one["revenue_365d_high"]
        assert one["level"] == 0.9
    assert any(one["revenue_365d_low"] < one["revenue_365d_high"] for one in worth)


def test_the_next_order_of_a_customer_is_told_with_bounds_and_the_chance_of_none(
    refreshed: None,
) -> None:
    worth = [services.worth_of(CustomerId(n), selectors.snapshot()) for n in range(1, 21)]

    for one in worth:
        low, median, high = (one[f"next_order_days{part}"] for part in ("_low", "", "_high"))
        assert low is None or median is None or low <= median
        assert high is None or median is None or median <= high
        assert 0 <= one["no_further_order"] < 1
    assert any(one["next_order_days"] for one in worth)


def test_a_path_ends_where_the_customer_stands_and_jumps_with_each_purchase(
    refreshed: None,
) -> None:
    snapshot = selectors.snapshot()
    table = warehouse().snapshots.table(snapshot.id, CUSTOMER_VALUES)
    rows = warehouse().engine.rows(table.filter(table.frequency > 1).order_by("customer_id"))

    for row in rows[:5]:
        number = row["customer_id"]
        path = services.path_of(number, snapshot, identities=[number])

        chance = {one.day: one.p_alive for one in path.days}
        assert len(path.bought) == row["frequency"] + 1
        assert path.bought[-1] == row["last_on"].isoformat()
        assert path.days[-1].day == snapshot.as_of.isoformat()
        assert path.days[-1].p_alive == pytest.approx(row["p_alive"], rel=1e-9)
        for day in path.bought[1:]:
            before = (date.fromisoformat(day) - timedelta(days=1)).isoformat()
            assert chance[before] <= chance[day]


def test_nobody_has_no_path(refreshed: None) -> None:
    with pytest.raises(NoValue, match="customer 99 had no purchase by"):
        services.path_of(CustomerId(99), selectors.snapshot(), identities=[])
