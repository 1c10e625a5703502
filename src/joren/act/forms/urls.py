"""Addresses that visitors get, and the script by which a page of the shop shows a form."""

from __future__ import annotations

from django.urls import path

from joren.act.forms import views

urlpatterns = [
    path("embed.js", views.script, name="form_script"),
    path("<str:slug>/", views.page, name="form_page"),
]
