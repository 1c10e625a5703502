"""Sign-up forms, for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from joren.act.forms import rules, selectors, services
from joren.act.forms.contracts import Answers, Asks, Form, Shown, Speech, State
from joren.plumbing.access import Scope, caller
from joren.plumbing.http import Listing

router = Router()


class FormVariant(Schema):
    """``key`` is a letter; ``share`` of all shares see it; ``plain`` is what the others are
    measured against. In ``body`` empty lines part paragraphs, and a dash begins an item."""

    key: str
    name: str = ""
    share: int = 1
    title: str
    body: str = ""
    button: str = ""
    plain: bool = False


class FormContent(Schema):
    """``asks`` by ``name``, ``kana``, ``birth_month``, ``choice``. ``hosts`` may embed the form."""

    variants: list[FormVariant]
    asks: dict[str, Asks] = Field(default_factory=dict)
    question: str = ""
    options: list[str] = Field(default_factory=list)
    consent: str = ""
    thanks: str = ""
    gift: str = ""
    language: Speech = "auto"
    hosts: list[str] = Field(default_factory=list)


class FormOut(Schema):
    """``version`` is the newest; visitors see ``live``."""

    id: int
    slug: str
    name: str
    store: str
    state: State
    version: int
    live: int | None
    round: int
    round_at: datetime | None
    made_at: datetime
    changed_at: datetime
    address: str
    snippet: str
    content: FormContent


class FormIn(Schema):
    slug: str
    name: str
    store: str
    content: FormContent


class ReadyFormIn(Schema):
    slug: str
    store: str
    language: Speech = "ja"


class FormChange(Schema):
    content: FormContent
    name: str = ""
    why: str = ""


class SignupIn(Schema):
    """``agrees`` must be true: the program has shown the wording of the form."""

    email: str
    name: str = ""
    kana: str = ""
    birth_month: int | None = None
    choice: str = ""
    agrees: bool = False
    language: Speech = "ja"
    variant: str = ""


class SignedUpOut(Schema):
    new: bool


class FormShareOut(Schema):
    """A share with its 95 % interval; null where nobody was there."""

    hits: int
    n: int
    share: float | None
    low: float | None
    high: float | None


class FormEffectOut(Schema):
    """The difference to the control. ``too_small``: nothing can be read from it yet."""

    estimate: float | None
    low: float | None
    high: float | None
    level: float
    verdict: str


class FormFigureOut(Schema):
    figure: str
    of: FormShareOut
    beside_control: FormEffectOut | None


class FormArmOut(Schema):
    variant: str
    name: str
    control: bool
    visitors: int
    thin: bool
    figures: list[FormFigureOut]


class FormResultsOut(Schema):
    """``broken``: the arms have not the planned sizes (SRM), so that no effect may be read."""

    round: int
    since: datetime | None
    orders_until: date | None
    broken: bool
    p: float | None
    unfollowed: int
    by_program: int
    arms: list[FormArmOut]


@router.get("", response=Listing[FormOut])
def forms(request: HttpRequest, archived: bool = False) -> Any:
    return [_out(one) for one in selectors.forms(archived=archived)]


@router.post("", response={201: FormOut}, auth=Scope("treat"))
def create_form(request: HttpRequest, body: FormIn) -> Any:
    """Keep a new form as a draft."""
    content = rules.read(body.content.dict())
    made = services.create(body.slug, body.name, content, store=body.store, by=caller(request).name)
    return Status(201, _out(made))


@router.post("/ready-made/{key}", response={201: FormOut}, auth=Scope("treat"))
def create_ready_made_form(request: HttpRequest, key: str, body: ReadyFormIn) -> Any:
    """A draft from a form that joren brings: ``story`` or ``value``."""
    made = services.begin_ready_made(
        key, slug=body.slug, store=body.store, language=body.language, by=caller(request).name
    )
    return Status(201, _out(made))


@router.get("/{slug}", response=FormOut)
def form(request: HttpRequest, slug: str) -> Any:
    return _out(selectors.form(slug))


@router.put("/{slug}", response=FormOut, auth=Scope("treat"))
def revise_form(request: HttpRequest, slug: str, body: FormChange) -> Any:
    """Keep a new version, which visitors see once it is published."""
    content = rules.read(body.content.dict())
    by = caller(request).name
    return _out(services.revise(slug, content, by=by, name=body.name, why=body.why))


@router.post("/{slug}/publish", response=FormOut, auth=Scope("treat"))
def publish_form(request: HttpRequest, slug: str) -> Any:
    """Show the newest version; other variants begin another round of the comparison."""
    return _out(services.publish(slug, by=caller(request).name))


@router.post("/{slug}/pause", response=FormOut, auth=Scope("treat"))
def pause_form(request: HttpRequest, slug: str) -> Any:
    return _out(services.pause(slug, by=caller(request).name))


@router.delete("/{slug}", response=FormOut, auth=Scope("treat"))
def archive_form(request: HttpRequest, slug: str) -> Any:
    """Put it away; its results stay."""
    return _out(services.archive(slug, by=caller(request).name))


@router.get("/{slug}/results", response=FormResultsOut)
def form_results(request: HttpRequest, slug: str, round: int | None = None) -> Any:
    """What each variant brought, with intervals; the present round where none is named."""
    found = selectors.results(selectors.form(slug).id, round_number=round)
    return rules.plainly(found)


@router.post("/{slug}/signups", response=SignedUpOut, auth=Scope("import"))
def sign_up(request: HttpRequest, slug: str, body: SignupIn) -> Any:
    """Somebody signed up in a program of the shop; the confirmation is asked by mail."""
    found = selectors.form(slug)
    answers = Answers(body.email, body.name, body.kana, body.birth_month, body.choice, body.agrees)
    language = body.language if body.language != "auto" else "ja"
    shown = Shown(found.live or 0, body.variant, language)
    return {"new": services.sign_up(slug, answers, shown)}


def _out(one: Form) -> dict[str, Any]:
    return {
        **asdict(one),
        "content": rules.plain(one.content),
        "address": selectors.address_of(one.slug),
        "snippet": selectors.snippet_of(one.slug),
    }
