"""Addresses that customers get in messages."""

from __future__ import annotations

from django.urls import path

from joren.protect.consent import views

urlpatterns = [
    path("unsubscribe/<str:token>/", views.unsubscribe, name="consent_unsubscribe"),
    path("preferences/<str:token>/", views.preferences, name="consent_preferences"),
    path("confirm/<str:token>/", views.confirm, name="consent_confirm"),
]
