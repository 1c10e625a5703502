"""The project as an app: templates, static files, template tags, words."""

from __future__ import annotations

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "joren.project"

    def ready(self) -> None:
        from django.conf import settings
        from django.utils.translation.reloader import translation_file_changed

        from joren.project import translations

        if translations.compile_into(folder := settings.LOCALE_PATHS[0]):
            # Some app may have asked for a word while it was loading; that catalogue is forgotten.
            translation_file_changed(sender=None, file_path=folder / "django.mo")
