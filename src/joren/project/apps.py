"""The project as an app: templates, static files, template tags, words."""

from __future__ import annotations

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "joren.project"

    def ready(self) -> None:
        from django.conf import settings

        from joren.project import translations

        translations.compile_into(settings.LOCALE_PATHS[0])
