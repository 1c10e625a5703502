"""Addresses that mail services and LINE are given, and those that stand in messages."""

from __future__ import annotations

from django.urls import path

from joren.act.messages.views import following, telling

urlpatterns = [
    path("mail/", telling.mail, name="heard_mail"),
    path("line/", telling.line, name="heard_line"),
    path("c/<str:token>/", following.click, name="message_click"),
    path("o/<str:token>/", following.opened, name="message_open"),
]
