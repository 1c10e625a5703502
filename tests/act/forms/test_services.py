"""From a visit to a person who agreed: at once in the database, and safe to repeat."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from joren.act.confirmations import services as confirmations
from joren.act.forms import contracts, models, rules, selectors, services, views
from joren.act.forms.contracts import Answers, Form, Shown
from joren.act.forms.services import erasing, settling
from joren.act.messages import services as sending
from joren.act.messages.contracts import KeptBack
from joren.act.messages.selectors import kept_back
from joren.collect.customers import selectors as people
from joren.collect.inbox.contracts import EVENTS
from joren.collect.inbox.services import drain, receiving
from joren.collect.registrations.contracts import HandedOn, TooManyTries, Written
from joren.core import clock
from joren.core.erasing import Traces
from joren.core.people import people as everybody
from joren.plumbing.warehouse import warehouse
from joren.protect.consent import selectors as consents
from joren.protect.consent import services as consenting
from joren.protect.consent.contracts import Matter

pytestmark = pytest.mark.django_db(transaction=True)
MAIL = Matter("email", "marketing")
HANAKO = Answers("Hanako@Example.com", "山田 花子", agrees=True)
AGENT = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"


@pytest.fixture(autouse=True)
def _house(home: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.JOREN_URL = "https://shop.example"
    monkeypatch.setattr(views, "LEAST_SECONDS", -1)  # a test writes faster than anybody
    receiving.KEYS.forget()
    yield
    receiving.KEYS.forget()


@pytest.fixture
def story() -> Form:
    services.begin_ready_made("story", slug="story", store="own", language="ja", by="member:1")
    content = replace(
        selectors.form("story").content,
        consent="店からのお便りをメールで受け取ります。",
        gift="合言葉 KARITE",
        hosts=("https://shop.example",),
    )
    services.revise("story", content, by="member:1")
    return services.publish("story", by="member:1")


def settled() -> None:
    for _ in range(2):
        services.settle()
        while drain(warehouse()):
            pass
    services.settle()
    confirmations.mail_asked()
    while sending.deliver_some("email").rows:
        pass
    services.note_confirmed()


def link_in(mail: KeptBack) -> str:
    (found,) = set(re.findall(r"https://shop\.example(/consent/confirm/[^\s\"<>]+)", mail.text))
    return str(found)


def events() -> list[tuple[str, str]]:
    while drain(warehouse()):
        pass
    rows = warehouse().facts(EVENTS)
    found = warehouse().engine.rows(rows.order_by("occurred_at"))
    return [(row["name"], row["properties"] or "") for row in found if row["name"]]


def test_a_visitor_becomes_a_person_who_agreed(client: Client, story: Form) -> None:
    page = client.get("/f/story/", headers={"User-Agent": AGENT})
    assert page.status_code == 200
    visit = models.Visit.objects.get()
    stamp = page.context["stamp"]
    sent = {"form": stamp, "email": HANAKO.email, "name": HANAKO.name, "agrees": "yes"}
    done = client.post("/f/story/", sent)
    assert done.status_code == 200

    settled()

    (customer,) = everybody().by_email(["hanako@example.com"]).values()
    assert people.customer(customer).name == "山田 花子"
    assert people.customer(customer).registered_at is not None  # a lead, until they order
    (standing,) = consents.standings_of(customer, [MAIL])
    assert standing.state == "pending"
    (entry,) = consents.entries_of(customer)
    assert consents.wording_numbered(entry.wording or 0).text.startswith("店からのお便り")
    assert re.match(r"form:\d+:v2:", entry.proof)
    (mail,) = kept_back()
    assert "花子" not in mail.text
    client.get(link_in(mail))
    thanks = client.post(link_in(mail)).content.decode()
    assert "合言葉 KARITE" in thanks
    services.note_confirmed()
    (standing,) = consents.standings_of(customer, [MAIL])
    assert standing.state == "granted"
    row = models.Signup.objects.get()
    assert (row.visit_id, row.pending) == (visit.pk, "")
    assert row.confirmed_at is not None
    told = events()
    assert [name for name, _ in told] == [contracts.SIGNED_UP, contracts.CONFIRMED]
    assert '"list_id":"story"' in told[0][1]
    found = selectors.results(story.id)
    (arm,) = [one for one in found.arms if one.visitors]
    assert (arm.visitors, arm.signed_up, arm.confirmed) == (1, 1, 1)
    assert arm.thin


def test_a_visitor_is_counted_once_and_a_machine_never(story: Form) -> None:
    client = Client()
    for _ in range(3):
        client.get("/f/story/", headers={"User-Agent": AGENT})
    Client().get("/f/story/", headers={"User-Agent": "Googlebot/2.1"})
    Client().head("/f/story/", headers={"User-Agent": AGENT})

    assert models.Visit.objects.count() == 1


def test_who_wants_no_following_has_no_cookie_and_may_sign_up(story: Form) -> None:
    client = Client(headers={"User-Agent": AGENT, "DNT": "1"})
    page = client.get("/f/story/")

    sent = {"form": page.context["stamp"], "email": HANAKO.email, "agrees": "yes"}
    assert client.post("/f/story/", sent).status_code == 200

    assert not client.cookies
    assert not models.Visit.objects.exists()
    assert models.Signup.objects.get().visit is None
    assert selectors.results(story.id).unfollowed == 1


def test_the_page_is_framed_by_whom_the_form_names_alone(client: Client, story: Form) -> None:
    framed = client.get("/f/story/?embed=1&v=" + "a" * 32, headers={"User-Agent": AGENT})

    policy = framed["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://shop.example" in policy
    assert "X-Frame-Options" not in framed
    assert not framed.cookies  # the page around keeps it, as its own
    assert models.Visit.objects.count() == 1
    services.revise("story", replace(story.content, hosts=()), by="member:1")
    services.publish("story", by="member:1")
    alone = client.get("/f/story/", headers={"User-Agent": AGENT})
    assert "frame-ancestors 'none'" in alone["Content-Security-Policy"]
    assert alone["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("wrong", "headers"),
    [
        ({"form": "made up"}, {}),
        ({"email": "none"}, {}),
        ({"agrees": ""}, {}),
        ({}, {"Origin": "https://evil.example"}),
    ],
)
def test_what_is_wrong_is_told_and_nothing_kept(
    client: Client, story: Form, wrong: dict[str, str], headers: dict[str, str]
) -> None:
    page = client.get("/f/story/", headers={"User-Agent": AGENT})
    sent = {"form": page.context["stamp"], "email": HANAKO.email, "agrees": "yes", **wrong}

    answer = client.post("/f/story/", sent, headers=headers)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not models.Signup.objects.exists()


def test_a_trap_and_haste_keep_nothing(
    client: Client, story: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = client.get("/f/story/", headers={"User-Agent": AGENT})
    sent = {"form": page.context["stamp"], "email": HANAKO.email, "agrees": "yes"}

    assert client.post("/f/story/", {**sent, "website": "x"}).status_code == 200
    monkeypatch.setattr(views, "LEAST_SECONDS", 2)
    assert client.post("/f/story/", sent).status_code == 422

    assert not models.Signup.objects.exists()


def test_one_source_cannot_write_to_many(story: Form) -> None:
    shown = Shown(story.live or 0, "A", "ja")
    said = [Answers(f"c{number}@shop.example", agrees=True) for number in range(11)]
    for one in said[:10]:
        services.sign_up("story", one, shown, source="192.0.2.1")

    with pytest.raises(TooManyTries):
        services.sign_up("story", said[10], shown, source="192.0.2.1")

    assert models.Signup.objects.count() == 10


def test_the_same_address_is_one_sign_up_and_asks_anew_once_it_was_refused(story: Form) -> None:
    shown = Shown(story.live or 0, "B", "en")
    assert services.sign_up("story", HANAKO, shown)
    assert not services.sign_up("story", HANAKO, shown)
    settled()
    assert not services.sign_up("story", HANAKO, shown)  # too soon for another mail
    settled()
    assert len(kept_back()) == 1
    (customer,) = everybody().by_email(["hanako@example.com"]).values()
    consenting.refuse_everything(int(customer))

    services.sign_up("story", HANAKO, shown)
    settled()

    assert models.Signup.objects.count() == 1
    assert len([one for one in consents.entries_of(customer) if one.act == "requested"]) == 2


def test_who_asks_again_is_asked_about_the_words_that_they_see_then(story: Form) -> None:
    services.sign_up("story", HANAKO, Shown(2, "B", "ja"))
    settled()
    services.revise("story", replace(story.content, consent="新しい文言です。"), by="member:1")
    live = services.publish("story", by="member:1").live or 0

    services.sign_up("story", HANAKO, Shown(live, "A", "ja"))
    settled()

    row = models.Signup.objects.get()
    assert (row.version, row.variant) == (live, "A")
    (customer,) = everybody().by_email(["hanako@example.com"]).values()
    entry = consents.entries_of(customer)[0]
    assert consents.wording_numbered(entry.wording or 0).text == "新しい文言です。"
    assert entry.proof.startswith(f"form:{story.id}:v{live}:A:")


def test_who_asks_again_in_another_language_is_asked_in_it(story: Form) -> None:
    for language in ("ja", "en"):
        services.sign_up("story", HANAKO, Shown(story.live or 0, "A", language))
        settled()

    (customer,) = everybody().by_email(["hanako@example.com"]).values()
    assert consents.entries_of(customer)[0].proof.endswith(":en")
    assert "confirm your sign-up" in kept_back()[0].subject


def test_what_was_erased_or_asked_anew_while_it_was_handed_on_is_not_written_over(
    story: Form, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b", "c"):
        said = Answers(f"{name}@shop.example", agrees=True)
        services.sign_up("story", said, Shown(story.live or 0, "A", "ja"))
    erased, newer, _ = models.Signup.objects.order_by("pk")

    def meanwhile(written: Sequence[Written], **_: object) -> dict[int, HandedOn]:
        models.Signup.objects.filter(pk=erased.pk).update(who="", pending="")
        models.Signup.objects.filter(pk=newer.pk).update(pending="asked anew")
        return {one.number: HandedOn(True, 7, 9) for one in written}

    monkeypatch.setattr(settling, "hand_on", meanwhile)

    assert services.settle() == 1
    rows = models.Signup.objects.order_by("pk").values_list("pending", "customer_id", "request")
    assert list(rows) == [("", None, None), ("asked anew", None, None), ("", 7, 9)]


def test_a_sign_up_by_a_program_is_no_visitor_who_was_not_followed(story: Form) -> None:
    services.sign_up("story", HANAKO, Shown(story.live or 0, "A", "ja"))
    other = replace(HANAKO, email="b@shop.example")
    services.sign_up("story", other, Shown(story.live or 0, "A", "ja"), source="192.0.2.1")

    found = selectors.results(story.id)

    assert (found.unfollowed, found.by_program) == (1, 1)


def test_one_that_cannot_be_handed_on_keeps_no_other_waiting(story: Form) -> None:
    for number in range(5):
        said = Answers(f"c{number}@shop.example", agrees=True)
        services.sign_up("story", said, Shown(story.live or 0, "A", "ja"))
    broken = models.Signup.objects.all()[2]
    models.Signup.objects.filter(pk=broken.pk).update(pending="not sealed")

    settled()

    assert list(models.Signup.objects.exclude(pending="").values_list("pk", flat=True)) == [
        broken.pk
    ]
    assert models.Signup.objects.exclude(request=None).count() == 4


def test_a_closed_form_takes_nobody(client: Client, story: Form) -> None:
    services.pause("story", by="member:1")

    assert client.get("/f/story/").status_code == 404
    assert client.get("/f/nowhere/").status_code == 404
    with pytest.raises(contracts.FormClosed):
        services.sign_up("story", HANAKO, Shown(1, "A", "ja"))
    services.publish("story", by="member:1")
    assert client.get("/f/story/").status_code == 200


def test_other_variants_begin_another_round(story: Form) -> None:
    other = replace(story.content.variants[0], title="Other")
    content = replace(story.content, variants=(other, *story.content.variants[1:]))

    services.revise("story", replace(story.content, thanks="x"), by="member:1")
    assert services.publish("story", by="member:1").round == 1
    services.revise("story", content, by="member:1")

    assert services.publish("story", by="member:1").round == 2


def test_they_go_with_the_person_and_the_count_stays(client: Client, story: Form) -> None:
    page = client.get("/f/story/", headers={"User-Agent": AGENT})
    sent = {"form": page.context["stamp"], "email": HANAKO.email, "agrees": "yes"}
    client.post("/f/story/", sent)
    settled()
    traces = Traces(customers=(), emails=frozenset({"hanako@example.com"}))
    assert len(erasing.ERASER.export(traces)) == 1

    erasing.ERASER.erase(traces)

    row = models.Signup.objects.get()
    assert (row.who, row.customer_id, row.request) == ("", None, None)
    assert models.Visit.objects.get().visitor == ""
    assert sum(one.signed_up for one in selectors.results(story.id).arms) == 1


def test_a_cookie_is_forgotten_in_time(story: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    Client().get("/f/story/", headers={"User-Agent": AGENT})
    later = clock.now() + timedelta(days=181)
    monkeypatch.setattr(clock, "now", lambda: later)

    assert services.sweep() == 1
    assert services.sweep() == 0


def test_an_address_that_is_taken_is_refused(story: Form) -> None:
    content: Any = rules.READY_MADE[1].content("en")
    with pytest.raises(contracts.BadForm, match="taken"):
        services.create("story", "x", content, store="own", by="member:1")
