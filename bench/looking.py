"""How long a page and a search take on a home that is there: ``python -m bench.looking``.

Each address is fetched whole (view, data, template) as a signed-in admin, once to warm up and then
many times; what is printed is the median and the 95th percentile of the clock, and the median of
what this thread computed itself: on a quiet machine nobody waits much longer, and on a busy one it
alone says something. ``JOREN_HOME`` names the home.
"""

from __future__ import annotations

import os
import sys
import time

import django

from bench.measuring import percentile

ROUNDS = 20
LIMIT = 0.3

PAGES = (
    "/",
    "/value/",
    "/ranks/",
    "/cohorts/",
    "/economics/",
    "/customers/",
    "/data/quality/",
)
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
    middle = models.Customer.objects.order_by("pk").values_list("pk", flat=True)[1_000]
    addresses = {page: page for page in PAGES} | {"one customer": f"/customers/{middle}/"}
    for what, words in SEARCHES.items():
        after = "&after=50" if "next page" in what else ""
        found = client.post("/customers/search/", {"q": words})["Location"]
        addresses[f"search: {what}"] = f"{found}{after}"
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


def _seconds(client: object, address: str) -> tuple[float, float]:
    """By the clock, and of this thread alone."""
    begun, computed = time.perf_counter(), time.thread_time()
    answer = client.get(address)  # type: ignore[attr-defined]  # any client
    assert answer.status_code == 200, (address, answer.status_code)
    return time.perf_counter() - begun, time.thread_time() - computed


if __name__ == "__main__":
    sys.exit(main())
