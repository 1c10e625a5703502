"""Letting in and out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from joren.accounts import contracts, models, selectors, services
from joren.core.clock import now
from joren.core.errors import BadInput

PASSWORD = "a sentence that only one knows"

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> contracts.Member:
    return services.add_member("Alice@Example.com ", role="admin", password=PASSWORD)


def test_an_email_is_one_member_in_any_case(alice: contracts.Member) -> None:
    with pytest.raises(contracts.MemberExists):
        services.add_member("ALICE@example.com", role="viewer", password=PASSWORD)

    assert selectors.member("aLiCe@example.com") == alice


@pytest.mark.parametrize("password", ["short", "password1234", "1029384756473"])
def test_a_guessable_password_is_refused(password: str) -> None:
    with pytest.raises(contracts.WeakPassword):
        services.add_member("bob@example.com", role="viewer", password=password)

    assert selectors.members() == ()


def test_something_that_is_no_email_is_refused() -> None:
    with pytest.raises(BadInput, match="no e-mail"):
        services.add_member("bob", role="viewer", password=PASSWORD)


def test_the_last_admin_stays(alice: contracts.Member) -> None:
    with pytest.raises(contracts.LastAdmin):
        services.change_role(alice.email, role="viewer")
    with pytest.raises(contracts.LastAdmin):
        services.remove_member(alice.email)


def test_one_of_two_admins_may_go(alice: contracts.Member) -> None:
    services.add_member("dora@example.com", role="admin", password=PASSWORD)

    services.remove_member(alice.email)

    assert [member.email for member in selectors.members()] == ["dora@example.com"]


def test_nobody_of_that_name_is_not_found() -> None:
    with pytest.raises(contracts.NoSuchMember):
        services.change_password("charlie@example.com", password=PASSWORD)


def test_a_key_opens_its_scopes_and_no_more(alice: contracts.Member) -> None:
    key, text = services.issue_api_key(alice.email, name="shop", scopes=("import",))

    caller = services.use_api_key(text)

    assert caller == contracts.Caller(f"key:{key.prefix}", frozenset({"import"}))


def test_a_keys_secret_is_nowhere_in_the_database(alice: contracts.Member) -> None:
    _, text = services.issue_api_key(alice.email, name="shop", scopes=("import",))

    secret = text.partition(".")[2]

    assert secret not in str(models.ApiKey.objects.values().get())


@pytest.mark.parametrize("spoil", [str.upper, lambda text: text + "x", lambda text: text[:12]])
def test_a_wrong_key_is_nobody(alice: contracts.Member, spoil: Any) -> None:
    _, text = services.issue_api_key(alice.email, name="shop", scopes=("import",))

    assert services.use_api_key(spoil(text)) is None


def test_a_revoked_key_is_nobody(alice: contracts.Member) -> None:
    key, text = services.issue_api_key(alice.email, name="shop", scopes=("import",))

    services.revoke_api_key(key.prefix)
    services.revoke_api_key(key.prefix)

    assert services.use_api_key(text) is None


def test_a_key_shrinks_with_its_owners_role(alice: contracts.Member) -> None:
    bob = services.add_member("bob@example.com", role="analyst", password=PASSWORD)
    _, text = services.issue_api_key(
        bob.email, name="notebook", scopes=("view_figures", "view_personal")
    )

    services.change_role(bob.email, role="viewer")

    caller = services.use_api_key(text)
    assert caller is not None
    assert caller.actions == {"view_figures"}


def test_a_viewers_key_cannot_import() -> None:
    bob = services.add_member("bob@example.com", role="viewer", password=PASSWORD)

    with pytest.raises(BadInput, match="viewer may not import"):
        services.issue_api_key(bob.email, name="x", scopes=("import",))


def test_the_use_of_a_key_is_noted_once_a_minute(alice: contracts.Member) -> None:
    _, text = services.issue_api_key(alice.email, name="shop", scopes=("import",))
    services.use_api_key(text)
    first = models.ApiKey.objects.get().last_used_at

    services.use_api_key(text)
    soon = models.ApiKey.objects.get().last_used_at
    models.ApiKey.objects.update(last_used_at=now() - timedelta(minutes=2))
    services.use_api_key(text)
    later = models.ApiKey.objects.get().last_used_at

    assert first is not None
    assert later is not None
    assert soon == first
    assert later > first


def test_an_unchanged_business_is_what_the_environment_says() -> None:
    assert selectors.business() == contracts.Business(
        "", settings.JOREN_TIMEZONE, settings.JOREN_CURRENCY
    )


def test_a_change_keeps_the_rest_of_the_business() -> None:
    services.change_business(name="常連珈琲", currency="JPY")

    services.change_business(simulated=True)

    assert selectors.business() == contracts.Business("常連珈琲", "Asia/Tokyo", "JPY", True)


@pytest.mark.parametrize(
    "change",
    [
        {"time_zone": "Tokyo"}, {"currency": "yen"}, {"profile": "luck"}, {"colour": "green"},
        {"language": "fr"}, {"language": None}, {"time_zone": None}, {"name": None},
    ],
)  # fmt: skip
def test_a_business_that_cannot_be_is_refused(change: dict[str, str | None]) -> None:
    with pytest.raises(BadInput):
        services.change_business(**change)

    assert not models.Business.objects.exists()
