"""The team for programs."""

# ruff: noqa: ARG001 (ninja hands the request to every operation)

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema, Status

from joren.accounts import selectors as accounts
from joren.act.deliveries.contracts import Pause, Pending
from joren.core import clock
from joren.measure.team import selectors, services
from joren.measure.team.contracts import (
    Decided,
    DecisionKind,
    Deserved,
    Meeting,
    MeetingText,
    Notice,
    NoticeChoice,
    Praise,
    TeamAction,
    Trained,
    Training,
    TrainingText,
)
from joren.plumbing.access import NotAllowed, Scope, caller
from joren.plumbing.http import Listing

router = Router()


class PartsIn(Schema):
    """Members by number, one at most as owner and decider; null leaves a part as it is."""

    owner: list[int] | None = None
    decider: list[int] | None = None
    consulted: list[int] | None = None
    informed: list[int] | None = None


class PraiseIn(Schema):
    """``source`` is effect (``key``: a holdout) or tuning (a decision's number); "" by hand."""

    member: int
    what: str
    why: str = ""
    on: date | None = None
    source: str = ""
    key: str = ""


class MeetingIn(Schema):
    """``present`` are members by number."""

    held_on: date
    title: str
    notes: str
    present: tuple[int, ...] = ()


class TrainingIn(Schema):
    """``member`` by number, ``practice`` by key; ``evidence`` is a link, a certificate, a score."""

    member: int
    what: str
    on: date
    minutes: int
    evidence: str = ""
    practice: str = ""


class NoticePauseIn(Schema):
    """``until`` is its last day; ``then`` what becomes of what waited when that is over."""

    why: str
    until: date | None = None
    then: Pending = "digest"


class NoticeResumeIn(Schema):
    """What becomes of what waited: one message with all of it, or nothing."""

    pending: Pending


class NoticeChoiceIn(Schema):
    topics: list[str]
    language: str = "ja"


@router.get("/team/actions", response=Listing[TeamAction])
def actions(request: HttpRequest) -> Any:
    """Every action, and who answers for it, decides, is asked before, is told after."""
    return selectors.actions()


@router.put("/team/actions/{kind}/{key}", response=TeamAction, auth=Scope("treat"))
def share_out(request: HttpRequest, kind: str, key: str, body: PartsIn) -> Any:
    """Say who has which part; a part that is not named stays as it is."""
    parts = {duty: members for duty, members in body.dict().items() if members is not None}
    return services.share_out(kind, key, parts, by=caller(request).name)


@router.get("/team/decisions", response=Listing[Decided])
def decisions(
    request: HttpRequest,
    words: str = "",
    kind: DecisionKind | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Any:
    """Everything that was decided, with its reason, newest first. ``words``: each of them somewhere
    in what it is about, the reason, or who decided."""
    return selectors.decisions(words=words, kind=kind or "", since=since, until=until)


@router.get("/team/praises", response=Listing[Praise])
def praises(request: HttpRequest) -> Any:
    """Who did what well, newest first."""
    return selectors.praises()


@router.get("/team/praises/deserved", response=Listing[Deserved])
def deserved(request: HttpRequest) -> Any:
    """Proven gains and decisions that did what was expected, for which nobody was thanked yet."""
    return selectors.deserved()


@router.post("/team/praises", response={201: Praise}, auth=Scope("treat"))
def thank(request: HttpRequest, body: PraiseIn) -> Any:
    """Write down who did what well; for one result a person is thanked once."""
    return Status(201, services.thank(by=caller(request).name, **body.dict()))


@router.delete("/team/praises/{number}", response={204: None}, auth=Scope("treat"))
def take_back_praise(request: HttpRequest, number: int) -> Any:
    """It was written down by mistake."""
    services.take_back_praise(number, by=caller(request).name)
    return Status(204, None)


@router.get("/team/trainings", response=Listing[Training])
def trainings(request: HttpRequest, member: int | None = None) -> Any:
    """Who learned what, newest first."""
    return selectors.trainings(member=member)


@router.get("/team/trained", response=Listing[Trained])
def trained(request: HttpRequest) -> Any:
    """How much every member learned in a year, who learned least first."""
    return selectors.trained(until=clock.shop_day(clock.now(), accounts.business().time_zone))


@router.post("/team/trainings", response={201: Training}, auth=Scope("treat"))
def train(request: HttpRequest, body: TrainingIn) -> Any:
    """Write down what somebody learned."""
    return Status(201, services.train(TrainingText(**body.dict()), by=caller(request).name))


@router.delete("/team/trainings/{number}", response={204: None}, auth=Scope("treat"))
def take_back_training(request: HttpRequest, number: int) -> Any:
    """It was written down by mistake."""
    services.take_back_training(number, by=caller(request).name)
    return Status(204, None)


@router.get("/team/meetings", response=Listing[Meeting])
def meetings(request: HttpRequest) -> Any:
    """Notes of meetings, newest first; those of monthly reviews stand with the reviews."""
    return selectors.meetings()


@router.post("/team/meetings", response={201: Meeting}, auth=Scope("treat"))
def keep_meeting(request: HttpRequest, body: MeetingIn) -> Any:
    """Keep what was said."""
    return Status(201, services.keep_meeting(_text(body), by=caller(request).name))


@router.put("/team/meetings/{number}", response=Meeting, auth=Scope("treat"))
def change_meeting(request: HttpRequest, number: int, body: MeetingIn) -> Any:
    """Say all of it anew."""
    return services.keep_meeting(_text(body), number=number, by=caller(request).name)


@router.delete("/team/meetings/{number}", response={204: None}, auth=Scope("treat"))
def forget_meeting(request: HttpRequest, number: int) -> Any:
    """Take the notes away."""
    services.forget_meeting(number, by=caller(request).name)
    return Status(204, None)


@router.get("/team/notices", response=Listing[Notice])
def notices(request: HttpRequest) -> Any:
    """What people were told of, newest first."""
    return selectors.notices()


@router.get("/team/notices/pauses", response=Listing[Pause])
def pauses(request: HttpRequest) -> Any:
    """When nobody was told anything by mail or in chat rooms, newest first; one that goes on has no
    ``ended_at``, and says how many mails and chat messages wait."""
    return selectors.pauses()


@router.post("/team/notices/pauses", response={201: Pause}, auth=Scope("change_settings"))
def pause(request: HttpRequest, body: NoticePauseIn) -> Any:
    """Tell nobody anything; what there is to tell is kept."""
    return Status(201, services.pause_notices(**body.dict(), by=caller(request).name))


@router.post("/team/notices/resume", response=Pause, auth=Scope("change_settings"))
def resume(request: HttpRequest, body: NoticeResumeIn) -> Any:
    """Tell people again: what waited in one message to each, or not at all."""
    return services.resume_notices(body.pending, by=caller(request).name)


@router.get("/team/members/{number}/notices", response=NoticeChoice)
def notice_choice(request: HttpRequest, number: int) -> Any:
    """Of what a member is told by mail: one's own, or anybody's for who manages members."""
    _refuse_others(request, number)
    return selectors.choice(number)


@router.put("/team/members/{number}/notices", response=NoticeChoice, auth=Scope("treat"))
def choose(request: HttpRequest, number: int, body: NoticeChoiceIn) -> Any:
    """Choose the topics that one is told of; none switches all off."""
    _refuse_others(request, number)
    return services.choose(
        number, topics=body.topics, language=body.language, by=caller(request).name
    )


def _refuse_others(request: HttpRequest, number: int) -> None:
    who = caller(request)
    if accounts.member_behind(who.name) != number and not who.may("manage_members"):
        raise NotAllowed("these notices are somebody else's", hint="choose your own")


def _text(body: MeetingIn) -> MeetingText:
    return MeetingText(body.held_on, body.title, body.notes, body.present)
