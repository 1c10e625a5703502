"""Pages that join many rooms. The names are those of the navigation."""

from __future__ import annotations

from django.urls import URLPattern, path

from joren.project.pages import views

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
]
