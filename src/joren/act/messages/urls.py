"""Addresses that mail services and LINE are given."""

from __future__ import annotations

from django.urls import path

from joren.act.messages import views

urlpatterns = [
    path("mail/", views.mail, name="heard_mail"),
    path("line/", views.line, name="heard_line"),
]
