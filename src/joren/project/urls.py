"""Addresses. Rooms bring their own; the project mounts them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path
from django.views.i18n import set_language

from joren.project import shell
from joren.project.api import api
from joren.protect.audit.views import entries

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("joren.project.pages.urls")),
    path("settings/", include("joren.accounts.urls")),
    path("settings/audit/", entries, name="audit"),
    path("glossary/", shell.glossary, name="glossary"),
    path("theme/", shell.choose_theme, name="theme"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("register/", include("joren.collect.registrations.urls")),
    path("f/", include("joren.act.forms.urls")),
    path("consent/", include("joren.protect.consent.urls")),
    path("heard/", include("joren.act.messages.urls")),
    path("account/", include("joren.accounts.doors")),
    path("api/", api.urls),
]

handler404 = "joren.project.shell.nowhere"
