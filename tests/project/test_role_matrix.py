"""Each page and each operation against each role. A page that is missing here fails the test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver
from ninja.constants import NOT_SET

from joren.accounts import rules
from joren.accounts.contracts import Role
from joren.plumbing.access import Scope
from joren.project.api import api
from tests.conftest import _signed_in

pytestmark = pytest.mark.django_db

# What one must be allowed in order to see the page.
PAGES = {
    "home": "view_figures",
    "value": "view_figures",
    "models": "view_figures",
    "subscriptions": "view_figures",
    "ranks": "view_figures",
    "cohorts": "view_figures",
    "economics": "view_figures",
    "journey_map": "view_figures",
    "journey_aim": "treat",
    "data": "view_figures",
    "data_progress": "view_figures",
    "data_quality": "view_figures",
    "data_first_party": "view_figures",
    "data_quarantine": "view_figures",
    "data_live": "view_figures",
    "data_live_events": "view_figures",
    "source_add": "change_settings",
    "source_revoke": "change_settings",
    "property_allow": "change_settings",
    "property_forbid": "change_settings",
    "unread_retry": "import",
    "unread_drop": "import",
    "data_hooks": "view_figures",
    "hook_add": "change_settings",
    "hook_secret": "change_settings",
    "hook_disable": "change_settings",
    "hook_paths": "change_settings",
    "hook_retry": "import",
    "hook_drop": "import",
    "hook_privacy_close": "change_settings",
    "data_outgoing": "view_figures",
    "outgoing_add": "change_settings",
    "outgoing_change": "change_settings",
    "outgoing_again": "change_settings",
    "customer_confirmation": "record_consents",
    "data_registered": "view_figures",
    "programme_open": "change_settings",
    "programme_close": "change_settings",
    "serials_add": "import",
    "serial_links": "import",
    "data_upload": "import",
    "data_events": "import",
    "data_refresh": "import",
    "data_import": "import",
    "data_cancel": "import",
    "data_undo": "import",
    "data_again": "import",
    "data_mappings": "import",
    "data_mapping_toml": "import",
    "data_mapping_forget": "import",
    "data_repair": "import",
    "data_replace": "import",
    "data_drop": "import",
    "data_restore": "import",
    "data_quarantine_csv": "import",
    "moves": "view_figures",
    "rank_rules": "view_figures",
    "shifts": "view_figures",
    "shifted": "view_figures",
    "shift_keep": "treat",
    "life_stages": "view_figures",
    "life_stage_say": "edit_people",
    "economics_rules": "view_figures",
    "segments": "view_figures",
    "segment": "view_figures",
    "segment_new": "treat",
    "segment_build": "treat",
    "segment_compare": "treat",
    "segment_values": "treat",
    "segment_edit": "treat",
    "segment_act": "treat",
    "labels": "export_personal",
    "exports": "export_personal",
    "export_plan": "export_personal",
    "export_stop": "export_personal",
    "export_take": "export_personal",
    "strategies": "view_figures",
    "strategy": "view_figures",
    "strategy_write": "treat",
    "strategy_review": "treat",
    "effects": "view_figures",
    "effect_lifts_csv": "view_figures",
    "effect_lifts_parquet": "view_figures",
    "decisions": "view_figures",
    "last_touch_set": "change_settings",
    "referrals": "view_figures",
    "referrals_take": "import",
    "referrals_forget": "import",
    "trial": "view_figures",
    "trial_draw": "treat",
    "trial_expose": "import",
    "trial_call_off": "treat",
    "channels": "view_figures",
    "channel_act": "treat",
    "area_test": "view_figures",
    "initiatives": "view_figures",
    "initiative": "view_figures",
    "initiative_add": "treat",
    "initiative_act": "treat",
    "practices": "view_figures",
    "practice": "view_figures",
    "practice_add": "treat",
    "practice_write": "treat",
    "practice_assess": "treat",
    "practice_evidence": "view_figures",
    "evidence_add": "treat",
    "evidence_drop": "treat",
    "practice_remove": "treat",
    "indicators": "view_figures",
    "indicator_aim": "treat",
    "indicator_plan": "treat",
    "reviews": "view_figures",
    "team": "view_figures",
    "team_parts": "view_figures",
    "team_praise": "view_figures",
    "team_praise_act": "treat",
    "team_meetings": "view_figures",
    "team_meeting_act": "treat",
    "team_training": "view_figures",
    "team_training_act": "treat",
    "team_notices": "view_figures",
    "team_notices_choose": "view_figures",
    "team_notices_pause": "change_settings",
    "team_chat_add": "change_settings",
    "decision_log": "view_figures",
    "review": "view_figures",
    "review_new": "treat",
    "review_act": "treat",
    "review_pdf": "view_figures",
    "review_mail": "treat",
    "holdouts": "view_figures",
    "targeting": "view_figures",
    "target": "treat",
    "holdouts_global": "treat",
    "signup_forms": "view_figures",
    "signup_form": "view_figures",
    "signup_form_new": "treat",
    "signup_form_edit": "treat",
    "signup_form_begin": "treat",
    "signup_form_preview": "treat",
    "signup_form_act": "treat",
    "campaigns": "view_figures",
    "campaign": "view_figures",
    "campaign_new": "treat",
    "campaign_change": "treat",
    "campaign_act": "treat",
    "campaign_rest": "treat",
    "data_relations": "view_figures",
    "relation_change": "treat",
    "journeys": "view_figures",
    "mail_calendar": "view_figures",
    "journey_tasks": "view_personal",
    "journey_task_done": "record_consents",
    "journey": "view_figures",
    "journey_people": "view_figures",
    "journey_rehearsal": "view_figures",
    "journey_rehearsed": "view_figures",
    "journey_rehearsed_file": "export",
    "journey_new": "treat",
    "journey_ready": "treat",
    "journey_edit": "treat",
    "journey_nodes": "treat",
    "journey_document": "view_figures",
    "journey_act": "treat",
    "holdout": "view_figures",
    "holdout_draw": "treat",
    "holdout_act": "treat",
    "messages": "view_figures",
    "message": "treat",
    "message_new": "treat",
    "message_preview": "treat",
    "message_frame": "treat",
    "message_act": "treat",
    "message_sender": "change_settings",
    "message_arriving": "view_figures",
    "message_release": "treat",
    "message_settle_returned": "treat",
    "message_ledger": "view_figures",
    "message_settle": "treat",
    "message_shares": "view_figures",
    "message_pressure": "view_figures",
    "message_weights": "change_settings",
    "message_guard": "view_figures",
    "message_limits": "treat",
    "message_alarm_settle": "treat",
    "message_policy": "view_figures",
    "message_pace": "change_settings",
    "message_tracking": "change_settings",
    "messages_kept": "view_personal",
    "message_kept": "view_personal",
    "message_kept_frame": "view_personal",
    "customers": "view_figures",
    "customer": "view_figures",
    "customer_timeline": "view_figures",
    "customer_zone": "edit_people",
    "customer_consent": "record_consents",
    "person_ask": "record_consents",
    "person_export": "answer_people",
    "person_erase": "answer_people",
    "consent_settings": "view_figures",
    "consent_counts": "view_figures",
    "consent_choose": "change_settings",
    "consent_word": "change_settings",
    "consent_take_in": "import",
    "privacy": "answer_people",
    "privacy_erased": "answer_people",
    "privacy_withdraw": "answer_people",
    "privacy_keep": "change_settings",
    "customer_search": "view_personal",
    "model_search": "view_personal",
    "doubles": "edit_people",
    "doubles_decide": "edit_people",
    "doubles_look": "edit_people",
    "placeholders": "edit_people",
    "placeholders_say": "edit_people",
    "undo_merge": "edit_people",
    "settings": "view_figures",
    "business": "change_settings",
    "member_add": "manage_members",
    "member_role": "manage_members",
    "member_remove": "manage_members",
    "key_issue": "manage_members",
    "key_revoke": "manage_members",
    "audit": "manage_members",
}
OPEN = {
    "set_language", "theme", "glossary",  # need no sign-in, and say nothing of the shop
    "consent_unsubscribe", "consent_preferences", "consent_confirm",  # opened by a signed link
    "heard_mail", "heard_line",  # told by mail services and LINE, which prove themselves
    "message_click", "message_open",  # in messages, signed
    "register",  # on which owners of a product say so
    "form_page", "form_script",  # on which visitors sign up
}  # fmt: skip
_APART = ("account/", "api/")
_READING = ("view_figures", "view_personal")
# They read, and are sent as POST: no address says for whom, or a document is too long for one.
_ASKING = {"/customers/search", "/journeys/rehearsal"}


def pages() -> dict[str, str]:
    """Name and an address of every page that the project serves."""
    found: dict[str, str] = {}
    for name, address in _walk(get_resolver().url_patterns, ""):
        if not address.startswith(_APART):
            found[name] = f"/{address}"
    return found


def _walk(patterns: list[Any], before: str) -> Iterator[tuple[str, str]]:
    for one in patterns:
        address = before + _filled(one)
        if isinstance(one, URLPattern):
            yield one.name or address, address
        else:
            yield from _walk(one.url_patterns, address)


def _filled(pattern: Any) -> str:
    address = str(pattern.pattern)
    for kind, value in (("int", "1"), ("str", "x")):
        while f"<{kind}:" in address:
            start = address.index(f"<{kind}:")
            address = address[:start] + value + address[address.index(">", start) + 1 :]
    return address


def operations() -> Iterator[tuple[str, str, Any]]:
    """Of every router, those too that hang below another: path, method, operation."""
    yield from _below("", api._routers)


def _below(above: str, routers: Any) -> Iterator[tuple[str, str, Any]]:
    for prefix, router, *_ in routers:
        here = "/".join(part.strip("/") for part in (above, prefix) if part.strip("/"))
        for path, view in router.path_operations.items():
            for operation in view.operations:
                yield f"/{here}{path}" if here else path, operation.methods[0], operation
        yield from _below(here, router._routers)


def test_every_page_says_who_may_see_it() -> None:
    assert set(pages()) == {*PAGES, *OPEN}


def test_a_stranger_sees_no_page(home: object, charlie_the_stranger: Client) -> None:
    for name in PAGES:
        answer = charlie_the_stranger.get(pages()[name])

        assert answer.status_code == 302, name
        assert answer["Location"].startswith("/account/login/"), name


@pytest.mark.parametrize("role", rules.ROLES)
def test_a_page_is_open_to_the_roles_that_may_and_to_no_other(home: object, role: Role) -> None:
    client = _signed_in("somebody@example.com", role=role)
    client.raise_request_exception = False
    addresses = pages()

    refused = {name for name in PAGES if client.get(addresses[name]).status_code == 403}

    assert refused == {name for name, action in PAGES.items() if action and not _may(role, action)}


def test_every_operation_asks_for_an_action_and_a_writing_one_for_more_than_looking() -> None:
    for path, method, operation in operations():
        # What names no scope has the one of the whole API.
        scope = Scope("view_figures") if operation.auth_param is NOT_SET else operation.auth_param

        assert isinstance(scope, Scope), path
        assert scope.action in rules.ACTIONS, path
        asks = method == "GET" or path in _ASKING
        assert asks or scope.action not in _READING, f"{method} {path}"


def test_a_stranger_has_no_operation(home: object, charlie_the_stranger: Client) -> None:
    for path, method, _ in operations():
        filled = "/api" + path.replace("{", "").replace("}", "")

        answer = charlie_the_stranger.generic(method, filled, b"{}", "application/json")

        assert answer.status_code in (401, 404), f"{method} {path}"


def _may(role: Role, action: str) -> bool:
    return action in rules.actions_of(role)
