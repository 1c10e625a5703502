"""The table of fields on the page of quality."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.test import RequestFactory
from django.utils import translation

from joren.collect.quality.contracts import Coverage, FieldQuality, Part, QualityReport
from joren.core.figures import Figure
from joren.project.pages.views.data.quality_fields import feeds, fields

DAY = date(2026, 3, 31)
REPORT = QualityReport(
    DAY, 10, (), {}, (), (),
    fields=(
        FieldQuality("orders", "medium", Part(1, 10), stale=Part(0, 10), store_id=1),
        FieldQuality("customers", "email", Part(4, 8), duplicate=Part(1, 8), store_id=2),
        FieldQuality("customers", "gender", Part(8, 8)),
    ),
    coverage=(Coverage("orders", 10, 3, DAY, DAY, store_id=1), Coverage("products", 5)),
    customers_as_of=DAY,
)  # fmt: skip
STORES = {1: "own", 2: "mall"}


def cells(address: str) -> list[list[object]]:
    with translation.override("en"):
        (table,) = fields(RequestFactory().get(address), REPORT, STORES).tables
    return [list(row.cells) for row in table.rows]


def test_the_feed_that_is_asked_for_is_shown_and_else_the_first() -> None:
    assert [row[:2] for row in cells("/?feed=customers")] == [
        ["E-mail", "mall"],
        ["Gender", "All stores"],
    ]
    assert [row[0] for row in cells("/?feed=nothing")] == ["Medium"]


def test_a_share_says_of_how_many_and_one_that_makes_no_sense_says_so() -> None:
    email, gender = cells("/?feed=customers")

    assert email[2] == Figure("missing_share", 0.5, "share", n=8, as_of="2026-03-31")
    assert gender[3:6] == ["does not apply"] * 3


def test_a_catalogue_is_covered_without_days() -> None:
    with translation.override("en"):
        rows = feeds(REPORT, STORES).rows

    assert rows[0].cells[:5] == ("Orders", "own", 10, DAY, DAY)
    assert rows[1].cells[:6] == ("Products", "All stores", 5, None, None, None)


def test_customers_who_were_counted_on_another_day_say_so() -> None:
    earlier = replace(REPORT, customers_as_of=date(2026, 3, 1))

    with translation.override("en"):
        now = fields(RequestFactory().get("/?feed=customers"), REPORT, STORES)
        then = fields(RequestFactory().get("/?feed=customers"), earlier, STORES)
        never = fields(RequestFactory().get("/"), replace(REPORT, customers_as_of=None), STORES)
        orders = fields(RequestFactory().get("/?feed=orders"), earlier, STORES)

    assert (now.text, then.text) == (
        "",
        "Customers as the last refresh counted them, up to 2026-03-01.",
    )
    assert never.text == "Customers are counted with the next refresh."
    assert then.tables[0].rows[0].cells[2].as_of == "2026-03-01"
    assert orders.tables[0].rows[0].cells[2].as_of == "2026-03-31"


def test_a_report_from_before_says_that_fields_come_with_the_next_refresh() -> None:
    older = QualityReport(DAY, 10, (), {}, (), ())

    with translation.override("en"):
        assert fields(RequestFactory().get("/"), older, STORES).text == (
            "It is counted with the next refresh."
        )
