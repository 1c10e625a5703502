"""Addresses of sign-in: allauth's, without the doors by which people would let themselves in."""

from __future__ import annotations

from allauth.account import views as allauth
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from joren.accounts.views import sign_in


@login_not_required
def closed(request: HttpRequest) -> HttpResponse:
    """Members and their addresses are an admin's affair, and joren mails no password."""
    raise Http404(request.path)


urlpatterns = [
    path("login/", sign_in, name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("password/change/", allauth.password_change, name="account_change_password"),
    path("reauthenticate/", allauth.reauthenticate, name="account_reauthenticate"),
    path("2fa/", include("allauth.mfa.urls")),
    # allauth's views ask for these names.
    path("signup/", closed, name="account_signup"),
    path("email/", closed, name="account_email"),
    path("email/sent/", closed, name="account_email_verification_sent"),
    path("password/set/", closed, name="account_set_password"),
    path("password/reset/", closed, name="account_reset_password"),
]
