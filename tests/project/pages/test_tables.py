"""Tables on the page and as files."""

from __future__ import annotations

import csv
import io

import pytest
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.safestring import SafeString

from joren.core.figures import Figure
from joren.project.pages.tables import Column, Heat, Linked, Row, Table, Value, as_csv, csv_asked
from joren.project.templatetags.joren import datatable


def lines_of(table: Table) -> list[list[str]]:
    whole = b"".join(as_csv(table)).decode("utf-8-sig")  # type: ignore[arg-type]
    return list(csv.reader(io.StringIO(whole)))


def test_a_file_has_plain_numbers_in_whole_units() -> None:
    table = Table(
        "t",
        "T",
        [Column("Name"), Column("Value", "USD"), Column("Share", "share"), Column("Known", "JPY")],
        [
            Row([Linked("Alice", "/1"), 1980, Heat(0.25, 3), Figure("x", None, "JPY")]),
            Row(["Bob, Jr.", None, None, 500]),
        ],
    )

    assert lines_of(table) == [
        ["Name", "Value", "Share", "Known"],
        ["Alice", "19.80", "0.25", ""],
        ["Bob, Jr.", "", "", "500"],
    ]


@pytest.mark.parametrize("name", ["=1+1", "+81", "@here", "-x", "\tx"])
def test_a_spreadsheet_runs_nobodys_name(name: Value) -> None:
    table = Table("t", "T", [Column("Name")], [Row([name])])

    assert lines_of(table)[1][0].startswith("'")


def test_excel_in_japan_reads_the_file() -> None:
    table = Table("t", "T", [Column("月")], [])

    assert next(iter(as_csv(table))).startswith(b"\xef\xbb\xbf")  # type: ignore[arg-type]


def test_the_address_asks_for_one_of_the_pages_tables() -> None:
    one = Table("one", "1", [Column("A")], [])
    two = Table("two", "2", [Column("B")], [])
    ask = RequestFactory().get

    assert csv_asked(ask("/"), one, two) is None
    assert csv_asked(ask("/?format=csv&table=three"), one, two) is None
    answer = csv_asked(ask("/?format=csv&table=two"), one, two)
    assert answer is not None
    assert answer["Content-Disposition"].endswith("two.csv")


def test_a_column_below_is_a_second_line_on_the_page_and_one_of_its_own_in_a_file() -> None:
    table = Table(
        "t",
        "T",
        [Column("Gain", "JPY"), Column("Interval", below=True)],
        [Row([500, "¥1 to ¥999"]), Row([None, ""])],
    )

    page = render_to_string("joren/_datatable.html", datatable(RequestContext(None), table))

    assert page.count("<th ") == 1
    assert page.count("<td") == 2
    assert "<small>Interval</small>" in page
    assert page.count("<small>¥1 to ¥999</small>") == page.count('<td class="number">¥500<small>')
    assert lines_of(table) == [["Gain", "Interval"], ["500", "¥1 to ¥999"], ["", ""]]


def test_what_people_are_called_is_no_html() -> None:
    table = Table(
        "t",
        "T",
        [Column("Name"), Column("Mail", below=True), Column("Group"), Column("Orders", "count")],
        [
            Row(
                [Linked("<b>Ann & Bo", '/1?a="&b=2'), Linked("a'@x.example", "/2"), "f<2", 3],
                thin=True,
            ),
            Row(["日本 花子", "", SafeString("<em>F2</em>"), Heat(5, 4)]),
        ],
    )

    page = render_to_string("joren/_datatable.html", datatable(RequestContext(None), table))

    assert (
        '<tr class="is-thin"><td><a href="/1?a=&quot;&amp;b=2">&lt;b&gt;Ann &amp; Bo</a>'
        '<small><a href="/2">a&#x27;@x.example</a></small></td><td>f&lt;2</td>'
        '<td class="number">3</td></tr>'
    ) in page
    assert '<tr><td>日本 花子</td><td><em>F2</em></td><td class="number heat-4">5</td></tr>' in page
