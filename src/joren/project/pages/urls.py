"""Pages that join many rooms. The names are those of the navigation."""

from __future__ import annotations

from django.urls import URLPattern, path

from joren.project.pages.views.cohorts import cohorts
from joren.project.pages.views.customers import customer, customers, undo_merge
from joren.project.pages.views.data.quality import quality
from joren.project.pages.views.economics import economics
from joren.project.pages.views.home import home
from joren.project.pages.views.ranks import ranks
from joren.project.pages.views.value import value

urlpatterns: list[URLPattern] = [
    path("", home, name="home"),
    path("value/", value, name="value"),
    path("ranks/", ranks, name="ranks"),
    path("cohorts/", cohorts, name="cohorts"),
    path("economics/", economics, name="economics"),
    path("data/quality/", quality, name="data_quality"),
    path("customers/", customers, name="customers"),
    path("customers/<int:customer_id>/", customer, name="customer"),
    path("customers/<int:customer_id>/merges/<int:merge_id>/undo/", undo_merge, name="undo_merge"),
]
