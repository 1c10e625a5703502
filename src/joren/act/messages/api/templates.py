"""Templates of messages for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router, Schema, Status

from joren.act.messages import selectors, services
from joren.act.messages.contracts import (
    FAULT_WORDS,
    HINT_WORDS,
    Content,
    Fault,
    Hint,
    Rendered,
    Sender,
    Template,
    Text,
    Version,
)
from joren.collect.customers.selectors import customer
from joren.core.errors import BadInput
from joren.core.ids import CustomerId
from joren.plumbing.access import Scope as Needs
from joren.plumbing.access import caller
from joren.plumbing.cursor import by_number, number_in
from joren.plumbing.http import Listing
from joren.protect.audit import services as audit

router = Router()


class TextShape(Schema):
    subject: str
    body: str


class TemplateIn(Schema):
    """``draft``: keep it though it may be broken; what is sent stays as it was."""

    name: str
    kind: Literal["incentive", "brand", "goal_support", "transactional", "thanks"]
    form: Literal["mjml", "html", "text"] = "mjml"
    texts: dict[Literal["ja", "en"], TextShape]
    utm: dict[Literal["source", "medium", "campaign"], str] | None = None
    channel: str = "email"
    draft: bool = False
    why: str = ""


class TemplateOut(Schema):
    id: int
    name: str
    channel: str
    kind: str
    form: str
    texts: dict[str, TextShape]
    utm: dict[str, str]
    version: int
    sendable: int | None
    changed_at: datetime
    archived: bool


class VersionOut(Schema):
    number: int
    name: str
    kind: str
    form: str
    texts: dict[str, TextShape]
    utm: dict[str, str]
    sendable: bool
    changed_at: datetime
    changed_by: str
    why: str


class RenderIn(Schema):
    """Of a template that is kept, or of ``content`` that is not kept yet.

    ``whom``: ``example``, ``nobody`` (all is missing) or a customer's number.
    """

    template: int | None = None
    version: int | None = None
    content: TemplateIn | None = None
    language: Literal["ja", "en"] | None = None
    whom: Literal["example", "nobody"] | int = "example"


class FaultOut(Schema):
    code: str
    words: str
    what: str
    where: str
    language: str
    line: int
    column: int
    grave: bool


class HintOut(Schema):
    code: str
    words: str


class LinkOut(Schema):
    address: str
    tagged: str


class RenderOut(Schema):
    language: str
    subject: str
    html: str | None
    text: str
    size: int
    links: list[LinkOut]
    faults: list[FaultOut]
    hints: list[HintOut]


class SenderShape(Schema):
    name: str
    email: str
    reply_to: str = ""
    postal_address: str = ""


class SenderOut(Schema):
    """``live``: messages leave. Else ``lacks`` says why not: ``sender``, ``smtp``."""

    sender: SenderShape | None
    live: bool
    lacks: list[str]


class RatesOut(Schema):
    """``opened`` decides nothing; ``scanned`` are messages that scanners alone clicked in."""

    sent: int
    hard_bounces: int
    soft_bounces: int
    complaints: int
    opened: int
    clicked: int
    scanned: int


class UnclearOut(Schema):
    id: int
    customer: int
    channel: str
    template: str
    called_at: datetime | None
    reason: str


class SettleIn(Schema):
    """``again``: send them once more, whether or not they arrived."""

    messages: list[int]
    said: Literal["arrived", "again"]


class SettledOut(Schema):
    settled: int


class PaceIn(Schema):
    """``warm_first``: a warm-up begins today with so many messages, and half as many more a day."""

    per_minute: int | None = None
    warm_first: int | None = None


class PaceShape(PaceIn):
    warm_since: date | None


class OutcomeOut(Schema):
    state: str
    provider_id: str
    live: bool


@router.get("/messages/templates", response=Listing[TemplateOut])
def templates(request: HttpRequest, archived: bool = False) -> Any:
    """Templates in use, by name; or those put away."""
    return [_shown(one) for one in selectors.templates(archived=archived)]


@router.post("/messages/templates", response={201: TemplateOut}, auth=Needs("treat"))
def create(request: HttpRequest, body: TemplateIn) -> Any:
    """Keep a new template; a broken one is refused, unless it is a draft."""
    made = services.create(_content(body), by=caller(request).name, draft=body.draft, why=body.why)
    return Status(201, _shown(made))


@router.get("/messages/templates/{number}", response=TemplateOut)
def template(request: HttpRequest, number: int) -> Any:
    """One template by its newest version."""
    return _shown(selectors.template(number))


@router.put("/messages/templates/{number}", response=TemplateOut, auth=Needs("treat"))
def revise(request: HttpRequest, number: int, body: TemplateIn) -> Any:
    """Keep a new version of a template."""
    by = caller(request).name
    return _shown(services.revise(number, _content(body), by=by, draft=body.draft, why=body.why))


@router.post("/messages/templates/{number}/archive", response=TemplateOut, auth=Needs("treat"))
def archive(request: HttpRequest, number: int) -> Any:
    """Put a template away; its versions stay."""
    return _shown(services.archive(number, by=caller(request).name))


@router.post("/messages/templates/{number}/restore", response=TemplateOut, auth=Needs("treat"))
def restore(request: HttpRequest, number: int) -> Any:
    """Take a template back into use."""
    return _shown(services.restore(number, by=caller(request).name))


@router.get("/messages/templates/{number}/versions", response=Listing[VersionOut])
def versions(request: HttpRequest, number: int) -> Any:
    """Every version, newest first, with who saved it and when."""
    selectors.template(number)
    return [_version(one) for one in selectors.versions(number)]


@router.post(
    "/messages/templates/{number}/versions/{version}/restore",
    response=TemplateOut,
    auth=Needs("treat"),
)
def take_back(request: HttpRequest, number: int, version: int) -> Any:
    """Make an older version the newest, as a version of its own."""
    return _shown(services.take_back(number, version, by=caller(request).name))


@router.post("/messages/render", response=RenderOut, auth=Needs("treat"))
def render(request: HttpRequest, body: RenderIn) -> Any:
    """A message as an example, as nobody, or as one customer would get it; nothing is sent."""
    content = _asked(body)
    whom = _whom(request, body.whom)
    found, hints = services.preview(content, language=body.language or "", whom=whom)
    return _rendered(found, hints)


@router.post("/messages/test", response=OutcomeOut, auth=Needs("treat"))
def test(request: HttpRequest, body: RenderIn) -> Any:
    """Send it to the member whose key this is, and to nobody else."""
    outcome = services.send_test(
        _asked(body), language=body.language or "", whom=_whom(request, body.whom),
        by=caller(request).name, template=body.template,
    )  # fmt: skip
    return {
        "state": outcome.state, "provider_id": outcome.provider_id,
        "live": selectors.mode().live,
    }  # fmt: skip


@router.get("/messages/rates", response=RatesOut)
def rates(request: HttpRequest, days: int = 28) -> Any:
    """What came of the mails of the last days."""
    return selectors.rates(min(max(days, 1), 366))


@router.get("/messages/unknown", response=Listing[UnclearOut])
def unknown(request: HttpRequest, after: str = "", limit: int = 200) -> Any:
    """Messages of which nobody knows whether they left, newest first."""
    limit = max(1, min(limit, 1000))
    found = selectors.unclear(before=number_in(after), limit=limit + 1)
    return by_number(found, limit=limit)


@router.post("/messages/unknown/settle", response=SettledOut, auth=Needs("treat"))
def settle(request: HttpRequest, body: SettleIn) -> Any:
    """Say that they arrived, or have them sent again."""
    verb = services.it_arrived if body.said == "arrived" else services.send_again
    return {"settled": verb(body.messages, by=caller(request).name)}


@router.get("/messages/paces", response=dict[str, PaceShape])
def paces(request: HttpRequest) -> Any:
    """How fast messages may leave, by scope."""
    return selectors.paces()


@router.put("/messages/paces/{scope}", response=dict[str, PaceShape], auth=Needs("change_settings"))
def set_pace(request: HttpRequest, scope: str, body: PaceIn) -> Any:
    """Limit everything (`*`), a channel, or a domain of it (`email:gmail.com`); null: no limit."""
    return services.set_pace(
        scope, per_minute=body.per_minute, warm_first=body.warm_first, by=caller(request).name
    )


@router.get("/messages/sender", response=SenderOut)
def sender(request: HttpRequest) -> Any:
    """Whom messages are from, and whether any leave."""
    return _sender()


@router.put("/messages/sender", response=SenderOut, auth=Needs("change_settings"))
def set_sender(request: HttpRequest, body: SenderShape) -> Any:
    """Say whom messages are from."""
    services.set_sender(Sender(**body.dict()), by=caller(request).name)
    return _sender()


def _sender() -> dict[str, Any]:
    mode = selectors.mode()
    return {"sender": selectors.sender(), "live": mode.live, "lacks": list(mode.lacks)}


def _whom(request: HttpRequest, whom: Literal["example", "nobody"] | int) -> Any:
    """A look at one person is written down, by whichever way it is taken."""
    if not isinstance(whom, int):
        return whom
    who = caller(request)
    Needs("view_personal")(request)
    person = customer(CustomerId(whom))
    audit.customer_seen(person.id, actor=who.name)
    return int(person.id)


def _asked(body: RenderIn) -> Content:
    if body.content is not None:
        return _content(body.content)
    if body.template is None:
        raise BadInput("there is nothing to render", hint="name a template, or give content")
    if body.version is not None:
        return selectors.version(body.template, body.version).content
    return selectors.template(body.template).content


def _content(body: TemplateIn) -> Content:
    texts = {str(language): Text(one.subject, one.body) for language, one in body.texts.items()}
    utm = {str(name): value for name, value in (body.utm or {}).items()}
    return Content(body.name.strip(), body.kind, body.form, texts, utm, body.channel)


def _shown(one: Template) -> dict[str, Any]:
    return {
        "id": one.id, **_plain(one.content), "version": one.version, "sendable": one.sendable,
        "changed_at": one.changed_at, "archived": one.archived,
    }  # fmt: skip


def _version(one: Version) -> dict[str, Any]:
    return {
        "number": one.number, **_plain(one.content), "sendable": one.sendable,
        "changed_at": one.changed_at, "changed_by": one.changed_by, "why": one.why,
    }  # fmt: skip


def _plain(content: Content) -> dict[str, Any]:
    return {
        "name": content.name, "channel": content.channel, "kind": content.kind,
        "form": content.form, "texts": content.texts, "utm": content.utm,
    }  # fmt: skip


def _rendered(one: Rendered, hints: list[Hint]) -> dict[str, Any]:
    return {
        "language": one.language, "subject": one.subject, "html": one.html, "text": one.text,
        "size": one.size, "links": one.links, "faults": [_fault(fault) for fault in one.faults],
        "hints": [
            {"code": hint.say, "words": HINT_WORDS[hint.say].format(hint.what)} for hint in hints
        ],
    }  # fmt: skip


def _fault(one: Fault) -> dict[str, Any]:
    return {
        "code": one.say, "words": FAULT_WORDS[one.say].format(one.what), "what": one.what,
        "where": one.where, "language": one.language, "line": one.line, "column": one.column,
        "grave": one.grave,
    }  # fmt: skip
