"""Pages that join many rooms. The names are those of the navigation."""

from __future__ import annotations

from django.urls import URLPattern, path

from joren.project.pages.views import (
    campaigns,
    consent_settings,
    doubles,
    holdouts,
    labels,
    life_stages,
    privacy,
    segments,
    strategies,
)
from joren.project.pages.views.bounds import economics_rules, rank_rules
from joren.project.pages.views.cohorts import cohorts
from joren.project.pages.views.consents import set_consent
from joren.project.pages.views.customer import customer, customer_events, undo_merge
from joren.project.pages.views.customers import customers, search
from joren.project.pages.views.data import (
    columns,
    hooks,
    imports,
    live,
    outgoing,
    quarantine,
    registered,
)
from joren.project.pages.views.data.first_party import first_party
from joren.project.pages.views.data.quality import quality
from joren.project.pages.views.economics import economics
from joren.project.pages.views.effects import effects
from joren.project.pages.views.home import home
from joren.project.pages.views.journeys import begun as ready_journeys
from joren.project.pages.views.journeys import editing as journey_drafts
from joren.project.pages.views.journeys import looking as journeys
from joren.project.pages.views.journeys.rehearsing import rehearsal
from joren.project.pages.views.messages import editing, listing
from joren.project.pages.views.models import models
from joren.project.pages.views.moves import moves
from joren.project.pages.views.ranks import ranks
from joren.project.pages.views.subscriptions import subscriptions
from joren.project.pages.views.value import value

urlpatterns: list[URLPattern] = [
    path("", home, name="home"),
    path("value/", value, name="value"),
    path("value/subscriptions/", subscriptions, name="subscriptions"),
    path("models/", models, name="models"),
    path("ranks/", ranks, name="ranks"),
    path("ranks/moves/", moves, name="moves"),
    path("cohorts/", cohorts, name="cohorts"),
    path("economics/", economics, name="economics"),
    path("data/", imports.data, name="data"),
    path("data/progress/", imports.progress, name="data_progress"),
    path("data/upload/", imports.upload, name="data_upload"),
    path("data/events/", live.import_events, name="data_events"),
    path("data/refresh/", imports.refresh, name="data_refresh"),
    path("data/imports/<int:import_id>/", columns.one_import, name="data_import"),
    path("data/imports/<int:import_id>/undo/", imports.undo, name="data_undo"),
    path("data/imports/<int:import_id>/cancel/", imports.cancel, name="data_cancel"),
    path("data/imports/<int:import_id>/again/", imports.again, name="data_again"),
    path("data/mappings/", columns.mappings, name="data_mappings"),
    path("data/mappings/<int:mapping_id>.toml", columns.as_toml, name="data_mapping_toml"),
    path("data/mappings/<int:mapping_id>/forget/", columns.forget, name="data_mapping_forget"),
    path("data/quarantine/", quarantine.quarantine, name="data_quarantine"),
    path("data/quarantine/repair/", quarantine.repair, name="data_repair"),
    path("data/quarantine/replace/", quarantine.replace_value, name="data_replace"),
    path("data/quarantine/drop/", quarantine.drop, name="data_drop"),
    path("data/quarantine/restore/", quarantine.restore, name="data_restore"),
    path("data/quarantine/<int:import_id>.csv", quarantine.as_csv, name="data_quarantine_csv"),
    path("data/live/", live.live, name="data_live"),
    path("data/live/events/", live.live_events, name="data_live_events"),
    path("data/live/sources/", live.add, name="source_add"),
    path("data/live/sources/<int:source_id>/revoke/", live.revoke, name="source_revoke"),
    path("data/live/properties/", live.allow, name="property_allow"),
    path("data/live/properties/forbid/", live.forbid, name="property_forbid"),
    path("data/live/unread/retry/", live.retry, name="unread_retry"),
    path("data/live/unread/drop/", live.drop, name="unread_drop"),
    path("data/hooks/", hooks.hooks, name="data_hooks"),
    path("data/hooks/add/", hooks.add, name="hook_add"),
    path("data/hooks/<int:number>/secret/", hooks.change_secret, name="hook_secret"),
    path("data/hooks/<int:number>/disable/", hooks.disable, name="hook_disable"),
    path("data/hooks/<int:number>/paths/", hooks.hook_paths, name="hook_paths"),
    path("data/hooks/waiting/retry/", hooks.retry, name="hook_retry"),
    path("data/hooks/waiting/drop/", hooks.drop, name="hook_drop"),
    path("data/hooks/privacy/<int:number>/", hooks.close_privacy, name="hook_privacy_close"),
    path("data/outgoing/", outgoing.outgoing, name="data_outgoing"),
    path("data/outgoing/add/", outgoing.add, name="outgoing_add"),
    path("data/outgoing/<int:number>/", outgoing.change, name="outgoing_change"),
    path("data/outgoing/sent/<int:number>/again/", outgoing.again, name="outgoing_again"),
    path("data/registered/", registered.registered, name="data_registered"),
    path("data/registered/open/", registered.open_programme, name="programme_open"),
    path("data/registered/<str:slug>/close/", registered.close_programme, name="programme_close"),
    path("data/registered/<str:slug>/serials/", registered.add_serials, name="serials_add"),
    path("data/registered/<str:slug>/links.csv", registered.serial_links, name="serial_links"),
    path("data/first-party/", first_party, name="data_first_party"),
    path("data/quality/", quality, name="data_quality"),
    path("segments/", segments.segments, name="segments"),
    path("segments/new/", segments.new, name="segment_new"),
    path("segments/build/", segments.build, name="segment_build"),
    path("segments/strategies/", strategies.strategies, name="strategies"),
    path("segments/<int:number>/strategy/", strategies.strategy, name="strategy"),
    path("segments/<int:number>/strategy/write/", strategies.write, name="strategy_write"),
    path("segments/<int:number>/strategy/review/", strategies.review, name="strategy_review"),
    path("segments/<int:number>/", segments.segment, name="segment"),
    path("segments/<int:number>/edit/", segments.edit, name="segment_edit"),
    path("segments/<int:number>/act/", segments.act, name="segment_act"),
    path("segments/<int:number>/labels/", labels.labels, name="labels"),
    path("segments/<int:number>/holdout/", holdouts.draw, name="holdout_draw"),
    path("effects/", effects, name="effects"),
    path("holdouts/", holdouts.holdouts, name="holdouts"),
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("campaigns/new/", campaigns.campaign_plan, name="campaign_new"),
    path("campaigns/<int:number>/", campaigns.campaign, name="campaign"),
    path("campaigns/<int:number>/plan/", campaigns.campaign_plan, name="campaign_change"),
    path("campaigns/<int:number>/act/", campaigns.campaign_act, name="campaign_act"),
    path("journeys/", journeys.journeys, name="journeys"),
    path("journeys/ready/", ready_journeys.begin, name="journey_ready"),
    path("journeys/new/", journey_drafts.new, name="journey_new"),
    path("journeys/<int:number>/", journeys.journey, name="journey"),
    path("journeys/<int:number>/edit/", journey_drafts.edit, name="journey_edit"),
    path("journeys/<int:number>/edit/nodes/", journey_drafts.change, name="journey_nodes"),
    path("journeys/<int:number>/act/", journeys.act, name="journey_act"),
    path("journeys/<int:number>/rehearsal/", rehearsal, name="journey_rehearsal"),
    path("journeys/<int:number>/people/", journeys.people, name="journey_people"),
    path("holdouts/global/", holdouts.set_global, name="holdouts_global"),
    path("holdouts/<int:number>/", holdouts.holdout, name="holdout"),
    path("holdouts/<int:number>/act/", holdouts.act, name="holdout_act"),
    path("messages/", listing.templates, name="messages"),
    path("messages/new/", editing.new, name="message_new"),
    path("messages/preview/", editing.preview, name="message_preview"),
    path("messages/frame/", editing.frame, name="message_frame"),
    path("messages/sender/", listing.sender, name="message_sender"),
    path("messages/kept/", listing.kept, name="messages_kept"),
    path("messages/kept/<int:number>/", listing.kept_one, name="message_kept"),
    path("messages/kept/<int:number>/frame/", listing.kept_frame, name="message_kept_frame"),
    path("messages/<int:number>/", editing.edit, name="message"),
    path("messages/<int:number>/act/", editing.act, name="message_act"),
    path("customers/", customers, name="customers"),
    path("customers/search/", search, name="customer_search"),
    path("customers/doubles/", doubles.doubles, name="doubles"),
    path("customers/doubles/decide/", doubles.decide, name="doubles_decide"),
    path("customers/doubles/look/", doubles.look, name="doubles_look"),
    path("customers/<int:customer_id>/", customer, name="customer"),
    path("customers/<int:customer_id>/events/", customer_events, name="customer_events"),
    path("customers/<int:customer_id>/consents/", set_consent, name="customer_consent"),
    path("customers/<int:customer_id>/privacy/", privacy.ask, name="person_ask"),
    path("customers/<int:customer_id>/export/", privacy.export, name="person_export"),
    path("customers/<int:customer_id>/erase/", privacy.erase, name="person_erase"),
    path("customers/<int:customer_id>/merges/<int:merge_id>/undo/", undo_merge, name="undo_merge"),
    path("settings/consents/", consent_settings.consent_settings, name="consent_settings"),
    path("settings/consents/counts/", consent_settings.counts, name="consent_counts"),
    path("settings/consents/choose/", consent_settings.choose, name="consent_choose"),
    path("settings/consents/word/", consent_settings.word, name="consent_word"),
    path("settings/consents/import/", consent_settings.take_in, name="consent_take_in"),
    path("settings/privacy/", privacy.privacy, name="privacy"),
    path("settings/privacy/erased/", privacy.erased, name="privacy_erased"),
    path("settings/privacy/<int:number>/withdraw/", privacy.withdraw, name="privacy_withdraw"),
    path("settings/privacy/keep/<str:name>/", privacy.keep, name="privacy_keep"),
    path("customers/<int:customer_id>/life-stage/", life_stages.say, name="life_stage_say"),
    path("settings/life-stages/", life_stages.life_stages, name="life_stages"),
    path("settings/ranks/", rank_rules, name="rank_rules"),
    path("settings/economics/", economics_rules, name="economics_rules"),
]
