"""The project as an app: templates, static files, template tags, words."""

from __future__ import annotations

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "joren.project"

    def ready(self) -> None:
        from django.conf import settings
        from django.utils.translation.reloader import translation_file_changed

        from joren.decide.segments import contracts as segments
        from joren.plumbing import glossary
        from joren.project import translations
        from joren.understand.cohorts import contracts as cohorts
        from joren.understand.economics.contracts import definitions as economics
        from joren.understand.ltv import contracts as ltv
        from joren.understand.ranks.contracts import definitions as ranks

        for room in (ltv, ranks, cohorts, economics, segments):
            glossary.enter(room.DEFINITIONS)
        if translations.compile_into(folder := settings.LOCALE_PATHS[0]):
            # Some app may have asked for a word while it was loading; that catalogue is forgotten.
            translation_file_changed(sender=None, file_path=folder / "django.mo")
