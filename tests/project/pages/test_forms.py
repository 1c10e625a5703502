"""The pages of sign-up forms: begun, changed, published, and what they brought."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from joren.act.forms import models, selectors, services
from joren.core import clock

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
ENGLISH = {"Accept-Language": "en"}


def a_form() -> int:
    services.begin_ready_made("story", slug="story", store="own", language="en", by="member:1")
    return services.publish("story", by="member:1").id


def visits(form: int, variant: str, visitors: int, signed_up: int) -> None:
    now = clock.now() - timedelta(days=1)
    seen = models.Visit.objects.bulk_create(
        models.Visit(form_id=form, round=1, visitor=f"{variant}{n}", variant=variant, at=now)
        for n in range(visitors)
    )
    models.Signup.objects.bulk_create(
        models.Signup(
            form_id=form, who=f"{variant}{n}", version=1, variant=variant, visit=seen[n],
            language="en", at=now, asked_at=now,
        )
        for n in range(signed_up)
    )  # fmt: skip


def test_a_form_is_begun_changed_and_published(alice_the_admin: Client) -> None:
    assert "No forms yet" in alice_the_admin.get("/forms/", headers=ENGLISH).content.decode()
    begun = {"key": "story", "slug": "story", "store": "own"}
    alice_the_admin.post("/forms/begin/", begun, headers=ENGLISH)
    form = selectors.form("story")
    page = alice_the_admin.get(f"/forms/{form.id}/edit/", headers=ENGLISH)
    assert page.status_code == 200
    said = {
        "name": "Spring", "language": "en", "plain": "A", "key": ["A", "B"],
        "variant_name": ["Plain", "Story"], "variant_share": ["1", "3"],
        "variant_title": ["News", "From me"], "variant_body": ["", "Hello\n\n- one"],
        "variant_button": ["", ""], "ask_name": "must", "hosts": "https://shop.example/",
        "do": "save",
    }  # fmt: skip
    shown = alice_the_admin.post("/forms/preview/", said, headers=ENGLISH).content.decode()
    assert "From me" in shown
    assert "<li>one</li>" in shown
    alice_the_admin.post(f"/forms/{form.id}/edit/", said)
    alice_the_admin.post(f"/forms/{form.id}/act/", {"do": "publish"})

    form = selectors.form("story")

    assert (form.name, form.state, form.content.variant("B").share) == ("Spring", "live", 3)
    assert form.content.hosts == ("https://shop.example",)
    assert "data-form=" in alice_the_admin.get(f"/forms/{form.id}/").content.decode()


def test_what_is_wrong_is_told_and_nothing_that_was_written_is_lost(
    alice_the_admin: Client,
) -> None:
    said = {
        "name": "Spring", "slug": "Spring!", "store": "own", "language": "auto", "key": ["A"],
        "variant_name": ["x"], "variant_share": ["1"], "variant_title": ["News of mine"],
        "variant_body": [""], "variant_button": [""], "do": "save",
    }  # fmt: skip

    answer = alice_the_admin.post("/forms/new/", said, headers=ENGLISH)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'role="alert"' in page
    assert "News of mine" in page
    assert not models.Form.objects.exists()
    added = alice_the_admin.post("/forms/new/", {**said, "do": "add"}, headers=ENGLISH)
    assert 'value="B"' in added.content.decode()


def test_results_are_read_with_intervals_and_only_where_they_can_be(bob_the_viewer: Client) -> None:
    form = a_form()
    for variant, seen, signed in (("A", 400, 20), ("B", 410, 60), ("C", 395, 21)):
        visits(form, variant, seen, signed)

    found = selectors.results(form)
    page = bob_the_viewer.get(f"/forms/{form}/", headers=ENGLISH).content.decode()

    arms = {arm.variant.key: arm for arm in found.arms}
    assert arms["B"].signed_effect is not None
    assert str(arms["B"].signed_effect.verdict) == "higher"
    assert arms["B"].signed_effect.level == pytest.approx(0.975)
    assert str(arms["C"].signed_effect.verdict) == "unclear"  # type: ignore[union-attr]
    assert not found.broken
    assert "More than the plain form" in page
    assert "Too few to read" in page  # nobody has confirmed
    assert "Publish" not in page
    lines = b"".join(
        bob_the_viewer.get(f"/forms/{form}/?format=csv&table=variants").streaming_content
    ).decode()
    assert "410" in lines


def test_arms_of_other_sizes_than_planned_say_so_and_nothing_else(alice_the_admin: Client) -> None:
    form = a_form()
    for variant, seen in (("A", 500), ("B", 300), ("C", 500)):
        visits(form, variant, seen, 30)

    page = alice_the_admin.get(f"/forms/{form}/", headers=ENGLISH).content.decode()

    assert selectors.results(form).broken
    assert "no difference may be read" in page
    assert "More than the plain form" not in page
