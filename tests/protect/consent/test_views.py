"""What a shop's customers see, and what a mailbox's own button does."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from django.test import Client

from joren.core import clock
from joren.protect.consent import models, selectors, services
from joren.protect.consent.contracts import Links, Matter, NoPublicAddress, Said
from tests.protect.consent.cast import merge, people

pytestmark = pytest.mark.django_db

NEWS = Matter("email", "marketing")
SHOP = "https://shop.example"


@pytest.fixture
def links(settings: object) -> Links:
    """Of customer 1, who agreed."""
    settings.JOREN_URL = SHOP  # type: ignore[attr-defined]
    people(1)
    agreed = Said("email", "marketing", "granted", "form", at=datetime(2026, 4, 1, tzinfo=UTC))
    services.record(1, agreed, by="test")
    return services.links_for(1, channel="email", purpose="marketing")


@pytest.fixture
def anybody() -> Client:
    """A browser without a cookie, from which a forged form would come too."""
    return Client(enforce_csrf_checks=True)


def state() -> str:
    (standing,) = selectors.standings_of(1, [NEWS])
    return standing.state


def path(address: str) -> str:
    return address.removeprefix(SHOP)


def one_click(anybody: Client, links: Links) -> object:
    return anybody.post(
        path(links.unsubscribe),
        b"List-Unsubscribe=One-Click",
        content_type="application/x-www-form-urlencoded",
    )


def test_one_click_withdraws_without_cookie_sign_in_or_redirect(
    links: Links, anybody: Client
) -> None:
    first, again = one_click(anybody, links), one_click(anybody, links)

    for answer in (first, again):
        assert answer.status_code == 200  # type: ignore[attr-defined]
        assert not answer.cookies  # type: ignore[attr-defined]
    assert state() == "refused"
    assert [one.source for one in selectors.entries_of(1)] == ["one_click", "form"]


def test_one_click_as_multipart_withdraws_too(links: Links, anybody: Client) -> None:
    anybody.post(path(links.unsubscribe), {"List-Unsubscribe": "One-Click"})

    assert state() == "refused"


@pytest.mark.parametrize("method", ["get", "head", "post"])
def test_who_only_looks_withdraws_nothing(links: Links, anybody: Client, method: str) -> None:
    answer = getattr(anybody, method)(path(links.unsubscribe))

    assert answer.status_code == 200
    assert not answer.cookies
    assert state() == "granted"


def test_the_button_of_the_page_withdraws(links: Links, anybody: Client) -> None:
    answer = anybody.post(path(links.unsubscribe), {"confirm": "yes"})

    assert state() == "refused"
    assert "配信を停止しました" in answer.content.decode()


def test_the_headers_are_those_of_the_convention(links: Links) -> None:
    assert links.headers == {
        "List-Unsubscribe": f"<{links.unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    assert links.unsubscribe.startswith("https://shop.example/consent/unsubscribe/")


def test_a_link_says_nothing_of_the_person(links: Links) -> None:
    handle = models.Recipient.objects.get().handle

    assert re.fullmatch(r"[0-9a-f]{32}", handle)
    for address in (links.unsubscribe, links.preferences):
        assert "@" not in address
        assert "c1" not in address.split("/consent/")[1].replace(handle, "").split(".")[:1]


def test_without_https_there_is_no_link(links: Links, settings: object) -> None:
    settings.JOREN_URL = "http://127.0.0.1:8000"  # type: ignore[attr-defined]

    with pytest.raises(NoPublicAddress):
        services.links_for(1, channel="email", purpose="marketing")


@pytest.mark.parametrize("page", ["unsubscribe", "preferences", "confirm"])
def test_a_forged_link_opens_nothing(links: Links, anybody: Client, page: str) -> None:
    token = path(getattr(links, page, links.unsubscribe)).split("/")[3]
    forged = token[:-1] + ("A" if token[-1] != "A" else "B")

    assert anybody.get(f"/consent/{page}/{forged}/").status_code == 404
    answer = anybody.post(
        f"/consent/{page}/{forged}/", {"List-Unsubscribe": "One-Click", "do": "stop"}
    )
    assert answer.status_code == 404
    assert state() == "granted"


def test_a_forgotten_person_s_links_say_nothing_and_still_please_the_mailbox(
    links: Links, anybody: Client
) -> None:
    models.Recipient.objects.all().delete()

    assert anybody.get(path(links.preferences)).status_code == 410
    assert one_click(anybody, links).status_code == 200  # type: ignore[attr-defined]
    assert state() == "granted"


def test_preferences_are_saved_and_undone(links: Links, anybody: Client) -> None:
    page = anybody.get(path(links.preferences))
    assert page.content.decode().count("checked") == 1

    saved = anybody.post(path(links.preferences), {"may": ["line/marketing"]}, follow=True)
    now = {str(one.matter): one.state for one in selectors.standings_of(1)}
    assert (now["email/marketing"], now["line/marketing"]) == ("refused", "granted")
    assert now["sms/marketing"] == "unasked"  # a switch that stayed off is no refusal

    entries = saved.context["saved"]
    anybody.post(path(links.preferences), {"do": "undo", "entries": entries})
    now = {str(one.matter): one.state for one in selectors.standings_of(1)}
    assert (now["email/marketing"], now["line/marketing"]) == ("granted", "unasked")


def test_stop_everything_stops_what_is_asked_later_too_and_can_be_undone(
    links: Links, anybody: Client
) -> None:
    done = anybody.post(path(links.preferences), {"do": "stop"}, follow=True)

    states = {one.state for one in selectors.standings_of(1, [NEWS, Matter("push", "surveys")])}
    assert states == {"refused"}

    anybody.post(path(links.preferences), {"do": "undo", "entries": done.context["saved"]})
    assert state() == "granted"


def test_nobody_undoes_what_the_shop_wrote_down(links: Links, anybody: Client) -> None:
    number = services.set_by_hand(1, NEWS, may=False, reason="at the counter", by="member:1")

    answer = anybody.post(path(links.preferences), {"do": "undo", "entries": str(number)})

    assert answer.status_code == 404
    assert state() == "refused"


def test_a_link_is_that_of_the_person_one_turned_out_to_be(links: Links, anybody: Client) -> None:
    people(2)
    merge(1, 2)

    one_click(anybody, links)

    (standing,) = selectors.standings_of(2, [NEWS])
    assert standing.state == "refused"


@pytest.mark.parametrize(
    ("language", "words"), [("ja", "受け取る内容の設定"), ("en", "Choose what")]
)
def test_the_page_speaks_the_reader_s_language(
    links: Links, anybody: Client, language: str, words: str
) -> None:
    by_browser = anybody.get(path(links.preferences), headers={"Accept-Language": language})
    by_choice = anybody.get(path(links.preferences), {"lang": language})

    assert words in by_browser.content.decode()
    assert words in by_choice.content.decode()
    assert by_choice["Referrer-Policy"] == "no-referrer"
    assert by_choice["Cache-Control"] == "no-store"


def test_links_of_many_take_two_statements(links: Links, django_assert_num_queries: object) -> None:
    people(2, 3)

    with django_assert_num_queries(2):  # type: ignore[operator]
        handles = services.handles_for([1, 2, 3, 404])

    assert sorted(handles) == [1, 2, 3]
    assert handles[1] == models.Recipient.objects.get(pk=1).handle
    assert len({*handles.values()}) == 3


def asked(customer: int = 1, matter: Matter = NEWS) -> str:
    said = Said(matter.channel, matter.purpose, "requested", "form")
    return path(services.ask(customer, matter, said, by="test"))


def test_who_opens_the_confirmation_has_not_agreed_and_who_presses_has(
    links: Links, anybody: Client
) -> None:
    line = Matter("line", "marketing")
    link = asked(matter=line)

    anybody.get(link)
    (before,) = selectors.standings_of(1, [line])
    anybody.post(link)
    anybody.post(link)
    (after,) = selectors.standings_of(1, [line])

    assert (before.state, after.state) == ("pending", "granted")
    assert [one.act for one in selectors.entries_of(1) if one.channel == "line"] == [
        "granted", "requested",
    ]  # fmt: skip


def test_a_late_confirmation_is_refused(links: Links, anybody: Client) -> None:
    link = asked(matter=Matter("line", "marketing"))

    later = clock.now() + timedelta(days=8)
    with mock.patch("django.core.signing.time.time", return_value=later.timestamp()):
        answer = anybody.post(link)

    assert answer.status_code == 409
    (standing,) = selectors.standings_of(1, [Matter("line", "marketing")])
    assert standing.state == "pending"


def test_a_confirmation_is_void_once_the_person_refused_since(
    links: Links, anybody: Client
) -> None:
    link = asked()
    services.refuse_everything(1)

    assert anybody.post(link).status_code == 409
    assert state() == "refused"
