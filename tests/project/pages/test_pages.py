"""The pages of figures, over a shop that comes back and over none."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import altair as alt
import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import translation

from joren.project import selection
from joren.project.freshness import freshness
from joren.project.pages.sections import major
from joren.project.pages.tables import Heat, Linked
from joren.project.showing import reason
from joren.understand.ltv.selectors import snapshot
from tests.refreshed_homes import CUSTOMERS, DAYS
from tests.understand.ltv.test_values import a_repeating_shop

PAGES = (
    "/",
    "/value/",
    "/models/",
    "/ranks/",
    "/ranks/moves/",
    "/cohorts/",
    "/economics/",
)
SPECS = re.compile(r'<script id="[^"]*-spec" type="application/json">(.*?)</script>', re.DOTALL)
CHOICES = [
    f"/cohorts/?measure={measure}&dimension={dimension}"
    for measure in ("retention", "orders", "revenue", "profit")
    for dimension in ("all", "store", "source")
]


@pytest.mark.parametrize("address", PAGES)
def test_before_the_first_refresh_a_page_says_what_to_do(
    alice_the_admin: Client, home: Path, address: str
) -> None:
    page = alice_the_admin.get(address).content.decode()

    assert "joren import orders FILE" in page
    assert "joren refresh" in page


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("address", [*PAGES, "/customers/", "/data/"])
def test_a_page_of_an_empty_shop_has_one_thing_to_do_and_draws_nothing(
    home: Path, alice_the_admin: Client, address: str, language: str
) -> None:
    page = alice_the_admin.get(address, headers={"accept-language": language}).content.decode()

    main = page[page.index("<main") : page.index("</main>")]
    if address != "/data/":
        assert main.count('class="button is-main" href="/data/"') == 1
        assert main.count("button is-main") == 1
    assert "data-chart" not in main
    assert "<table" not in main
    assert not re.search(r"\b(nan|None|inf)\b", re.sub(r"<[^>]*>", " ", main))


@pytest.mark.usefixtures("twice_refreshed_shop")
def test_every_chart_is_one_that_vega_lite_draws(bob_the_viewer: Client) -> None:
    specs = [
        spec
        for address in PAGES
        for spec in SPECS.findall(bob_the_viewer.get(address).content.decode())
    ]

    assert len(specs) > 8
    for spec in specs:
        alt.Chart.from_dict(json.loads(spec), validate=True)  # which refuses what is not


@pytest.mark.usefixtures("twice_refreshed_shop")
def test_every_page_shows_its_figures_in_both_languages(bob_the_viewer: Client) -> None:
    for address in (*PAGES, *CHOICES):
        for language in ("ja", "en"):
            answer = bob_the_viewer.get(address, headers={"accept-language": language})

            assert answer.status_code == 200, address
            assert '<table class="data">' in answer.content.decode(), address


@pytest.mark.parametrize("address", PAGES)
def test_a_stranger_is_asked_to_sign_in(charlie_the_stranger: Client, address: str) -> None:
    answer = charlie_the_stranger.get(address)

    assert answer.status_code == 302


@pytest.mark.usefixtures("twice_refreshed_shop")
def test_every_table_of_every_page_comes_as_csv(bob_the_viewer: Client) -> None:
    for address in PAGES:
        page = bob_the_viewer.get(address).content.decode()
        names = re.findall(r'href="\?format=csv&amp;table=([^"]+)"', page)

        for name in names:
            answer = bob_the_viewer.get(address, {"format": "csv", "table": name})
            text = b"".join(answer).decode("utf-8-sig")
            header, *rows = csv.reader(text.splitlines())
            assert answer["Content-Type"].startswith("text/csv"), name
            assert all(len(row) == len(header) for row in rows), name
        assert names == list(dict.fromkeys(names)), "two tables of one name"
        assert names or address == "/"


@pytest.mark.usefixtures("twice_refreshed_shop")
def test_home_says_what_moved_and_what_to_do_next_in_numbers(bob_the_viewer: Client) -> None:
    page = bob_the_viewer.get("/", headers={"accept-language": "en"}).content.decode()

    todo = page[page.index('<ol class="todo">') : page.index("</details>\n</section>")]
    said = re.sub(r'<details class="about">.+?</details>', "", todo, flags=re.S)
    things = re.findall(r"<li>(.+?)</li>", said, re.S)
    assert len(things) > 3
    assert "audit of the practices" in things[-1]
    assert all(re.search(r"[¥¤]?\d", words) for words in things)
    assert "2026-03-31" in page
    assert "2026-04-30" in page


@pytest.mark.usefixtures("twice_refreshed_shop")
def test_a_measure_that_is_not_followed_is_refused_with_those_that_are(
    bob_the_viewer: Client,
) -> None:
    answer = bob_the_viewer.get("/cohorts/", {"measure": "luck"})

    assert answer.status_code == 422
    assert "retention" in answer.content.decode()


@pytest.mark.usefixtures("twice_refreshed_shop")
def test_every_page_tells_how_fresh_its_data_is() -> None:
    found = freshness()

    newest = max(row["ordered_on"] for row in a_repeating_shop(Path(), customers=CUSTOMERS).orders)
    assert found is not None
    assert (found.last_order, found.as_of) == (newest, DAYS[1])


def test_without_orders_nothing_is_fresh(home: Path) -> None:
    assert freshness() is None


def test_a_reason_keeps_its_numbers_in_japanese() -> None:
    with translation.override("ja"):
        said = reason("needs 40 more weeks of orders")

    assert said == "あと40週間分の注文が必要です"


def test_a_chart_draws_money_in_its_major_unit() -> None:
    assert major(1980, "JPY") == 1980
    assert major(1980, "USD") == 19.8
    assert major(0.5, "share") == 0.5
    assert major(None, "JPY") is None


@pytest.mark.usefixtures("twice_refreshed_shop")
def test_every_page_says_what_its_figures_rest_on(bob_the_viewer: Client) -> None:
    for address in PAGES:
        page = bob_the_viewer.get(address).content.decode()

        assert 'class="rests-on"' in page, address
        assert "/data/quality/" in page, address


@pytest.mark.usefixtures("twice_refreshed_shop")
def test_the_page_of_quality_shows_shares_gaps_and_verdicts(bob_the_viewer: Client) -> None:
    for language in ("ja", "en"):
        answer = bob_the_viewer.get("/data/quality/", headers={"accept-language": language})

        page = answer.content.decode()
        assert answer.status_code == 200
        for table in (
            "verdicts", "fields", "months", "feeds", "gaps", "currencies", "unreconciled",
            "differences",
        ):  # fmt: skip
            assert f"table={table}" in page


@pytest.mark.usefixtures("twice_refreshed_shop")
def test_what_home_says_of_customers_leads_to_exactly_those(alice_the_admin: Client) -> None:
    page = alice_the_admin.get("/", headers={"accept-language": "en"})

    things = [*page.context["todo"], *page.context["later"]]
    led = [one for one in things if one.address.startswith("/customers/?")]
    # Where customers are counted the sentence begins with their number; a share is no count.
    counted = [(one, found) for one in led if (found := re.match(r"[\d,]+", one.text))]
    assert counted
    for one, found in counted:
        said = int(found[0].replace(",", ""))
        customers, *_ = alice_the_admin.get(one.address).context["totals"]
        assert (customers.name, customers.value) == ("customers", said)


@pytest.mark.usefixtures("twice_refreshed_shop")
def test_every_linked_number_of_ranks_counts_the_customers_it_leads_to(
    alice_the_admin: Client,
) -> None:
    page = alice_the_admin.get("/ranks/")

    linked = [
        cell
        for section in page.context["sections"]
        for table in section.tables
        if table.name != "first-months"
        for row in table.rows
        for cell in row.cells
        if isinstance(cell, Linked)
    ]
    assert len(linked) > 10
    for cell in linked:
        count = cell.shown.value if isinstance(cell.shown, Heat) else cell.shown
        query = QueryDict(cell.address.partition("?")[2])
        wanted = selection.read(dict(query.lists()))
        assert selection.totals(snapshot(), wanted).customers == count, cell.address


@pytest.mark.usefixtures("twice_refreshed_shop")
def test_moves_lead_to_those_who_moved(alice_the_admin: Client) -> None:
    page = alice_the_admin.get("/ranks/moves/", {"way": "decile"})

    matrix = page.context["sections"][0].tables[1]
    moved = [cell for row in matrix.rows for cell in row.cells if isinstance(cell, Linked)]
    assert moved
    for cell in moved[:5]:
        count = cell.shown.value if isinstance(cell.shown, Heat) else cell.shown
        query = QueryDict(cell.address.partition("?")[2])
        wanted = selection.read(dict(query.lists()))
        assert selection.totals(snapshot(), wanted).customers == count


@pytest.mark.usefixtures("twice_refreshed_shop")
def test_every_chart_has_its_numbers_beside_it(alice_the_admin: Client) -> None:
    for address in PAGES:
        for section in alice_the_admin.get(address).context["sections"]:
            assert all(chart.table or section.tables for chart in section.charts), section.title
