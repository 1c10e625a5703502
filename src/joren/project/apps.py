"""The project as an app: templates, static files, template tags, words."""

from __future__ import annotations

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "joren.project"

    def ready(self) -> None:
        from django.conf import settings
        from django.utils.translation.reloader import translation_file_changed

        from joren.act.forms import contracts as forms
        from joren.collect.webhooks.contracts import ANNOUNCED
        from joren.core.erasing import ERASERS, RETENTIONS, STILL
        from joren.core.outcomes import OUTCOMES
        from joren.decide.exports.contracts import WRITERS
        from joren.decide.segments import contracts as segments
        from joren.measure.channels import contracts as channels
        from joren.measure.experiments import contracts as effects
        from joren.measure.indicators import contracts as indicators
        from joren.measure.initiatives import contracts as initiatives
        from joren.measure.referrals import contracts as referrals
        from joren.measure.reviews import contracts as reviews
        from joren.measure.touches import contracts as touches
        from joren.measure.trials import contracts as trials
        from joren.plumbing import glossary, outbox
        from joren.project import translations
        from joren.understand.cohorts import contracts as cohorts
        from joren.understand.economics.contracts import definitions as economics
        from joren.understand.ltv import contracts as ltv
        from joren.understand.paths import contracts as paths
        from joren.understand.ranks.contracts import definitions as ranks
        from joren.understand.shifts import contracts as shifts

        for room in (
            ltv, ranks, cohorts, economics, shifts, paths, segments, effects, indicators,
            initiatives, channels, referrals, trials, touches, reviews, forms,
        ):  # fmt: skip
            glossary.enter(room.DEFINITIONS)
        WRITERS.enter_late("customers", "joren.project.pages.segment_files:write_customers")
        ERASERS.enter_late("facts", "joren.project.erasing:FACTS")
        ERASERS.enter_late("searches", "joren.project.erasing:SEARCHES")
        RETENTIONS.enter_late("leads", "joren.project.erasing:LEADS")
        STILL.enter_late("warehouse", "joren.project.erasing:hold_still")
        OUTCOMES.enter_late("experiments", "joren.measure.experiments.selectors:outcomes_of")
        outbox.listen(ANNOUNCED, "joren.project.erasing:hear_of_a_request")
        if translations.compile_into(folder := settings.LOCALE_PATHS[0]):
            # Some app may have asked for a word while it was loading; that catalogue is forgotten.
            translation_file_changed(sender=None, file_path=folder / "django.mo")
