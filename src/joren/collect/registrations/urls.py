"""Addresses that stand on products, as QR codes."""

from __future__ import annotations

from django.urls import path

from joren.collect.registrations import views

urlpatterns = [path("<str:slug>/", views.register, name="register")]
