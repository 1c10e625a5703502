"""Which addresses may be told, when it is tried again, and what is said."""

from __future__ import annotations

import ipaddress
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from joren.act.deliveries.contracts import AddressRefused, BadReceiver
from joren.act.deliveries.rules import addresses, saying
from joren.act.deliveries.rules.retrying import MOST, wait_after

OLD, NEW = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", "whsec_" + "QUJD" * 11


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "0.0.0.1", "100.64.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1",
        "192.0.0.8", "198.18.0.1", "203.0.113.9", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
        "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:169.254.169.254",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "2001:0:7f00:1::", "no address",
    ],
)  # fmt: skip
def test_an_address_that_is_not_of_the_internet_is_refused(address: str) -> None:
    assert not addresses.is_public(address)
    with pytest.raises(AddressRefused):
        addresses.chosen(addresses.place_of("https://shop.example/", ()), ["8.8.8.8", address])


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111"])
def test_an_address_of_the_internet_is_taken_and_held_to(address: str) -> None:
    assert addresses.chosen(addresses.place_of("https://shop.example/", ()), [address]) == (
        address,
    )


@given(st.ip_addresses(network="10.0.0.0/8") | st.ip_addresses(network="fc00::/7"))
def test_no_private_address_is_public(address: ipaddress.IPv4Address) -> None:
    assert not addresses.is_public(str(address))


def test_a_host_that_the_settings_name_may_be_told_in_the_own_network() -> None:
    place = addresses.place_of("http://erp.local:9000/hook?x=1", ["erp.local"])

    assert addresses.chosen(place, ["10.0.0.1"]) == ("10.0.0.1",)
    assert (place.port, place.target, place.host_header) == (9000, "/hook?x=1", "erp.local:9000")
    with pytest.raises(AddressRefused):
        addresses.place_of("http://other.local/", ["erp.local"])


@pytest.mark.parametrize(
    "url",
    ["", "ftp://a.example/", "https://", "https://a:b@c.example/", "https://a.example:99999/",
     "https://a.example/\r\nX: y", "https://a.example/ x", "file:///etc/passwd", "//a.example/",
     "https://a..example/", "https://.example/", f"https://{'a' * 64}.example/",
     f"https://{'a.' * 127}example/"],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(BadReceiver):
        addresses.place_of(url, ())


@given(st.integers(1, MOST - 1), st.floats(0, 1), st.integers(0, 10**7))
def test_it_waits_longer_each_time_and_a_day_at_most(n: int, chance: float, asked: int) -> None:
    wait = wait_after(n, chance=chance, asked=asked)

    assert wait is not None
    assert timedelta(seconds=15) <= wait <= timedelta(hours=30)
    assert wait >= min(timedelta(seconds=asked), timedelta(hours=24))


def test_it_is_tried_for_days_and_then_given_up() -> None:
    waits = [wait_after(n, chance=0.5) for n in range(1, MOST)]

    assert timedelta(days=3) < sum(filter(None, waits), timedelta()) < timedelta(days=7)
    assert wait_after(MOST, chance=0.5) is None


def test_what_is_said_is_verified_by_either_secret() -> None:
    now = datetime.now(UTC)
    body = saying.body_of("figures.refreshed", {"snapshot": 3, "by": "member:1"}, at=now)

    headers = saying.headers_of("msg_1", body, secrets=[NEW, OLD], at=now)

    for secret in (OLD, NEW):
        said = Webhook(secret).verify(body, headers)
        assert (said["type"], said["data"]) == ("figures.refreshed", {"snapshot": 3})
    with pytest.raises(WebhookVerificationError):
        Webhook(OLD).verify(body + " ", headers)
    old = saying.headers_of("msg_1", body, secrets=[OLD], at=now - timedelta(seconds=400))
    with pytest.raises(WebhookVerificationError):
        Webhook(OLD).verify(body, old)


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=30_000), max_size=3))
def test_what_is_said_is_less_than_twenty_kilobytes(content: dict[str, str]) -> None:
    body = saying.body_of("x.y", content, at=datetime.now(UTC))

    assert len(body.encode("utf-8", "surrogatepass")) < 20_000
    assert json.loads(body)["type"] == "x.y"


def test_announcements_are_chosen_by_name_or_by_room() -> None:
    assert saying.fits("connectors.file_imported", ["connectors.*"])
    assert saying.fits("figures.refreshed", ["a.b", "figures.refreshed"])
    assert not saying.fits("accounts.key_issued", ["connectors.*"])
