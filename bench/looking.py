"""How long a page and a search take on a home that is there: ``python -m bench.looking``.

Each address is fetched whole (view, data, template) as a signed-in admin, once to warm up and then
many times; what is printed is the median and the 95th percentile of the clock, and the median of
what this thread computed itself: on a quiet machine nobody waits much longer, and on a busy one it
alone says something. ``JOREN_HOME`` names the home.
"""

from __future__ import annotations

import os
import re
import sys
import time
from html import unescape

import django

from bench.measuring import percentile

_ONWARD = re.compile(r'href="([?][^"]*\bafter=[^"]*)"')
ROUNDS = 20
LIMIT = 0.3

TIMED = (
    "home", "value", "models", "subscriptions", "ranks", "moves", "shifts", "shifted", "cohorts",
    "journey_map", "economics", "rank_rules", "economics_rules", "life_stages",
    "customers", "doubles", "placeholders",
    "data", "data_progress", "data_quality", "data_first_party", "data_quarantine", "data_live",
    "data_live_events", "data_hooks", "data_outgoing", "data_registered", "data_relations",
    "data_mappings",
    "segments", "segment_new", "segment_values", "strategies", "exports",
    "effects", "holdouts", "decisions", "referrals", "channels", "initiatives", "practices",
    "indicators", "reviews", "team", "team_praise", "team_meetings", "team_training",
    "team_notices", "decision_log",
    "campaigns", "campaign_new", "mail_calendar", "journeys", "journey_tasks", "journey_new",
    "signup_forms", "signup_form_new",
    "messages", "message_new", "message_arriving", "message_ledger", "message_shares",
    "message_pressure", "message_guard", "message_policy", "messages_kept",
    "consent_settings", "consent_counts", "privacy", "settings", "audit",
)  # fmt: skip
"""Names of the pages that are looked at as they are."""
BESIDE = {
    "cohorts": ("dimension=category", "dimension=sku", "measure=revenue&dimension=store"),
    "customers": ("stage=active", "decile=1&sort=-revenue_365d", "rfm_r=5&rfm_f=5&sort=-last_on"),
    "data_quality": ("feed=customers",),
    "moves": ("way=decile",),
    "ranks": ("show=revenue&m=5",),
}
"""The same with something chosen, by name."""
ACTS = (
    "journey_aim", "source_add", "property_allow", "property_forbid", "unread_retry", "unread_drop",
    "hook_add", "hook_retry", "hook_drop", "outgoing_add", "programme_open", "data_upload",
    "data_events", "data_refresh", "data_repair", "data_replace", "data_drop", "data_restore",
    "shift_keep", "export_plan", "last_touch_set", "referrals_take", "referrals_forget",
    "channel_act", "initiative_add", "practice_add", "practice_assess", "indicator_aim",
    "indicator_plan", "team_praise_act", "team_meeting_act", "team_training_act",
    "team_notices_choose", "team_notices_pause", "team_chat_add", "review_new", "holdouts_global",
    "signup_form_begin", "relation_change", "journey_ready", "journey_task_done", "message_sender",
    "message_settle", "message_weights", "message_limits", "message_pace", "message_tracking",
    "consent_choose", "consent_word", "consent_take_in", "privacy_erased",
    "doubles_decide", "doubles_look", "placeholders_say", "business", "member_add", "key_issue",
)  # fmt: skip
UNTIMED = dict.fromkeys(ACTS, "it takes what is sent, and shows nothing") | {
    "customer_search": "timed by SEARCHES",
    "model_search": "a search leads to a page that is timed",
    "segment_build": "it answers to what is built",
    "segment_compare": "it answers to what is built",
    "signup_form_preview": "it answers to what is written",
    "message_preview": "it answers to what is written",
    "message_frame": "it answers to what is written",
    "effect_lifts_csv": "a file: of the holdouts that were read",
    "effect_lifts_parquet": "a file: of the holdouts that were read",
}
"""Pages that need no other number and are not looked at, and why."""
SEARCHES = {
    "common surname": "佐藤",
    "common surname, next page": "佐藤",
    "whole name": "佐藤 太郎",
    "given name": "太郎",
    "part of a kana name": "ロウ",
    "full-width spaces": "佐藤　太郎",
    "kana": "サトウ",
    "half-width kana": "ｻﾄｳ",
    "hiragana": "さとう",
    "e-mail": "c12345@example.com",
    "beginning of an e-mail": "c1234",
    "full-width e-mail": "ｃ１２３４",
    "last four digits of a phone": "4567",
    "whole phone": "090-0031-6176",
    "customer number": "C0012345",
    "order number": "A00012345",
    "nothing found": "存在しない名前",
    "nothing found, latin": "zzzzzz",
    "one letter": "c",
}


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "joren.project.settings")
    django.setup()
    # Django's own parts can be read only now.
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.utils.crypto import get_random_string

    from joren.accounts import services
    from joren.collect.customers import models

    member = get_user_model().objects.filter(email="bench@example.com").first()
    if member is None:
        secret = get_random_string(40)
        services.add_member("bench@example.com", role="admin", password=secret)
        member = get_user_model().objects.get(email="bench@example.com")
    client = Client(SERVER_NAME="localhost")
    client.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    from django.urls import reverse

    middle = models.Customer.objects.order_by("pk").values_list("pk", flat=True)[1_000]
    addresses = {page: reverse(page) for page in TIMED}
    addresses |= {
        f"{page}?{asked}": f"{reverse(page)}?{asked}"
        for page, several in BESIDE.items()
        for asked in several
    }
    addresses |= {"one customer": reverse("customer", args=[middle])}
    number = _segment()
    for page in ("segment", "segment_edit", "strategy"):
        addresses[page] = reverse(page, args=[number])
    for what, words in SEARCHES.items():
        found = client.post("/customers/search/", {"q": words})["Location"]
        if "next page" in what:  # by the page's own link
            told = _ONWARD.search(client.get(found).content.decode())
            assert told is not None, what
            found = f"/customers/{unescape(told[1])}"
        addresses[f"search: {what}"] = found
    slowest = 0.0
    for what, address in addresses.items():
        looks = [_seconds(client, address) for _ in range(ROUNDS + 1)][1:]
        times, computed = zip(*looks, strict=True)
        high = percentile(times, 0.95)
        slowest = max(slowest, high)
        print(
            f"{what:<44} p50 {percentile(times, 0.5) * 1000:7.0f} ms   p95 {high * 1000:7.0f} ms"
            f"   p95 / 300 ms {high / LIMIT:6.2f}"
            f"   computing {percentile(computed, 0.5) * 1000:6.0f} ms",
            flush=True,
        )
    print(f"slowest p95 / 300 ms {slowest / LIMIT:.2f}")
    return 0


def _segment() -> int:
    """The number of a segment that some of the customers are in."""
    from joren.decide.segments import selectors, services
    from joren.decide.segments.contracts import Is

    kept = selectors.segments()
    if kept:
        return int(kept[0].id)
    rule = Is("orders", "at_least", (2,))
    return int(services.create("bench: twice and more", rule=rule, by="bench").id)


def _seconds(client: object, address: str) -> tuple[float, float]:
    """By the clock, and of this thread alone."""
    begun, computed = time.perf_counter(), time.thread_time()
    answer = client.get(address)  # type: ignore[attr-defined]  # any client
    assert answer.status_code == 200, (address, answer.status_code)
    return time.perf_counter() - begun, time.thread_time() - computed


if __name__ == "__main__":
    sys.exit(main())
