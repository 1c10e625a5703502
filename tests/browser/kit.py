"""One page with everything that pages are made of, for the browser to look at."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template import Template
from django.template.context import RequestContext
from django.urls import path

from joren.core.figures import Figure
from joren.plumbing.access import needs
from joren.project.pages.charts import Chart, bars, grid, lines, lying_bars
from joren.project.pages.tables import Column, Heat, Linked, Row, Table, csv_asked
from joren.project.urls import urlpatterns as of_the_project

_PAGE = Template(
    """{% extends "base.html" %}{% load joren %}{% block content %}<h1>Kit</h1>
<ul class="tiles">{% for fig in figures %}
<li class="tile"><span class="tile-label">{% word fig.name %}</span>{% figure fig %}</li>
{% endfor %}</ul>
<div class="columns">{% for one in charts %}
<section class="panel">{% chart one %}</section>
{% endfor %}</div>
<section class="panel"><h2>Table</h2>{% datatable table %}</section>
<p><span class="badge is-good">good</span> <span class="badge is-warn">warn</span>
<span class="badge is-bad">bad</span></p>
<p class="caution">Caution</p>
{% include "joren/_empty.html" with title="Nothing yet" text="Do this" address="/" action="Go" %}
{% endblock %}"""
)

FIGURES = (
    Figure("revenue_365d", 123_456_789, "JPY", 23_570, 1.1e8, 1.4e8, 0.95, "2026-10-31", "BG/NBD"),
    Figure("f2_rate", 0.3141, "share", 800, 0.28, 0.35, 0.95, "2026-10-31"),
    Figure("profit_365d", None, "JPY", why="原価が1件もありません"),
    Figure("customers", 23_570, "customers"),
)
TABLE = Table(
    "months",
    "Revenue by month",
    [Column("Month"), Column("Revenue", "JPY"), Column("Share", "share")],
    [
        Row([Linked("2026-09", "/"), 1_234_567, Heat(0.42, 9)]),
        Row(["2026-10", None, Heat(0.05, 0)], thin=True),
    ],
    note="n = 2",
)
_MONTHS = [
    {"month": f"2026-{number:02}-01", "yen": number * 1000, "low": number * 900,
     "high": number * 1200, "kind": kind}
    for kind in ("新規", "リピート")
    for number in range(1, 9)
]  # fmt: skip
CHARTS = (
    Chart(
        "lines", "月ごとの売上", "8月が最も多い。",
        lines(_MONTHS, x="month", y="yen", color="kind", low="low", high="high"), TABLE,
    ),
    Chart("bars", "デシル", "上位10%が42%を占める。", bars(_MONTHS[:8], x="month", y="yen")),
    Chart("lying", "CPM", "現役が多い。", lying_bars(_MONTHS, y="kind", x="yen")),
    Chart("grid", "RFM", "右上が多い。", grid(_MONTHS, x="month", y="kind", value="yen")),
)  # fmt: skip


@needs("view_figures")
def kit(request: HttpRequest) -> HttpResponse:
    shown = {"figures": FIGURES, "charts": CHARTS, "table": TABLE}
    if answer := csv_asked(request, TABLE):
        return answer  # type: ignore[return-value]
    return HttpResponse(_PAGE.render(RequestContext(request, shown)))


urlpatterns = [path("kit/", kit, name="kit"), *of_the_project]
handler404 = "joren.project.shell.nowhere"
