"""Every figure of the main job's pages has an ⓘ: what it is, of when, and by which model."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from joren.core.ids import CustomerId
from joren.decide.segments import services as segments
from joren.decide.segments.contracts import Is
from joren.plumbing.warehouse import warehouse
from tests.collect.customers.arriving import add_person
from tests.project.pages.figures import untold
from tests.refreshed_homes import CUSTOMERS

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = (
    "/", "/value/", "/ranks/", "/ranks/?show=revenue", "/ranks/moves/", "/ranks/moves/?way=decile",
    "/ranks/shifts/", "/ranks/shifts/customers/", "/settings/ranks/", "/cohorts/",
    "/cohorts/?measure=revenue", "/economics/", "/customers/", "/data/quality/",
    "/data/quality/?feed=customers", "/cohorts/journey-map/", "/models/", "/models/?customer=1",
)  # fmt: skip


@pytest.mark.usefixtures("twice_refreshed_shop")
def test_every_figure_of_the_main_pages_has_an_explanation(alice_the_admin: Client) -> None:
    house = warehouse()
    number = CustomerId(1)
    add_person(number)

    for address in (*PAGES, f"/customers/{number}/"):
        answer = alice_the_admin.get(address, headers={"accept-language": "en"})

        assert answer.status_code == 200, address
        assert untold(answer.content.decode()) == [], address
    assert house.snapshots.latest() is not None


@pytest.mark.usefixtures("twice_refreshed_shop")
def test_the_members_of_a_segment_are_explained_with_n(bob_the_viewer: Client) -> None:
    kept = segments.create("all", Is("orders", "at_least", (1,)), by="alice")
    page = bob_the_viewer.get(
        f"/segments/{kept.id}/", headers={"accept-language": "en"}
    ).content.decode()

    members = page[page.index("<caption>Customers") :]
    members = members[: members.index("</table>")]
    heads, rows = members.split("</thead>", 1)
    assert untold(f"<table>{members}</table>") == []
    assert heads.count(f"<dt>n</dt><dd>{CUSTOMERS}</dd>") == heads.count('class="about"')
    assert "<small>90% interval</small>" in heads
    assert "aria-sort" not in heads
    assert "?sort=" not in heads
    assert rows.count("<tr>") == min(CUSTOMERS, 50)


@pytest.mark.usefixtures("twice_refreshed_shop")
def test_what_a_model_drew_says_by_which_on_how_many_and_of_when(bob_the_viewer: Client) -> None:
    page = bob_the_viewer.get("/models/", headers={"accept-language": "en"}).content.decode()

    for name in ("history", "tracking", "map-p_alive"):
        figure = page[page.index(f'aria-labelledby="{name}-title"') :]
        caption = figure[: figure.index("</figcaption>")]
        snapshot = warehouse().snapshots.latest()
        assert snapshot is not None
        assert f"<dd>{snapshot.as_of}</dd>" in caption
        assert "<dt>Model</dt>" in caption
        assert f"<dt>n</dt><dd>{CUSTOMERS}</dd>" in caption


@pytest.mark.usefixtures("twice_refreshed_shop")
def test_the_head_of_a_column_says_what_it_counts_and_of_when(bob_the_viewer: Client) -> None:
    page = bob_the_viewer.get("/customers/", headers={"accept-language": "en"}).content.decode()

    (head,) = re.findall(r"<th[^>]*>(?:(?!</th>).)*About Predicted revenue.*?</th>", page, re.S)
    snapshot = warehouse().snapshots.latest()
    assert snapshot is not None
    assert f"<dd>{snapshot.as_of}</dd>" in head
    assert "<dt>Model</dt>" in head
    assert f"<dt>n</dt><dd>{CUSTOMERS}</dd>" in head
    assert "the interval of each stands below it" in head


@pytest.mark.usefixtures("twice_refreshed_shop")
def test_where_somebody_stood_says_where_the_interval_is(bob_the_viewer: Client) -> None:
    number = CustomerId(1)
    add_person(number)

    page = bob_the_viewer.get(
        f"/customers/{number}/", headers={"accept-language": "en"}
    ).content.decode()

    stood = page[page.index("<caption>Where they stood") :]
    head, _rows = stood.split("</thead>", 1)
    assert "the newest prediction stands above with its interval" in head


def test_a_column_of_numbers_that_nothing_explains_is_found() -> None:
    bare = '<table><caption>C</caption><tr><th class="number">n</th></tr></table>'
    told = bare.replace("n</th>", 'n<details class="about"><summary>ⓘ</summary></details></th>')

    assert untold(bare) == ["table C: n"]
    assert untold(told) == []
    assert untold("<figure><figcaption>Drawn</figcaption></figure>") == ["chart Drawn"]
    assert untold(bare.replace(' class="number">n', ">RFM")) == ["table C: RFM"]
    assert untold('<div class="todo-line">Spent: ¥5</div>') == ["line Spent: ¥5"]
