"""The page on which visitors sign up, also inside a page of the shop: no sign-in.

It asks for no script. A visitor is followed by one first-party cookie of chance, and by none where
their browser says that they do not want it; whoever is not followed sees the plain variant.
"""

from __future__ import annotations

import re
import secrets
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt

from joren.act.forms import rules, selectors, services
from joren.act.forms.contracts import (
    FORM_HOURS,
    LEAST_SECONDS,
    Answers,
    BadSignup,
    Content,
    Form,
    FormClosed,
    NoSuchForm,
    Shown,
    Variant,
)
from joren.core.errors import JorenError
from joren.plumbing.http import visitor_of
from joren.plumbing.problems import told

_LANGUAGES: Final = ("ja", "en")
_SALT: Final = "joren.forms.page"
_COOKIE: Final = "joren_form"
_DAYS: Final = 90
_CHANCE: Final = re.compile(r"[0-9a-f]{32}")
_SCRIPT: Final = """(function(){var s=document.currentScript;if(!s)return;
var f=s.getAttribute("data-form"),b=new URL(s.src).origin,n=navigator,v="";
var no=n.doNotTrack==="1"||window.doNotTrack==="1"||n.globalPrivacyControl===true;
if(!no){var m=/(?:^|; )joren_form=([0-9a-f]{32})/.exec(document.cookie);
if(m)v=m[1];else{var a=new Uint8Array(16);crypto.getRandomValues(a);
a.forEach(function(x){v+=("0"+x.toString(16)).slice(-2)});}
document.cookie="joren_form="+v+"; Max-Age=7776000; Path=/; SameSite=Lax"+
(location.protocol==="https:"?"; Secure":"");}
var i=document.createElement("iframe");
i.src=b+"/f/"+encodeURIComponent(f)+"/?embed=1"+(v?"&v="+v:"");
i.title=s.getAttribute("data-title")||"Sign-up";i.loading="lazy";
i.style.cssText="width:100%;border:0;height:420px";
window.addEventListener("message",function(e){
if(e.source!==i.contentWindow||e.origin!==b||!e.data)return;
var h=Number(e.data.jorenFormHeight);if(h>0&&h<5000)i.style.height=Math.ceil(h)+"px";});
s.parentNode.insertBefore(i,s.nextSibling);})();
"""


@login_not_required
def script(_request: HttpRequest) -> HttpResponse:
    """What a page of the shop loads to show a form in its place."""
    answer = HttpResponse(_SCRIPT, content_type="text/javascript; charset=utf-8")
    answer["Cache-Control"] = "public, max-age=3600"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


# Anybody may sign up, so that a forged request could do no more than its sender; one that a browser
# sends from another place is refused by its origin.
@login_not_required
@csrf_exempt
def page(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        form, content = selectors.live_content(slug)
    except (NoSuchForm, FormClosed) as problem:
        return _dressed(
            render(request, "forms/closed.html", {"problem": told(problem)}, status=404)
        )
    language = _language(request, content)
    with translation.override(language):
        if request.method == "POST":
            answer = _posted(request, form, content, language)
        else:
            answer = _looked_at(request, form, content, language)
    answer["Content-Language"] = language
    return _dressed(answer, content.hosts)


def _dressed(answer: HttpResponse, hosts: tuple[str, ...] = ()) -> HttpResponse:
    """Kept by nobody on the way, and framed by nobody but by whom the form names."""
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "strict-origin-when-cross-origin"
    if hosts:
        answer.xframe_options_exempt = True  # read by its middleware
        framed = {"frame-ancestors": ["'self'", *hosts]}
        answer._csp_replace = framed  # type: ignore[attr-defined]  # read by django-csp
    return answer


def _language(request: HttpRequest, content: Content) -> str:
    asked = request.GET.get("lang", "")
    if content.language in _LANGUAGES:
        return content.language
    return asked if asked in _LANGUAGES else translation.get_language() or "ja"


def _looked_at(request: HttpRequest, form: Form, content: Content, language: str) -> HttpResponse:
    visitor, is_new = _visitor(request)
    counts = not rules.is_machine(request.headers.get("User-Agent", "")) and not (
        request.method == "HEAD" or "prefetch" in request.headers.get("Sec-Purpose", "")
    )
    variant = services.show(
        form, content, visitor=visitor, source=visitor_of(request), counts=counts
    )
    shown = Shown(form.live or 0, variant.key, language, visitor)
    answer = render(
        request, "forms/page.html", _page(request, form, content, variant, shown, Answers(""))
    )
    if visitor and is_new and "embed" not in request.GET:
        answer.set_cookie(
            _COOKIE, visitor, max_age=_DAYS * 86_400, path=f"/f/{form.slug}/", httponly=True,
            samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
    return answer


def _posted(request: HttpRequest, form: Form, content: Content, language: str) -> HttpResponse:
    said = _answers(request)
    try:
        shown = _shown(request.POST.get("form", ""), form.slug, language)
        if not _is_from_here(request):
            raise BadSignup("the form was sent from another place", hint="send it once more")
        # A field that no person sees: who fills it in is told that all is well.
        if not request.POST.get("website"):
            services.sign_up(form.slug, said, shown, source=visitor_of(request))
    except JorenError as problem:
        return _again(request, form, content, said, problem, language)
    return render(request, "forms/done.html", {"form": form, "embed": "embed" in request.GET})


def _again(
    request: HttpRequest,
    form: Form,
    content: Content,
    said: Answers,
    problem: JorenError,
    language: str,
) -> HttpResponse:
    """The same page with what was written, and what is wrong."""
    try:
        shown = _shown(request.POST.get("form", ""), form.slug, language, fresh=False)
    except BadSignup:
        shown = Shown(form.live or 0, content.control.key, language)
    if shown.version != form.live:
        content = selectors.version(form.id, shown.version).content
    variant = content.variant(shown.variant)
    context = _page(request, form, content, variant, shown, said)
    context["problem"] = told(problem)
    return render(request, "forms/page.html", context, status=problem.status)


def _page(
    request: HttpRequest,
    form: Form,
    content: Content,
    variant: Variant,
    shown: Shown,
    said: Answers,
) -> dict[str, Any]:
    words = selectors.words(content, variant, form.slug, shown.language)
    seen = (form.slug, shown.version, shown.variant, shown.visitor, words["wording"] or 0)
    token = "|".join(map(str, seen))
    return {
        "form": form,
        "said": said,
        "stamp": signing.TimestampSigner(salt=_SALT).sign(token),
        "embed": "embed" in request.GET,
        "frame_script": static("joren/frame.js"),
        "one_language": content.language in _LANGUAGES,
        **words,
    }


def _visitor(request: HttpRequest) -> tuple[str, bool]:
    """By what they are known again, and whether it is new; "" where they want no following."""
    if request.headers.get("DNT") == "1" or request.headers.get("Sec-GPC") == "1":
        return "", False
    given = request.GET.get("v", "") if "embed" in request.GET else request.COOKIES.get(_COOKIE, "")
    if _CHANCE.fullmatch(given):
        return given, False
    if "embed" in request.GET:
        return "", False  # the page around it says who that is, or that it does not
    return secrets.token_hex(16), True


def _answers(request: HttpRequest) -> Answers:
    sent = request.POST
    month = sent.get("birth_month", "")
    return Answers(
        sent.get("email", ""),
        sent.get("name", ""),
        sent.get("kana", ""),
        int(month) if month.isascii() and month.isdigit() and len(month) < 3 else None,
        sent.get("choice", ""),
        bool(sent.get("agrees")),
    )


def _is_from_here(request: HttpRequest) -> bool:
    """A browser says from which place a form was sent; a program that says none is no browser."""
    origin = request.headers.get("Origin", "")
    here = (request.get_host(), urlsplit(settings.JOREN_URL).netloc)
    return not origin or urlsplit(origin).netloc in here


def _shown(stamp: str, slug: str, language: str, *, fresh: bool = True) -> Shown:
    """What the form says that the visitor saw: it was shown here, not a moment ago, and not days
    ago."""
    signer = signing.TimestampSigner(salt=_SALT)
    try:
        said = signer.unsign(stamp, max_age=FORM_HOURS * 3600)
        of, version, variant, visitor, wording = said.split("|")
    except signing.SignatureExpired:
        raise BadSignup("the form is a day old", hint="send it once more") from None
    except (signing.BadSignature, ValueError):
        raise BadSignup("the form is not ours", hint="send it once more") from None
    if of != slug:
        raise BadSignup("the form is another's", hint="send it once more")
    if fresh and _is_hasty(signer, stamp):
        raise BadSignup("that was faster than anybody writes", hint="send it once more")
    return Shown(int(version), variant, language, visitor, int(wording))


def _is_hasty(signer: signing.TimestampSigner, stamp: str) -> bool:
    try:
        signer.unsign(stamp, max_age=LEAST_SECONDS)
    except signing.SignatureExpired:
        return False
    return True
