"""Sign-in, and the page where an admin says who comes in and whose shop it is."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import available_timezones

from allauth.account.views import LoginView
from axes.decorators import axes_dispatch, axes_form_invalid
from django.conf import settings as of_django
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from joren.accounts import rules, selectors, services
from joren.core.errors import JorenError
from joren.plumbing import problems
from joren.plumbing.access import caller, needs

_PROFILES = ("one_off", "repeat", "subscription", "mixed")


@method_decorator(axes_dispatch, name="dispatch")
@method_decorator(axes_form_invalid, name="form_invalid")
class SignIn(LoginView):  # type: ignore[misc]  # allauth ships no types
    """allauth's sign-in with attempts counted in the database, for all processes together."""


sign_in = SignIn.as_view()


@needs("view_figures")
def settings(request: HttpRequest) -> HttpResponse:
    manages = caller(request).may("manage_members")
    shown = {
        "changes": caller(request).may("change_settings"),
        "manages": manages,
        "zones": sorted(available_timezones()),
        "languages": of_django.LANGUAGES,
        "profiles": _PROFILES,
        "roles": rules.ROLES,
        "scopes": rules.ACTIONS,
        "members": selectors.members() if manages else (),
        "keys": selectors.api_keys() if manages else (),
        # Shown this once: the session forgets it as it is read.
        "issued": request.session.pop("issued_key", "") if manages else "",
    }
    return render(request, "accounts/settings.html", shown)


@needs("change_settings")
@require_POST
def change_business(request: HttpRequest) -> HttpResponse:
    sent = request.POST
    return _carry_out(
        request,
        lambda: services.change_business(
            name=sent.get("name", "").strip(),
            time_zone=sent.get("time_zone", ""),
            currency=sent.get("currency", "").strip().upper() or None,
            profile=sent.get("profile") or None,
            nightly_at=sent.get("nightly_at", ""),
            language=sent.get("language", selectors.business().language),
            by=caller(request).name,
        ),
    )


@needs("manage_members")
@require_POST
def add_member(request: HttpRequest) -> HttpResponse:
    sent = request.POST
    return _carry_out(
        request,
        lambda: services.add_member(
            sent.get("email", ""),
            role=sent.get("role", ""),
            password=sent.get("password", ""),
            name=sent.get("name", "").strip(),
            by=caller(request).name,
        ),
    )


@needs("manage_members")
@require_POST
def change_role(request: HttpRequest, member_id: int) -> HttpResponse:
    role, who = request.POST.get("role", ""), caller(request).name
    return _carry_out(
        request,
        lambda: services.change_role(selectors.member_numbered(member_id).email, role=role, by=who),
    )


@needs("manage_members")
@require_POST
def remove_member(request: HttpRequest, member_id: int) -> HttpResponse:
    who = caller(request).name
    return _carry_out(
        request,
        lambda: services.remove_member(selectors.member_numbered(member_id).email, by=who),
    )


@needs("manage_members")
@require_POST
def issue_key(request: HttpRequest) -> HttpResponse:
    sent = request.POST

    def issue() -> None:
        _, request.session["issued_key"] = services.issue_api_key(
            sent.get("email", ""),
            name=sent.get("name", "").strip(),
            scopes=tuple(sent.getlist("scopes")),
            by=caller(request).name,
        )

    return _carry_out(request, issue)


@needs("manage_members")
@require_POST
def revoke_key(request: HttpRequest, prefix: str) -> HttpResponse:
    return _carry_out(request, lambda: services.revoke_api_key(prefix, by=caller(request).name))


def _carry_out(request: HttpRequest, deed: Callable[[], object]) -> HttpResponse:
    """Do it and show the settings again, with the answer or with the refusal above them."""
    try:
        deed()
    except JorenError as refusal:
        messages.error(request, problems.in_one_line(refusal))
    else:
        messages.success(request, gettext("Saved."))
    return HttpResponseRedirect(reverse("settings"))
