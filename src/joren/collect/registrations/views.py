"""The page on which an owner registers: no sign-in, no cookie, no script."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt

from joren.collect.customers.selectors import stores
from joren.collect.registrations import selectors, services
from joren.collect.registrations.contracts import (
    FORM_HOURS,
    LEAST_SECONDS,
    BadRegistration,
    NoSuchProgramme,
    Owner,
    Proof,
)
from joren.core.errors import JorenError
from joren.plumbing.http import visitor_of
from joren.plumbing.problems import told
from joren.protect.consent import selectors as consents
from joren.protect.consent.contracts import SHOWN, Matter

_LANGUAGES: Final = ("ja", "en")
_ASKED: Final = Matter("email", "marketing")
_SALT: Final = "joren.registrations.form"
_FIELDS: Final = ("number", "shop", "bought_on", "name", "email", "phone")


# Anybody may register, so that a forged request could do no more than its sender.
@login_not_required
@csrf_exempt
def register(request: HttpRequest, slug: str) -> HttpResponse:
    asked = request.GET.get("lang", "")
    language = asked if asked in _LANGUAGES else translation.get_language() or "ja"
    with translation.override(language):
        answer = _answered(request, slug, language)
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _answered(request: HttpRequest, slug: str, language: str) -> HttpResponse:
    try:
        programme = selectors.programme(slug)
        if programme.closed_at is not None:
            raise NoSuchProgramme(f"{slug} takes no more", hint="ask the shop")
    except NoSuchProgramme as problem:
        said_no = {"problem": told(problem)}
        return render(request, "registrations/problem.html", said_no, status=problem.status)
    own = consents.wording(_ASKED, language)
    said = {name: request.POST.get(name, "") for name in _FIELDS}
    if request.method == "GET":
        said["number"] = selectors.serial_behind(slug, request.GET.get("s", ""))
    shown: dict[str, Any] = {
        "programme": programme,
        "said": said,
        "shops": [one.name for one in stores() if one.name != programme.store],
        "agrees": bool(request.POST.get("agrees")),
        "consent": own.text if own else gettext(SHOWN[str(_ASKED)]),
        "form": signing.TimestampSigner(salt=_SALT).sign(slug),
    }
    if request.method != "POST":
        return render(request, "registrations/register.html", shown)
    try:
        again = not _registered(request, slug, said, own.id if own else None)
    except JorenError as problem:
        shown["problem"] = told(problem)
        return render(request, "registrations/register.html", shown, status=problem.status)
    return render(request, "registrations/done.html", {"programme": programme, "again": again})


def _registered(request: HttpRequest, slug: str, said: dict[str, str], wording: int | None) -> bool:
    # A field that no person sees: who fills it in is told that all is well, and nothing is kept.
    if request.POST.get("website"):
        return True
    _refuse_a_machine(request.POST.get("form", ""), slug)
    owner = Owner(
        said["email"], said["name"], said["phone"], bool(request.POST.get("agrees")), wording,
        translation.get_language() or "",
    )  # fmt: skip
    proof = Proof(said["number"], said["shop"], _day(said["bought_on"]))
    return services.register(slug, proof, owner, visitor=visitor_of(request))


def _refuse_a_machine(form: str, slug: str) -> None:
    """The form was shown here, not a moment ago, and not days ago."""
    signer = signing.TimestampSigner(salt=_SALT)
    try:
        if signer.unsign(form, max_age=FORM_HOURS * 3600) != slug:
            raise signing.BadSignature
        signer.unsign(form, max_age=LEAST_SECONDS)
    except signing.SignatureExpired:
        try:
            signer.unsign(form, max_age=FORM_HOURS * 3600)
        except signing.SignatureExpired:
            raise BadRegistration("the form is a day old", hint="send it once more") from None
        return
    except signing.BadSignature:
        raise BadRegistration("the form is not ours", hint="send it once more") from None
    raise BadRegistration("that was faster than anybody writes", hint="send it once more")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
