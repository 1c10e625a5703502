"""Addresses under settings/."""

from __future__ import annotations

from django.urls import path

from joren.accounts import views

urlpatterns = [
    path("", views.settings, name="settings"),
    path("business/", views.change_business, name="business"),
    path("members/", views.add_member, name="member_add"),
    path("members/<int:member_id>/role/", views.change_role, name="member_role"),
    path("members/<int:member_id>/remove/", views.remove_member, name="member_remove"),
    path("keys/", views.issue_key, name="key_issue"),
    path("keys/<str:prefix>/revoke/", views.revoke_key, name="key_revoke"),
]
